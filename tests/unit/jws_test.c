/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens taken apart and verified; every fault of a header stands in tests/data/jose, here are bounds and
 * facts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "jose/jws.h"
#include "unit/signed_token.h"

static char rs256[] = "RS256", ps256[] = "PS256", es256[] = "ES256", eddsa[] = "EdDSA";
static char *const every_alg[] = {rs256, ps256, es256, eddsa, NULL};

static EVP_PKEY *rsa, *ed;

static int make_keys(void **state)
{
    (void)state;
    rsa = EVP_RSA_gen(2048);
    ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    return rsa && ed ? 0 : -1;
}

static int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ed);
    return 0;
}

static enum reason parse(const char *token)
{
    struct jws *jws AUTO_JWS = NULL;

    return jws_parse(token, strlen(token), &jws);
}

static enum reason verify(const char *token, const char *jwks, char *const *allowed)
{
    struct jws *jws AUTO_JWS = NULL;
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwks);
    const enum reason reason = jws_parse(token, strlen(token), &jws);

    assert_non_null(keys);
    return reason == REASON_OK ? jws_verify(jws, keys, allowed) : reason;
}

static void a_token_is_taken_apart(void **state)
{
    char *token AUTO_FREE = signed_token(
        ed, "{\"alg\":\"EdDSA\",\"kid\":\"k\",\"typ\":\"JWT\",\"cty\":\"x\",\"more\":[1]}", "payload");
    struct jws *jws AUTO_JWS = NULL;
    size_t length;

    (void)state;
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    assert_string_equal(jws_alg(jws), "EdDSA");
    assert_string_equal(jws_kid(jws), "k");
    assert_string_equal(jws_typ(jws), "JWT");
    assert_string_equal(jws_cty(jws), "x");
    assert_string_equal((const char *)jws_payload(jws, &length), "payload");
    assert_int_equal(length, 7);
}

static void what_a_header_leaves_out_is_null(void **state)
{
    char *token AUTO_FREE = signed_token(ed, "{\"alg\":\"EdDSA\"}", "");
    struct jws *jws AUTO_JWS = NULL;
    size_t length = 1;

    (void)state;
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    assert_null(jws_kid(jws));
    assert_null(jws_typ(jws));
    assert_null(jws_cty(jws));
    assert_non_null(jws_payload(jws, &length));
    assert_int_equal(length, 0);
}

static void an_empty_payload_is_a_good_jws(void **state)
{
    char *token AUTO_FREE = signed_token(ed, "{\"alg\":\"EdDSA\"}", "");
    char *jwk AUTO_FREE = ed25519_jwk(ed, "");

    (void)state;
    assert_int_equal(verify(token, jwk, every_alg), REASON_OK);
}

static void only_three_parts_make_a_jws(void **state)
{
    (void)state;
    assert_int_equal(parse(""), REASON_JWS_MALFORMED);
    assert_int_equal(parse("e30"), REASON_JWS_MALFORMED);
    assert_int_equal(parse("e30.e30"), REASON_JWS_MALFORMED);
    assert_int_equal(parse("e30.e30.e30.e30"), REASON_JWS_MALFORMED);
    assert_int_equal(parse("e30.e30.e30.e30.e30"), REASON_JWE_UNSUPPORTED);
    assert_int_equal(parse("...."), REASON_JWE_UNSUPPORTED);
    assert_int_equal(parse("e30.e30.e30.e30.e30.e30"), REASON_JWS_MALFORMED);
    assert_int_equal(parse("e30.e30.e30"), REASON_JWS_HEADER);
    assert_int_equal(parse("..e30"), REASON_JWS_HEADER);
}

static void a_million_dots_are_refused(void **state)
{
    char *dots AUTO_FREE = malloc(1000001);

    (void)state;
    assert_non_null(dots);
    memset(dots, '.', 1000000);
    dots[1000000] = '\0';
    assert_int_equal(parse(dots), REASON_JWS_MALFORMED);
    dots[JWS_TOKEN_MAX] = '\0';
    assert_int_equal(parse(dots), REASON_JWS_MALFORMED);
}

