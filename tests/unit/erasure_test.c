/* SPDX-License-Identifier: BSD-2-Clause */
/* What held a token or a claim is zero when it is given back: looked at in the moment it is freed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <json-c/json.h>

#include "jose/jws.h"
#include "jose/signature.h"
#include "unit/signed_token.h"
#include "json/json.h"

static struct {
    const char *at[8];
    size_t length[8], count, freed;
} watched;

static void watch(const void *at, size_t length)
{
    watched.at[watched.count] = at;
    watched.length[watched.count++] = length;
}

static void look(void)
{
    for (size_t i = 0; i < watched.count; i++)
        for (size_t j = 0; j < watched.length[i]; j++)
            assert_int_equal(watched.at[i][j], 0);
    watched.freed += watched.count;
    watched.count = 0;
}

int __real_json_object_put(struct json_object *object);
int __wrap_json_object_put(struct json_object *object);
void __real_json_tokener_free(struct json_tokener *tokener);
void __wrap_json_tokener_free(struct json_tokener *tokener);
void __real_free(void *memory);
void __wrap_free(void *memory);

int __wrap_json_object_put(struct json_object *object)
{
    look();
    return __real_json_object_put(object);
}

static size_t tokeners;

void __wrap_json_tokener_free(struct json_tokener *tokener)
{
    for (int i = 0; i < tokener->pb->size; i++)
        assert_int_equal(tokener->pb->buf[i], 0);
    tokeners++;
    __real_json_tokener_free(tokener);
}

void __wrap_free(void *memory)
{
    for (size_t i = 0; i < watched.count; i++)
        if (memory && watched.at[i] == memory) {
            for (size_t j = 0; j < watched.length[i]; j++)
                assert_int_equal(watched.at[i][j], 0);
            watched.at[i] = watched.at[--watched.count];
            watched.length[i] = watched.length[watched.count];
            watched.freed++;
        }
    __real_free(memory);
}

static void watch_string(const struct json_value *value)
{
    const char *string;
    size_t length;

    assert_true(json_string(value, &string, &length));
    watch(string, length);
}

static void strings_of_a_document_are_erased_however_deep(void **state)
{
    static const char text[] = "{\"a\":\"secret of the first rank, longer than what json-c keeps in place\","
                               "\"b\":[5,\"secret in a list\",{\"c\":\"secret in an object in a list\"}],"
                               "\"d\":{\"e\":[\"secret in a list in an object\"]}}";
    struct json_document *document = json_parse(text, strlen(text));
    const struct json_value *top = json_top(document);

    (void)state;
    watched.freed = 0;
    watch_string(json_get(top, "a"));
    watch_string(json_array_at(json_get(top, "b"), 1));
    watch_string(json_get(json_array_at(json_get(top, "b"), 2), "c"));
    watch_string(json_array_at(json_get_path(top, "d.e"), 0));
    json_free(document);
    assert_int_equal(watched.freed, 4);
}

static void what_the_parser_kept_is_erased_too(void **state)
{
    static const char good[] = "{\"token\":\"secret\"}", bad[] = "{\"token\":\"secret\",}";
    struct json_document *document AUTO_JSON = NULL;

    (void)state;
    tokeners = 0;
    document = json_parse(good, strlen(good));
    assert_non_null(document);
    assert_null(json_parse(bad, strlen(bad)));
    assert_int_equal(tokeners, 2);
}

static void a_token_taken_apart_is_erased_in_all_its_parts(void **state)
{
    EVP_PKEY *ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    char *token AUTO_FREE = signed_token(ed, "{\"alg\":\"EdDSA\"}", "payload");
    struct jws *jws = NULL;
    struct signed_bytes what;
    const unsigned char *payload;
    size_t length;

    (void)state;
    EVP_PKEY_free(ed);
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    watched.freed = 0;
    jws_signed_bytes(jws, &what);
    watch(what.bytes, strlen((const char *)what.bytes));
    watch(what.signature, what.signature_length);
    payload = jws_payload(jws, &length);
    watch(payload, length);
    jws_free(jws);
    assert_int_equal(watched.freed, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_of_a_document_are_erased_however_deep),
        cmocka_unit_test(what_the_parser_kept_is_erased_too),
        cmocka_unit_test(a_token_taken_apart_is_erased_in_all_its_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
