/* SPDX-License-Identifier: BSD-2-Clause */
/* Without memory nothing is verified, and nothing is half-written: whatever piece is missing, the answer is
 * no. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jose/jws.h"
#include "unit/failing_memory.h"
#include "unit/signed_token.h"
#include "json/json.h"

static char *token, *jwk;

static int make_token(void **state)
{
    EVP_PKEY *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    (void)state;
    token = signed_token(ed, "{\"alg\":\"EdDSA\",\"kid\":\"ed\"}", "payload");
    jwk = ed25519_jwk(ed, ",\"kid\":\"ed\",\"alg\":\"EdDSA\"");
    EVP_PKEY_free(ed);
    return 0;
}

static int free_token(void **state)
{
    (void)state;
    free(token);
    free(jwk);
    return 0;
}

static void verify_once(void)
{
    static char eddsa[] = "EdDSA";
    static char *const allowed[] = {eddsa, NULL};
    char text[512];
    const int length = snprintf(text, sizeof text, "{\"keys\":[%s]}", jwk);
    struct jwk_set *keys AUTO_JWK_SET = jwk_set_parse(text, (size_t)length);
    struct jws *jws AUTO_JWS = NULL;
    const enum reason reason = keys ? jws_parse(token, strlen(token), &jws) : REASON_INTERNAL;
    const bool is_taken = reason == REASON_OK && jws_verify(jws, keys, allowed) == REASON_OK;

    assert_int_equal(is_taken, !memory.came);
    assert_int_equal(jws != NULL, reason == REASON_OK);
}

static void a_signature_is_good_only_with_all_the_memory_it_takes(void **state)
{
    (void)state;
    fail_each(verify_once);
}

static void parse_an_unfit_key_once(void)
{
    static const char text[] = "{\"keys\":[{\"kty\":\"XYZ\",\"kid\":\"other\"},{\"kty\":\"XYZ\"}]}";
    struct jwk_set *keys AUTO_JWK_SET = jwk_set_parse(text, sizeof text - 1);

    if (keys)
        assert_true(jwk_set_has_unfit(keys, "other"));
    else
        assert_true(memory.came);
}

static void a_key_that_is_unfit_is_known_as_that_or_there_is_no_set(void **state)
{
    (void)state;
    fail_each(parse_an_unfit_key_once);
}

static void parse_a_key_once(void)
{
    struct json_document *document AUTO_JSON = json_parse(jwk, strlen(jwk));
    const char *why = "kept";
    struct jwk *key = jwk_parse(json_top(document), &why);

    assert_int_equal(key != NULL, !memory.came);
    if (key) {
        assert_string_equal(jwk_kid(key), "ed");
        assert_string_equal(jwk_alg(key), "EdDSA");
        assert_string_equal(why, "kept");
    }
    jwk_free(key);
}

static void a_key_is_whole_or_none(void **state)
{
    (void)state;
    fail_each(parse_a_key_once);
}

static void build_once(void)
{
    static char one[] = "one", two[] = "two";
    static char *const words[] = {one, two, NULL};
    struct json_document *document AUTO_JSON = json_new(), *inner AUTO_JSON = json_new();
    char *text AUTO_FREE = NULL;
    const bool is_built = document && inner && json_add_string(inner, "s", "text") &&
                          json_add_string(document, "null", NULL) && json_add_integer(document, "n", 5) &&
                          json_add_boolean(document, "b", true) && json_add_strings(document, "l", words) &&
                          json_add_object(document, "o", json_top(inner)) &&
                          json_add_object(document, "e", NULL);

    if (is_built)
        text = json_print(json_top(document));
    assert_int_equal(text != NULL, !memory.came);
    if (text)
        assert_string_equal(
            text, "{\"null\":null,\"n\":5,\"b\":true,\"l\":[\"one\",\"two\"],\"o\":{\"s\":\"text\"},"
                  "\"e\":{}}");
}

static void a_document_is_built_whole_or_it_is_told(void **state)
{
    (void)state;
    fail_each(build_once);
}

static void find_once(void)
{
    static const char text[] = "{\"a\":{\"b\":{\"c\":1}}}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));

    const bool is_found = json_get_path(json_top(document), "a.b.c");

    assert_int_equal(is_found, !memory.came);
}

static void a_path_that_could_not_be_followed_leads_nowhere(void **state)
{
    (void)state;
    fail_each(find_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_is_good_only_with_all_the_memory_it_takes),
        cmocka_unit_test(a_key_that_is_unfit_is_known_as_that_or_there_is_no_set),
        cmocka_unit_test(a_key_is_whole_or_none),
        cmocka_unit_test(a_document_is_built_whole_or_it_is_told),
        cmocka_unit_test(a_path_that_could_not_be_followed_leads_nowhere),
    };

    return cmocka_run_group_tests(tests, make_token, free_token);
}