static void a_token_beyond_the_maximum_is_refused(void **state)
{
    char *payload AUTO_FREE = calloc(1, JWS_TOKEN_MAX + 1);
    char *long_token AUTO_FREE = NULL;
    char *token AUTO_FREE = NULL;

    (void)state;
    assert_non_null(payload);
    memset(payload, 'x', JWS_TOKEN_MAX);
    long_token = signed_token(ed, "{\"alg\":\"EdDSA\"}", payload);
    assert_int_equal(parse(long_token), REASON_JWS_MALFORMED);
    payload[JWS_TOKEN_MAX / 2] = '\0';
    token = signed_token(ed, "{\"alg\":\"EdDSA\"}", payload);
    assert_int_equal(parse(token), REASON_OK);
}

static void a_nul_in_a_token_is_refused(void **state)
{
    char *token AUTO_FREE = signed_token(ed, "{\"alg\":\"EdDSA\"}", "x");
    const size_t length = strlen(token);
    struct jws *jws = NULL;

    (void)state;
    assert_int_equal(jws_parse(token, length + 1, &jws), REASON_JWS_MALFORMED);
    token[2] = '\0';
    assert_int_equal(jws_parse(token, length, &jws), REASON_JWS_MALFORMED);
    assert_null(jws);
}

static void each_bit_of_a_token_matters(void **state)
{
    char *token AUTO_FREE = signed_token(ed, "{\"alg\":\"EdDSA\"}", "{\"sub\":\"a\"}");
    char *jwk AUTO_FREE = ed25519_jwk(ed, "");

    (void)state;
    assert_int_equal(verify(token, jwk, every_alg), REASON_OK);
    for (size_t i = 0; i < strlen(token); i++)
        for (int bit = 0; bit < 7; bit++) {
            token[i] ^= (char)(1 << bit);
            if (verify(token, jwk, every_alg) == REASON_OK)
                fail_msg("bit %d of byte %zu", bit, i);
            token[i] ^= (char)(1 << bit);
        }
    for (size_t length = strlen(token); length-- > 0;) {
        token[length] = '\0';
        assert_int_not_equal(verify(token, jwk, every_alg), REASON_OK);
    }
}

static void a_signature_forged_for_an_exponent_of_1_is_refused(void **state)
{
    static const unsigned char prefix[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01,
                                           0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20};
    unsigned char padded[256] = {0, 1};
    char *input AUTO_FREE = signing_input("{\"alg\":\"RS256\",\"kid\":\"k\"}", "{}");
    char *jwk AUTO_FREE = rsa_jwk(rsa, "AQ", ",\"kid\":\"k\"");
    char *token AUTO_FREE = NULL;
    size_t length;

    (void)state;
    memset(padded + 2, 0xff, sizeof padded - 2);
    padded[sizeof padded - 32 - sizeof prefix - 1] = 0;
    memcpy(padded + sizeof padded - 32 - sizeof prefix, prefix, sizeof prefix);
    assert_int_equal(
        EVP_Q_digest(NULL, "SHA256", NULL, input, strlen(input), padded + sizeof padded - 32, &length), 1);
    token = token_with(input, padded, sizeof padded);
    assert_int_equal(verify(token, jwk, every_alg), REASON_KEY_UNFIT);
}

static char *pss_token(int salt, const char *mgf1)
{
    char *input AUTO_FREE = signing_input("{\"alg\":\"PS256\"}", "{}");
    unsigned char signature[256];
    size_t length = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pss;

    assert_int_equal(EVP_DigestSignInit_ex(context, &pss, "SHA256", NULL, NULL, rsa, NULL), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(pss, RSA_PKCS1_PSS_PADDING), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_mgf1_md_name(pss, mgf1, NULL), 1);
    assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(pss, salt), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &length, (const unsigned char *)input, strlen(input)),
                     1);
    EVP_MD_CTX_free(context);
    return token_with(input, signature, length);
}

static void a_pss_salt_is_as_long_as_the_digest(void **state)
{
    static const int salts[] = {32, 0, 1, 20, 31, 33, 222};
    char *jwk AUTO_FREE = rsa_jwk(rsa, NULL, "");

    (void)state;
    for (size_t i = 0; i < sizeof salts / sizeof salts[0]; i++) {
        char *token AUTO_FREE = pss_token(salts[i], "SHA256");

        assert_int_equal(verify(token, jwk, every_alg), i == 0 ? REASON_OK : REASON_KEY_UNKNOWN);
    }
}

