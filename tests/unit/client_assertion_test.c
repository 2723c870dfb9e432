/* SPDX-License-Identifier: BSD-2-Clause */
/* What an assertion says, and with which algorithm. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "jose/jws.h"
#include "oidc/client_assertion.h"
#include "unit/pem_key.h"

#define AUDIENCE "https://id.example.org/token"

static struct secret secret_of(struct pem_key *key)
{
    return (struct secret){.bytes = key->text, .length = strlen(key->text)};
}

static const char *alg_with(struct pem_key *key, enum client_signing_alg configured, const char *listed)
{
    const struct secret secret = secret_of(key);
    AUTO_JSON struct json_document *document = json_parse(listed, strlen(listed));
    const struct discovery discovery = {.client_signing_algs = json_get(json_top(document), "algs")};

    return client_assertion_alg(configured, &secret, &discovery);
}

static void the_algorithm_follows_key_setting_and_server(void **state)
{
    AUTO_PEM_KEY struct pem_key rsa = pem_key_of(EVP_RSA_gen(2048), NULL);
    AUTO_PEM_KEY struct pem_key p256 = pem_key_of(EVP_EC_gen("P-256"), NULL);

    (void)state;
    assert_string_equal(alg_with(&rsa, CLIENT_SIGNING_AUTO, "{}"), "RS256");
    assert_string_equal(alg_with(&rsa, CLIENT_SIGNING_AUTO, "{\"algs\":[\"ES256\"]}"), "RS256");
    assert_string_equal(alg_with(&rsa, CLIENT_SIGNING_AUTO, "{\"algs\":[\"PS256\",\"RS256\"]}"), "RS256");
    assert_string_equal(alg_with(&rsa, CLIENT_SIGNING_AUTO, "{\"algs\":[\"ES256\",\"PS256\"]}"), "PS256");
    assert_string_equal(alg_with(&rsa, CLIENT_SIGNING_PS256, "{\"algs\":[\"RS256\"]}"), "PS256");
    assert_string_equal(alg_with(&p256, CLIENT_SIGNING_AUTO, "{\"algs\":[\"RS256\"]}"), "ES256");
    assert_null(alg_with(&p256, CLIENT_SIGNING_RS256, "{}"));
    assert_null(alg_with(&rsa, CLIENT_SIGNING_ES256, "{}"));
}

static void assert_member(const struct json_value *claims, const char *name, const char *wanted)
{
    if (!json_string_is(json_get(claims, name), wanted))
        fail_msg("%s is not %s", name, wanted);
}

static int64_t time_of(const struct json_value *claims, const char *name)
{
    int64_t value;

    assert_true(json_integer(json_get(claims, name), &value));
    return value;
}

static void an_assertion_names_the_client_the_server_and_a_short_life(void **state)
{
    AUTO_PEM_KEY struct pem_key key = pem_key_of(EVP_EC_gen("P-256"), NULL);
    const struct secret secret = secret_of(&key);
    const struct device_client client = {.client_id = "kiosk \"é",
                                         .secret = &secret,
                                         .signing_alg = "ES256",
                                         .key_id = "k-1",
                                         .assertion_audience = AUDIENCE};
    const int64_t before = time(NULL);
    AUTO_FREE char *token = client_assertion_new(&client);
    struct jws *jws AUTO_JWS = NULL;
    AUTO_JSON struct json_document *document = NULL;
    const struct json_value *claims;
    const unsigned char *payload;
    size_t length;

    (void)state;
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    assert_string_equal(jws_alg(jws), "ES256");
    assert_string_equal(jws_kid(jws), "k-1");
    assert_string_equal(jws_typ(jws), "JWT");
    payload = jws_payload(jws, &length);
    document = json_parse((const char *)payload, length);
    claims = json_top(document);
    assert_member(claims, "iss", "kiosk \"é");
    assert_member(claims, "sub", "kiosk \"é");
    assert_member(claims, "aud", AUDIENCE);
    assert_true(time_of(claims, "iat") >= before && time_of(claims, "iat") <= time(NULL));
    assert_int_equal(time_of(claims, "exp") - time_of(claims, "iat"), CLIENT_ASSERTION_LIFE_S);
}

static void no_two_assertions_have_one_jti(void **state)
{
    AUTO_PEM_KEY struct pem_key key = pem_key_of(EVP_EC_gen("P-256"), NULL);
    const struct secret secret = secret_of(&key);
    const struct device_client client = {
        .client_id = "kiosk", .secret = &secret, .signing_alg = "ES256", .assertion_audience = AUDIENCE};
    char seen[2][64] = {"", ""};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        AUTO_FREE char *token = client_assertion_new(&client);
        struct jws *jws AUTO_JWS = NULL;
        AUTO_JSON struct json_document *document = NULL;
        const unsigned char *payload;
        const char *jti;
        size_t length;

        assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
        assert_null(jws_kid(jws));
        payload = jws_payload(jws, &length);
        document = json_parse((const char *)payload, length);
        assert_true(json_string(json_get(json_top(document), "jti"), &jti, &length));
        assert_int_equal(length, 22);
        memcpy(seen[i], jti, length + 1);
    }
    assert_string_not_equal(seen[0], seen[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_algorithm_follows_key_setting_and_server),
        cmocka_unit_test(an_assertion_names_the_client_the_server_and_a_short_life),
        cmocka_unit_test(no_two_assertions_have_one_jti),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
