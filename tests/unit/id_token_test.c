/* SPDX-License-Identifier: BSD-2-Clause */
/* One good set of claims; each case changes one of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/rsa.h>

#include "oidc/id_token.h"
#include "unit/signed_token.h"

#define NOW 1700000000

static char eddsa[] = "EdDSA", rs256[] = "RS256";
static char *const algs[] = {eddsa, rs256, NULL};
static EVP_PKEY *ed, *rsa;

static int make_keys(void **state)
{
    (void)state;
    ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    rsa = EVP_RSA_gen(2048);
    return ed && rsa ? 0 : -1;
}

static int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(ed);
    EVP_PKEY_free(rsa);
    return 0;
}

static struct id_token_terms terms_of_a_sign_in(void)
{
    return (struct id_token_terms){
        .issuer = "https://idp.example/tenant",
        .client_id = "client",
        .nonce = "n-0S6_WzA2Mj",
        .signing_algs = algs,
        .now = NOW,
    };
}

/* Replaces the member `name` of the good claims by `member` ("" leaves it out), or adds it. */
static char *claims_with(const char *name, const char *member)
{
    static const char *const good[][2] = {
        {"iss", "\"iss\":\"https://idp.example/tenant\""},
        {"sub", "\"sub\":\"248289761001\""},
        {"aud", "\"aud\":\"client\""},
        {"exp", "\"exp\":1700000300"},
        {"iat", "\"iat\":1699999990"},
        {"nonce", "\"nonce\":\"n-0S6_WzA2Mj\""},
    };
    char *claims = NULL;
    size_t size;
    FILE *text = open_memstream(&claims, &size);
    const char *between = "{";
    bool replaced = false;

    assert_non_null(text);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        const bool here = strcmp(good[i][0], name) == 0;
        const char *claim = here ? member : good[i][1];

        replaced = replaced || here;
        if (*claim) {
            (void)fprintf(text, "%s%s", between, claim);
            between = ",";
        }
    }
    if (!replaced && *member)
        (void)fprintf(text, "%s%s", between, member);
    (void)fputs("}", text);
    assert_int_equal(fclose(text), 0);
    return claims;
}

static enum reason verify(EVP_PKEY *key, const char *header, const char *payload,
                          const struct id_token_terms *terms)
{
    char *token AUTO_FREE = signed_token(key, header, payload);
    char *jwk AUTO_FREE = key == rsa ? rsa_jwk(key, NULL, "") : ed25519_jwk(key, "");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);
    struct json_document *claims AUTO_JSON = NULL;
    const enum reason reason = id_token_verify(token, strlen(token), keys, terms, &claims);

    assert_int_equal(claims != NULL, reason == REASON_OK);
    return reason;
}

static enum reason verify_claims(const char *payload, const struct id_token_terms *terms)
{
    return verify(ed, "{\"alg\":\"EdDSA\"}", payload, terms);
}

struct claim_case {
    const char *member;
    enum reason expected;
};

static void run_cases(const char *name, const struct claim_case *cases, size_t count)
{
    const struct id_token_terms terms = terms_of_a_sign_in();

    for (size_t i = 0; i < count; i++) {
        char *claims AUTO_FREE = claims_with(name, cases[i].member);
        const enum reason reason = verify_claims(claims, &terms);

        if (reason != cases[i].expected)
            fail_msg("%s: %s, not %s", claims, reason_code(reason), reason_code(cases[i].expected));
    }
}

#define RUN(name, ...)                                                                                       \
    do {                                                                                                     \
        static const struct claim_case of_claim[] = {__VA_ARGS__};                                           \
        run_cases(name, of_claim, sizeof of_claim / sizeof of_claim[0]);                                     \
    } while (0)

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

static void exp_is_to_come_give_or_take_the_leeway(void **state)
{
    (void)state;
    RUN("exp", {"\"exp\":1700000001", REASON_OK}, {"\"exp\":1700000000", REASON_OK},
        {"\"exp\":1699999941", REASON_OK}, {"\"exp\":1699999940", REASON_CLAIM_EXP},
        {"\"exp\":1699999939", REASON_CLAIM_EXP}, {"\"exp\":0", REASON_CLAIM_EXP},
        {"\"exp\":-1", REASON_CLAIM_EXP}, {"\"exp\":4102444800", REASON_OK},
        {"\"exp\":9223372036854775807", REASON_CLAIM_EXP}, {"\"exp\":9223372036854775806", REASON_OK},
        {"\"exp\":-9223372036854775807", REASON_CLAIM_EXP}, {"", REASON_CLAIM_EXP});
}

static void iat_is_of_this_sign_in(void **state)
{
    (void)state;
    RUN("iat", {"\"iat\":1700000000", REASON_OK}, {"\"iat\":1700000060", REASON_OK},
        {"\"iat\":1700000061", REASON_CLAIM_IAT}, {"\"iat\":1699913600", REASON_OK},
        {"\"iat\":1699913599", REASON_CLAIM_IAT}, {"\"iat\":1699395200", REASON_CLAIM_IAT},
        {"\"iat\":0", REASON_CLAIM_IAT}, {"\"iat\":-1", REASON_CLAIM_IAT}, {"", REASON_CLAIM_IAT});
}

static void a_clock_of_1970_refuses(void **state)
{
    struct id_token_terms terms = terms_of_a_sign_in();
    char *claims AUTO_FREE = claims_with("", "");
    char *negative AUTO_FREE = claims_with("iat", "\"iat\":-5");

    (void)state;
    terms.now = 100;
    assert_int_equal(verify_claims(claims, &terms), REASON_CLAIM_IAT);
    assert_int_equal(verify_claims(negative, &terms), REASON_CLAIM_IAT);
}

static void nbf_has_passed_when_it_is_there(void **state)
{
    (void)state;
    RUN("nbf", {"\"nbf\":1700000000", REASON_OK}, {"\"nbf\":1700000060", REASON_OK},
        {"\"nbf\":1700000061", REASON_CLAIM_NBF}, {"\"nbf\":0", REASON_OK},
        {"\"nbf\":9223372036854775806", REASON_CLAIM_NBF});
}

static void times_are_integers_and_nothing_else(void **state)
{
    static const char *const names[] = {"exp", "iat", "nbf"};
    static const char *const values[] = {"\"1700000000\"", "1700000000.0", "1.7e9", "true",
                                         "[1700000000]",   "{}",           "\"\""};
    static const enum reason expected[] = {REASON_CLAIM_EXP, REASON_CLAIM_IAT, REASON_CLAIM_NBF};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
            char member[64];

            (void)snprintf(member, sizeof member, "\"%s\":%s", names[i], values[j]);
            run_cases(names[i], &(struct claim_case){member, expected[i]}, 1);
        }
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
        cmocka_unit_test(exp_is_to_come_give_or_take_the_leeway),
        cmocka_unit_test(iat_is_of_this_sign_in),
        cmocka_unit_test(a_clock_of_1970_refuses),
        cmocka_unit_test(nbf_has_passed_when_it_is_there),
        cmocka_unit_test(times_are_integers_and_nothing_else),
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