static void the_mask_of_pss_uses_the_same_digest(void **state)
{
    char *jwk AUTO_FREE = rsa_jwk(rsa, NULL, "");
    char *sha1 AUTO_FREE = pss_token(32, "SHA1");
    char *sha512 AUTO_FREE = pss_token(32, "SHA512");

    (void)state;
    assert_int_equal(verify(sha1, jwk, every_alg), REASON_KEY_UNKNOWN);
    assert_int_equal(verify(sha512, jwk, every_alg), REASON_KEY_UNKNOWN);
}

static void one_signature_for_every_message_is_refused(void **state)
{
    static const char identity[] = "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"k\",\"x\":"
                                   "\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}";
    const unsigned char signature[64] = {1};
    char *input AUTO_FREE = signing_input("{\"alg\":\"EdDSA\",\"kid\":\"k\"}", "{}");
    char *token AUTO_FREE = token_with(input, signature, sizeof signature);

    (void)state;
    assert_int_equal(verify(token, identity, every_alg), REASON_KEY_UNFIT);
}

static void a_signature_that_openssl_cannot_even_read_is_refused(void **state)
{
    EVP_PKEY *ec = EVP_EC_gen("P-256");
    unsigned char point[65], zeros[72] = {0}, ones[72];
    size_t length;
    char *x AUTO_FREE = NULL;
    char *y AUTO_FREE = NULL;
    char *jwk AUTO_FREE = NULL;
    char *input AUTO_FREE = signing_input("{\"alg\":\"ES256\",\"kid\":\"k\"}", "{}");

    (void)state;
    assert_int_equal(
        EVP_PKEY_get_octet_string_param(ec, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length), 1);
    EVP_PKEY_free(ec);
    x = text_of(point + 1, 32);
    y = text_of(point + 33, 32);
    assert_true(asprintf(&jwk, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"k\",\"x\":\"%s\",\"y\":\"%s\"}",
                         x, y) > 0);
    memset(ones, 0xff, sizeof ones);
    for (length = 0; length <= sizeof ones; length++) {
        char *of_zeros AUTO_FREE = token_with(input, zeros, length);
        char *of_ones AUTO_FREE = token_with(input, ones, length);

        assert_int_equal(verify(of_zeros, jwk, every_alg), REASON_SIGNATURE);
        assert_int_equal(verify(of_ones, jwk, every_alg), REASON_SIGNATURE);
    }
}

static void a_key_is_bound_to_its_algorithm(void **state)
{
    static const struct {
        const char *extra;
        enum reason expected;
    } cases[] = {
        {",\"kid\":\"k\"", REASON_OK},
        {",\"kid\":\"k\",\"alg\":\"RS256\"", REASON_OK},
        {",\"kid\":\"k\",\"alg\":\"PS256\"", REASON_KEY_UNFIT},
        {",\"kid\":\"k\",\"alg\":\"RS384\"", REASON_KEY_UNFIT},
        {",\"kid\":\"k\",\"use\":\"enc\"", REASON_KEY_UNFIT},
        {",\"kid\":\"K\"", REASON_KEY_UNKNOWN},
        {",\"kid\":\"kk\"", REASON_KEY_UNKNOWN},
        {"", REASON_KEY_UNKNOWN},
    };
    char *token AUTO_FREE = signed_token(rsa, "{\"alg\":\"RS256\",\"kid\":\"k\"}", "{}");

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *jwk AUTO_FREE = rsa_jwk(rsa, NULL, cases[i].extra);

        assert_int_equal(verify(token, jwk, every_alg), cases[i].expected);
    }
}

static void one_key_alone_must_fit_too(void **state)
{
    char *token AUTO_FREE = signed_token(rsa, "{\"alg\":\"RS256\"}", "{}");
    char *fit AUTO_FREE = rsa_jwk(rsa, NULL, ",\"kid\":\"any\"");
    char *unfit AUTO_FREE = rsa_jwk(rsa, NULL, ",\"alg\":\"PS256\"");
    char *of_another_kind AUTO_FREE = ed25519_jwk(ed, "");
    const char *const jwks[] = {fit, unfit, of_another_kind};
    struct jws *jws AUTO_JWS = NULL;

    (void)state;
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    for (size_t i = 0; i < sizeof jwks / sizeof jwks[0]; i++) {
        struct jwk_set *set AUTO_JWK_SET = set_of(jwks[i]);

        assert_int_equal(jws_verify_with(jws, jwk_set_at(set, 0)), i == 0);
    }
}

