/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys at the edges of what is taken, and headers at those of what is a word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jose/jws.h"
#include "unit/signed_token.h"

static EVP_PKEY *ed;

static int make_key(void **state)
{
    (void)state;
    ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    return ed ? 0 : -1;
}

static int free_key(void **state)
{
    (void)state;
    EVP_PKEY_free(ed);
    return 0;
}

static bool is_key(const char *text)
{
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    const char *why;
    struct jwk *key = jwk_parse(json_top(document), &why);

    jwk_free(key);
    return key;
}

static bool is_ed25519_key(const unsigned char *bytes, size_t length)
{
    char *x AUTO_FREE = text_of(bytes, length), *text AUTO_FREE = NULL;

    assert_true(asprintf(&text, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}", x) > 0);
    return is_key(text);
}

/* 32 bytes: the first, thirty times the middle one, the last. */
static bool is_ed25519_point(unsigned char first, unsigned char middle, unsigned char last)
{
    unsigned char bytes[32];

    memset(bytes, middle, sizeof bytes);
    bytes[0] = first;
    bytes[31] = last;
    return is_ed25519_key(bytes, sizeof bytes);
}

static void an_ed25519_coordinate_is_less_than_its_prime(void **state)
{
    unsigned char bytes[32];

    (void)state;
    assert_false(is_ed25519_point(0xed, 0xff, 0x7f)); /* the prime itself */
    assert_false(is_ed25519_point(0xff, 0xff, 0xff));
    assert_true(is_ed25519_point(0xeb, 0xff, 0x7f));
    assert_true(is_ed25519_point(0xff, 0xff, 0x7e));
    assert_true(is_ed25519_point(0xff, 0xff, 0x80));
    assert_true(is_ed25519_point(0xff, 0x00, 0x7f));
    memset(bytes, 0xff, sizeof bytes);
    bytes[31] = 0x7f;
    for (size_t i = 1; i < 31; i++) {
        bytes[i] = 0xfe;
        assert_true(is_ed25519_key(bytes, sizeof bytes));
        bytes[i] = 0xff;
    }
}

static void an_ed25519_key_of_another_length_is_refused(void **state)
{
    static const size_t lengths[] = {0, 1, 3, 31, 33, 64};
    unsigned char bytes[64];

    (void)state;
    memset(bytes, 0x33, sizeof bytes);
    assert_true(is_ed25519_key(bytes, 32));
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        assert_false(is_ed25519_key(bytes, lengths[i]));
}

static bool is_rsa_key(size_t zeros, size_t length, const char *e)
{
    unsigned char n[1200];
    char *modulus AUTO_FREE = NULL, *text AUTO_FREE = NULL;

    memset(n, 0, zeros);
    memset(n + zeros, 0xff, length);
    modulus = text_of(n, zeros + length);
    assert_true(asprintf(&text, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"}", modulus, e) > 0);
    return is_key(text);
}

static void zeros_before_rsa_numbers_are_few(void **state)
{
    (void)state;
    assert_true(is_rsa_key(1, 1024, "AQAB"));
    assert_false(is_rsa_key(2, 1024, "AQAB"));
    assert_true(is_rsa_key(0, 256, "AAAAAAABAAE"));   /* 8 octets */
    assert_false(is_rsa_key(0, 256, "AAAAAAAAAQAB")); /* 9 */
}

static void a_key_without_its_numbers_is_none(void **state)
{
    (void)state;
    assert_false(is_key("{\"kty\":\"RSA\",\"e\":\"AQAB\"}"));
    assert_false(is_key("{\"kty\":\"RSA\"}"));
    assert_false(is_key("{\"kty\":\"RSA\",\"n\":5,\"e\":\"AQAB\"}"));
    assert_false(is_key("{\"kty\":\"EC\",\"crv\":\"P-256\"}"));
    assert_false(is_key("{\"kty\":\"OKP\",\"crv\":\"Ed25519\"}"));
    assert_false(is_key("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"=\"}"));
}

static void keys_of_different_kinds_are_not_equal(void **state)
{
    static const char p256[] =
        "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}";
    char *first AUTO_FREE = ed25519_jwk(ed, ""), *both AUTO_FREE = NULL;
    struct jwk_set *keys AUTO_JWK_SET = NULL;

    (void)state;
    assert_true(asprintf(&both, "%s,%s,%s", first, p256, first) > 0);
    keys = set_of(both);
    assert_int_equal(jwk_set_count(keys), 3);
    assert_false(jwk_equal(jwk_set_at(keys, 0), jwk_set_at(keys, 1)));
    assert_true(jwk_equal(jwk_set_at(keys, 0), jwk_set_at(keys, 2)));
}

static enum reason parse(const char *header)
{
    char *token AUTO_FREE = signed_token(ed, header, "payload");
    struct jws *jws AUTO_JWS = NULL;

    return jws_parse(token, strlen(token), &jws);
}

static void each_word_of_a_header_is_a_short_string(void **state)
{
    static const char *const words[] = {"kid", "typ", "cty"};
    char header[512];

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        (void)snprintf(header, sizeof header, "{\"alg\":\"EdDSA\",\"%s\":\"x\"}", words[i]);
        assert_int_equal(parse(header), REASON_OK);
        (void)snprintf(header, sizeof header, "{\"alg\":\"EdDSA\",\"%s\":5}", words[i]);
        assert_int_equal(parse(header), REASON_JWS_HEADER);
        (void)snprintf(header, sizeof header, "{\"alg\":\"EdDSA\",\"%s\":\"\\u007f\"}", words[i]);
        assert_int_equal(parse(header), REASON_JWS_HEADER);
        (void)snprintf(header, sizeof header, "{\"alg\":\"EdDSA\",\"%s\":\"%0*d\"}", words[i],
                       JWK_KID_MAX + 1, 0);
        assert_int_equal(parse(header), REASON_JWS_HEADER);
    }
    assert_int_equal(parse("{\"alg\":5}"), REASON_JWS_HEADER);
    assert_int_equal(parse("{}"), REASON_JWS_HEADER);
    assert_int_equal(parse("[]"), REASON_JWS_HEADER);
    assert_int_equal(parse("no JSON"), REASON_JWS_HEADER);
}

