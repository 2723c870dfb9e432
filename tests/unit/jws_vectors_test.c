/* SPDX-License-Identifier: BSD-2-Clause */
/* Every vector of tests/data/jose (made by tests/data/make_vectors) as a test of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "jose/jwk.h"
#include "oidc/id_token.h"
#include "json/json.h"

#define FOLDER      "tests/data/jose"
#define VECTORS_MAX 2000
#define ALGS_MAX    16

struct vector {
    const struct json_value *value, *jwks;
};

static char *read_file(const char *path, size_t *ret_length)
{
    FILE *file AUTO_FCLOSE = fopen(path, "re");
    char *text = NULL;
    size_t size = 0;
    ssize_t length;

    assert_non_null(file);
    length = getdelim(&text, &size, '\0', file);
    assert_true(length > 0);
    *ret_length = (size_t)length;
    return text;
}

static const char *string_of(const struct json_value *object, const char *name)
{
    const char *string = NULL;

    assert_true(json_string(json_get(object, name), &string, NULL));
    return string;
}

static void gives_what_is_expected(void **state)
{
    const struct vector *vector = *state;
    const char *token = string_of(vector->value, "token");
    const char *jwks = string_of(vector->jwks, string_of(vector->value, "jwks"));
    struct jwk_set *keys AUTO_JWK_SET = jwk_set_parse(jwks, strlen(jwks));
    struct json_document *claims AUTO_JSON = NULL;
    const struct json_value *algs = json_get(vector->value, "algs");
    char *allowed[ALGS_MAX + 1] = {NULL};
    struct id_token_terms terms = {
        .issuer = "https://idp.example",
        .client_id = "client",
        .nonce = "n-0S6_WzA2Mj",
        .signing_algs = allowed,
        .now = 1700000000,
    };
    enum reason reason = REASON_KEYS_INVALID;

    assert_true(json_array_length(algs) <= ALGS_MAX);
    for (size_t i = 0; i < json_array_length(algs); i++) {
        const char *alg;

        assert_true(json_string(json_array_at(algs, i), &alg, NULL));
        allowed[i] = strdup(alg);
    }
    if (keys)
        reason = id_token_verify(token, strlen(token), keys, &terms, &claims);
    for (size_t i = 0; allowed[i]; i++)
        free(allowed[i]);
    assert_string_equal(reason_code(reason), string_of(vector->value, "expect"));
    assert_int_equal(claims != NULL, reason == REASON_OK);
}

/* Adds the vectors of one file to the tests; they point into the document. */
static size_t add_vectors(const struct json_document *document, struct CMUnitTest *tests, size_t count)
{
    static struct vector vectors[VECTORS_MAX];
    const struct json_value *list = json_get(json_top(document), "vectors");

    assert_true(json_array_length(list) > 0);
    assert_true(json_array_length(list) <= VECTORS_MAX - count);
    for (size_t i = 0; i < json_array_length(list); i++, count++) {
        vectors[count] = (struct vector){json_array_at(list, i), json_get(json_top(document), "jwks")};
        tests[count] = (struct CMUnitTest){.name = string_of(vectors[count].value, "name"),
                                           .test_func = gives_what_is_expected,
                                           .initial_state = &vectors[count]};
    }
    return count;
}

int main(void)
{
    static const char *const files[] = {"algorithms", "signatures", "macs", "headers", "keys", "claims"};
    static struct CMUnitTest tests[VECTORS_MAX];
    struct json_document *documents[sizeof files / sizeof files[0]];
    size_t count = 0;
    int failed;

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        char path[64];
        size_t length;
        char *text AUTO_FREE = NULL;

        (void)snprintf(path, sizeof path, FOLDER "/%s.json", files[i]);
        text = read_file(path, &length);
        documents[i] = json_parse(text, length);
        count = add_vectors(documents[i], tests, count);
    }
    failed = _cmocka_run_group_tests("jws_vectors", tests, count, NULL, NULL);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++)
        json_free(documents[i]);
    return failed;
}