static void only_listed_algorithms_are_allowed(void **state)
{
    char *none[] = {NULL}, *others[] = {ps256, es256, eddsa, NULL}, *own[] = {rs256, NULL};
    char *token AUTO_FREE = signed_token(rsa, "{\"alg\":\"RS256\"}", "{}");
    char *jwk AUTO_FREE = rsa_jwk(rsa, NULL, "");

    (void)state;
    assert_int_equal(verify(token, jwk, none), REASON_ALG_NOT_ALLOWED);
    assert_int_equal(verify(token, jwk, others), REASON_ALG_NOT_ALLOWED);
    assert_int_equal(verify(token, jwk, own), REASON_OK);
}

static void known_algorithms_are_eleven_names(void **state)
{
    static const char *const known[] = {"RS256", "RS384", "RS512", "PS256", "PS384",  "PS512",
                                        "ES256", "ES384", "ES512", "EdDSA", "Ed25519"};
    static const char *const unknown[] = {"none",   "HS256", "HS384", "HS512",  "rs256", "RS256 ",
                                          "ES256K", "Ed448", "RS1",   "RSA1_5", "",      "RS2567"};

    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        assert_true(jws_alg_is_same(known[i], known[i]));
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++)
        assert_false(jws_alg_is_same(unknown[i], unknown[i]));
}

static void two_names_of_one_algorithm_are_the_same(void **state)
{
    (void)state;
    assert_true(jws_alg_is_same("EdDSA", "Ed25519"));
    assert_true(jws_alg_is_same("PS256", "PS256"));
    assert_false(jws_alg_is_same("PS256", "RS256"));
    assert_false(jws_alg_is_same("PS256", "PS384"));
    assert_false(jws_alg_is_same("ES256", "ES384"));
    assert_false(jws_alg_is_same("none", "none"));
    assert_false(jws_alg_is_same("none", "RS256"));
    assert_false(jws_alg_is_same("RS256", "none"));
}

static void half_hashes_are_those_of_the_standard(void **state)
{
    char text[64];

    (void)state;
    /* OpenID Connect Core, appendix A.3 */
    assert_true(jws_half_hash("RS256", "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y", text, sizeof text));
    assert_string_equal(text, "77QmUPtjPfzWtF2AnpK9RQ");
    assert_true(jws_half_hash("ES384", "a", text, sizeof text));
    assert_int_equal(strlen(text), 32);
    assert_true(jws_half_hash("PS512", "a", text, sizeof text));
    assert_int_equal(strlen(text), 43);
    assert_true(jws_half_hash("Ed25519", "a", text, sizeof text));
    assert_int_equal(strlen(text), 43);
    assert_false(jws_half_hash("HS256", "a", text, sizeof text));
    assert_false(jws_half_hash("RS256", "a", text, 22));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_taken_apart),
        cmocka_unit_test(what_a_header_leaves_out_is_null),
        cmocka_unit_test(an_empty_payload_is_a_good_jws),
        cmocka_unit_test(only_three_parts_make_a_jws),
        cmocka_unit_test(a_million_dots_are_refused),
        cmocka_unit_test(a_token_beyond_the_maximum_is_refused),
        cmocka_unit_test(a_nul_in_a_token_is_refused),
        cmocka_unit_test(each_bit_of_a_token_matters),
        cmocka_unit_test(a_signature_forged_for_an_exponent_of_1_is_refused),
        cmocka_unit_test(a_pss_salt_is_as_long_as_the_digest),
        cmocka_unit_test(the_mask_of_pss_uses_the_same_digest),
        cmocka_unit_test(one_signature_for_every_message_is_refused),
        cmocka_unit_test(a_signature_that_openssl_cannot_even_read_is_refused),
        cmocka_unit_test(a_key_is_bound_to_its_algorithm),
        cmocka_unit_test(one_key_alone_must_fit_too),
        cmocka_unit_test(only_listed_algorithms_are_allowed),
        cmocka_unit_test(known_algorithms_are_eleven_names),
        cmocka_unit_test(two_names_of_one_algorithm_are_the_same),
        cmocka_unit_test(half_hashes_are_those_of_the_standard),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