static void an_extension_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    assert_int_equal(parse("{\"crit\":[],\"alg\":\"EdDSA\",\"typ\":\"JWT\"}"), REASON_JWS_CRIT);
    assert_int_equal(parse("{\"alg\":\"EdDSA\",\"b64\":true,\"typ\":\"JWT\"}"), REASON_JWS_CRIT);
    assert_int_equal(parse("{\"alg\":\"EdDSA\",\"crit\":null}"), REASON_JWS_CRIT);
}

static void no_key_has_signed_by_an_unknown_algorithm(void **state)
{
    char *token AUTO_FREE = signed_token(ed, "{\"alg\":\"Ed448\"}", "payload");
    char *jwk AUTO_FREE = ed25519_jwk(ed, "");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);
    struct jws *jws AUTO_JWS = NULL;

    (void)state;
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    assert_false(jws_verify_with(jws, jwk_set_at(keys, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ed25519_coordinate_is_less_than_its_prime),
        cmocka_unit_test(an_ed25519_key_of_another_length_is_refused),
        cmocka_unit_test(zeros_before_rsa_numbers_are_few),
        cmocka_unit_test(a_key_without_its_numbers_is_none),
        cmocka_unit_test(keys_of_different_kinds_are_not_equal),
        cmocka_unit_test(each_word_of_a_header_is_a_short_string),
        cmocka_unit_test(an_extension_is_refused_wherever_it_stands),
        cmocka_unit_test(no_key_has_signed_by_an_unknown_algorithm),
    };

    return cmocka_run_group_tests(tests, make_key, free_key);
}
