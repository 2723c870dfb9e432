/* SPDX-License-Identifier: BSD-2-Clause */
/* Each claim of an ID token but its times, and the tokens that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/id_token_stage.h"

static void a_good_token_gives_its_claims(void **state)
{
    const struct id_token_terms terms = terms_of_a_sign_in();
    char *payload AUTO_FREE = claims_with("name", "\"name\":\"Ana\"");
    char *token AUTO_FREE = signed_token(ed, "{\"alg\":\"EdDSA\"}", payload);
    char *jwk AUTO_FREE = ed25519_jwk(ed, "");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);
    struct json_document *claims AUTO_JSON = NULL;

    (void)state;
    assert_int_equal(id_token_verify(token, strlen(token), keys, &terms, &claims), REASON_OK);
    assert_true(json_string_is(json_get(json_top(claims), "name"), "Ana"));
    assert_true(json_string_is(json_get(json_top(claims), "sub"), "248289761001"));
}

static void iss_is_compared_octet_for_octet(void **state)
{
    (void)state;
    RUN("iss", {"\"iss\":\"https:\\/\\/idp.example\\/tenant\"", REASON_OK},
        {"\"iss\":\"https://idp.example/tenant1\"", REASON_CLAIM_ISS},
        {"\"iss\":\"https://idp.example/tenan\"", REASON_CLAIM_ISS},
        {"\"iss\":\"https://idp.example/tenant/\"", REASON_CLAIM_ISS},
        {"\"iss\":\"https://idp.example/Tenant\"", REASON_CLAIM_ISS},
        {"\"iss\":\"https://IDP.example/tenant\"", REASON_CLAIM_ISS},
        {"\"iss\":\"http://idp.example/tenant\"", REASON_CLAIM_ISS},
        {"\"iss\":\"https://idp.example:443/tenant\"", REASON_CLAIM_ISS},
        {"\"iss\":\"https://idp.example/%74enant\"", REASON_CLAIM_ISS},
        {"\"iss\":[\"https://idp.example/tenant\"]", REASON_CLAIM_ISS}, {"\"iss\":\"\"", REASON_CLAIM_ISS},
        {"\"iss\":null", REASON_CLAIM_ISS}, {"\"iss\":1", REASON_CLAIM_ISS}, {"", REASON_CLAIM_ISS});
}

static void sub_is_printable_and_of_255_bytes_at_most(void **state)
{
    char longest[ID_TOKEN_SUB_MAX + 2], member[sizeof longest + 16];

    (void)state;
    RUN("sub", {"\"sub\":\"a\"", REASON_OK}, {"\"sub\":\"auth0|5f7c8ec7c33c6c004bbafe82\"", REASON_OK},
        {"\"sub\":\"uid=ana, dc=acme\"", REASON_OK}, {"\"sub\":\"\"", REASON_CLAIM_SUB},
        {"\"sub\":null", REASON_CLAIM_SUB}, {"", REASON_CLAIM_SUB}, {"\"sub\":123", REASON_CLAIM_SUB},
        {"\"sub\":{\"a\":1}", REASON_CLAIM_SUB}, {"\"sub\":[\"a\"]", REASON_CLAIM_SUB},
        {"\"sub\":true", REASON_CLAIM_SUB}, {"\"sub\":\"a\\nb\"", REASON_CLAIM_SUB},
        {"\"sub\":\"a\\u001b[2J\"", REASON_CLAIM_SUB}, {"\"sub\":\"a\\u007f\"", REASON_CLAIM_SUB},
        {"\"sub\":\"a\\u009b\"", REASON_CLAIM_SUB}, {"\"sub\":\"\\u202eroot\"", REASON_CLAIM_SUB},
        {"\"sub\":\"\\u00e9\"", REASON_CLAIM_SUB}, {"\"sub\":\"root\\u0000x\"", REASON_CLAIMS_MALFORMED});
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    (void)snprintf(member, sizeof member, "\"sub\":\"%s\"", longest + 1);
    run_cases("sub", &(struct claim_case){member, REASON_OK}, 1);
    (void)snprintf(member, sizeof member, "\"sub\":\"%s\"", longest);
    run_cases("sub", &(struct claim_case){member, REASON_CLAIM_SUB}, 1);
}

static void aud_is_us_and_nobody_else(void **state)
{
    (void)state;
    RUN("aud", {"\"aud\":[\"client\"]", REASON_OK}, {"\"aud\":\"client1\"", REASON_CLAIM_AUD},
        {"\"aud\":\"clien\"", REASON_CLAIM_AUD}, {"\"aud\":\"Client\"", REASON_CLAIM_AUD},
        {"\"aud\":[\"x\"]", REASON_CLAIM_AUD}, {"\"aud\":[\"client\",\"x\"]", REASON_CLAIM_AUD},
        {"\"aud\":[\"x\",\"client\"]", REASON_CLAIM_AUD},
        {"\"aud\":[\"client\",\"other\"],\"azp\":\"client\"", REASON_CLAIM_AUD},
        {"\"aud\":[\"client\",1]", REASON_CLAIM_AUD}, {"\"aud\":[[\"client\"]]", REASON_CLAIM_AUD},
        {"\"aud\":[\"client\",\"client\"]", REASON_CLAIM_AZP}, {"\"aud\":[]", REASON_CLAIM_AUD},
        {"\"aud\":{}", REASON_CLAIM_AUD}, {"\"aud\":{\"client\":1}", REASON_CLAIM_AUD},
        {"\"aud\":null", REASON_CLAIM_AUD}, {"\"aud\":\"\"", REASON_CLAIM_AUD}, {"", REASON_CLAIM_AUD});
}

static void audiences_beside_us_are_those_that_are_named(void **state)
{
    struct id_token_terms terms = terms_of_a_sign_in();
    char *ours AUTO_FREE = claims_with("aud", "\"aud\":[\"p\",\"client\",\"q\"],\"azp\":\"client\"");
    char *without_us AUTO_FREE = claims_with("aud", "\"aud\":[\"p\"],\"azp\":\"client\"");
    char *without_azp AUTO_FREE = claims_with("aud", "\"aud\":[\"client\",\"p\"]");

    (void)state;
    terms.extra_audiences = (char *const[]){(char[]){"p"}, NULL};
    assert_int_equal(verify_claims(ours, &terms), REASON_CLAIM_AUD);
    assert_int_equal(verify_claims(without_us, &terms), REASON_CLAIM_AUD);
    assert_int_equal(verify_claims(without_azp, &terms), REASON_CLAIM_AZP);
    terms.extra_audiences = (char *const[]){(char[]){"q"}, (char[]){"p"}, NULL};
    assert_int_equal(verify_claims(ours, &terms), REASON_OK);
}

static void azp_is_us_when_it_is_there(void **state)
{
    (void)state;
    RUN("azp", {"\"azp\":\"client\"", REASON_OK}, {"\"azp\":\"evil\"", REASON_CLAIM_AZP},
        {"\"azp\":\"\"", REASON_CLAIM_AZP}, {"\"azp\":[\"client\"]", REASON_CLAIM_AZP},
        {"\"azp\":1", REASON_CLAIM_AZP});
    RUN("aud", {"\"aud\":[\"client\",\"client\"],\"azp\":\"client\"", REASON_OK});
}

static void a_nonce_that_comes_back_is_the_one_that_was_sent(void **state)
{
    struct id_token_terms terms = terms_of_a_sign_in();
    char *claims AUTO_FREE = claims_with("", "");

    (void)state;
    RUN("nonce", {"", REASON_OK}, {"\"nonce\":\"n-0S6_WzA2Mj1\"", REASON_CLAIM_NONCE},
        {"\"nonce\":\"n-0S6_WzA2M\"", REASON_CLAIM_NONCE}, {"\"nonce\":\"\"", REASON_CLAIM_NONCE},
        {"\"nonce\":1", REASON_CLAIM_NONCE}, {"\"nonce\":[\"n-0S6_WzA2Mj\"]", REASON_CLAIM_NONCE});
    terms.nonce = NULL;
    assert_int_equal(verify_claims(claims, &terms), REASON_CLAIM_NONCE);
}

static void a_nonce_must_come_back_where_that_is_required(void **state)
{
    struct id_token_terms terms = terms_of_a_sign_in();
    char *with AUTO_FREE = claims_with("", "");
    char *without AUTO_FREE = claims_with("nonce", "");

    (void)state;
    assert_int_equal(verify_claims(without, &terms), REASON_OK);
    terms.needs_nonce = true;
    assert_int_equal(verify_claims(without, &terms), REASON_CLAIM_NONCE);
    assert_int_equal(verify_claims(with, &terms), REASON_OK);
}

static void at_hash_is_that_of_the_access_token(void **state)
{
    static const char access_token[] = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
    static const struct {
        const char *member, *access_token;
        enum reason expected;
    } cases[] = {
        {"\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"", access_token, REASON_OK},
        {"\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"", "another", REASON_CLAIM_AT_HASH},
        {"\"at_hash\":\"77QmUPtjPfzWtF2AnpK9RQ\"", NULL, REASON_OK},
        {"\"at_hash\":\"77QmUPtjPfzWtF2AnpK9R\"", access_token, REASON_CLAIM_AT_HASH},
        {"\"at_hash\":\"\"", access_token, REASON_CLAIM_AT_HASH},
        {"\"at_hash\":1", access_token, REASON_CLAIM_AT_HASH},
        {"", access_token, REASON_OK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct id_token_terms terms = terms_of_a_sign_in();
        char *claims AUTO_FREE = claims_with("at_hash", cases[i].member);

        terms.access_token = cases[i].access_token;
        assert_int_equal(verify(rsa, "{\"alg\":\"RS256\"}", claims, &terms), cases[i].expected);
    }
}

static void other_tokens_of_the_issuer_are_refused(void **state)
{
    static const struct {
        const char *header;
        enum reason expected;
    } cases[] = {
        {"{\"alg\":\"EdDSA\"}", REASON_OK},
        {"{\"alg\":\"EdDSA\",\"typ\":\"JWT\"}", REASON_OK},
        {"{\"alg\":\"EdDSA\",\"typ\":\"jwt\"}", REASON_OK},
        {"{\"alg\":\"EdDSA\",\"typ\":\"application/jwt\"}", REASON_OK},
        {"{\"alg\":\"EdDSA\",\"typ\":\"at+jwt\"}", REASON_JWS_TYPE},
        {"{\"alg\":\"EdDSA\",\"typ\":\"application/at+jwt\"}", REASON_JWS_TYPE},
        {"{\"alg\":\"EdDSA\",\"typ\":\"logout+jwt\"}", REASON_JWS_TYPE},
        {"{\"alg\":\"EdDSA\",\"typ\":\"\"}", REASON_JWS_TYPE},
        {"{\"alg\":\"EdDSA\",\"cty\":\"JWT\"}", REASON_JWS_TYPE},
        {"{\"alg\":\"EdDSA\",\"cty\":\"json\"}", REASON_OK},
    };
    const struct id_token_terms terms = terms_of_a_sign_in();
    char *claims AUTO_FREE = claims_with("", "");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(verify(ed, cases[i].header, claims, &terms), cases[i].expected);
    RUN("events", {"\"events\":{\"http://schemas.openid.net/event/backchannel-logout\":{}}", REASON_JWS_TYPE},
        {"\"events\":{}", REASON_JWS_TYPE});
}

static void an_access_token_without_id_token_claims_is_refused(void **state)
{
    const struct id_token_terms terms = terms_of_a_sign_in();

    (void)state;
    assert_int_equal(verify_claims("{\"iss\":\"https://idp.example/tenant\",\"sub\":\"a\",\"aud\":\"client\","
                                   "\"exp\":1700000300,\"scope\":\"openid\"}",
                                   &terms),
                     REASON_CLAIM_IAT);
}

static void a_payload_that_is_no_object_is_refused(void **state)
{
    static const char *const payloads[] = {"", "[]", "\"x\"", "null", "{", "{}x", "{\"a\":1,\"a\":1}"};
    const struct id_token_terms terms = terms_of_a_sign_in();

    (void)state;
    for (size_t i = 0; i < sizeof payloads / sizeof payloads[0]; i++)
        assert_int_equal(verify_claims(payloads[i], &terms), REASON_CLAIMS_MALFORMED);
    assert_int_equal(verify_claims("{}", &terms), REASON_CLAIM_ISS);
}

static void good_claims_do_not_help_a_bad_signature(void **state)
{
    const struct id_token_terms terms = terms_of_a_sign_in();
    EVP_PKEY *other = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    char *payload AUTO_FREE = claims_with("", "");
    char *token AUTO_FREE = signed_token(other, "{\"alg\":\"EdDSA\",\"kid\":\"k\"}", payload);
    char *jwk AUTO_FREE = ed25519_jwk(ed, ",\"kid\":\"k\"");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);
    struct json_document *claims = NULL;

    (void)state;
    EVP_PKEY_free(other);
    assert_int_equal(id_token_verify(token, strlen(token), keys, &terms, &claims), REASON_SIGNATURE);
    assert_null(claims);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_token_gives_its_claims),
        cmocka_unit_test(iss_is_compared_octet_for_octet),
        cmocka_unit_test(sub_is_printable_and_of_255_bytes_at_most),
        cmocka_unit_test(aud_is_us_and_nobody_else),
        cmocka_unit_test(audiences_beside_us_are_those_that_are_named),
        cmocka_unit_test(azp_is_us_when_it_is_there),
        cmocka_unit_test(a_nonce_that_comes_back_is_the_one_that_was_sent),
        cmocka_unit_test(a_nonce_must_come_back_where_that_is_required),
        cmocka_unit_test(at_hash_is_that_of_the_access_token),
        cmocka_unit_test(other_tokens_of_the_issuer_are_refused),
        cmocka_unit_test(an_access_token_without_id_token_claims_is_refused),
        cmocka_unit_test(a_payload_that_is_no_object_is_refused),
        cmocka_unit_test(good_claims_do_not_help_a_bad_signature),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
