/* SPDX-License-Identifier: BSD-2-Clause */
/* Which keys may verify; every combination stands in tests/data/jose/keys.json, here are the bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/rsa.h>

#include "jose/jwk.h"
#include "unit/signed_token.h"

static const char p256[] =
    "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"";
static const char ed[] =
    "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"";

static struct jwk *parse(const char *text, const char **ret_why)
{
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));

    assert_non_null(document);
    return jwk_parse(json_top(document), ret_why);
}

static void is_refused_as(const char *text, const char *expected)
{
    const char *why = NULL;
    struct jwk *key = parse(text, &why);

    if (key)
        fail_msg("taken: %s", text);
    assert_string_equal(why, expected);
}

static void a_key_says_what_it_is(void **state)
{
    const char *why;
    char text[512];
    struct jwk *key;

    (void)state;
    (void)snprintf(text, sizeof text, "{%s,\"kid\":\"k1\",\"alg\":\"ES256\",\"use\":\"sig\"}", p256);
    key = parse(text, &why);
    assert_non_null(key);
    assert_int_equal(jwk_kind(key), JWK_EC_P256);
    assert_string_equal(jwk_kid(key), "k1");
    assert_string_equal(jwk_alg(key), "ES256");
    assert_true(jwk_is_sound(key));
    jwk_free(key);
    (void)snprintf(text, sizeof text, "{%s}", ed);
    key = parse(text, &why);
    assert_non_null(key);
    assert_int_equal(jwk_kind(key), JWK_ED25519);
    assert_null(jwk_kid(key));
    assert_null(jwk_alg(key));
    assert_true(jwk_is_sound(key));
    jwk_free(key);
}

static void what_a_key_says_of_its_use_counts(void **state)
{
    static const struct {
        const char *extra, *why;
    } cases[] = {
        {"\"use\":\"enc\"", "use"},
        {"\"use\":\"SIG\"", "use"},
        {"\"use\":[\"sig\"]", "use"},
        {"\"key_ops\":[]", "use"},
        {"\"key_ops\":[\"sign\"]", "use"},
        {"\"key_ops\":\"verify\"", "use"},
        {"\"use\":\"enc\",\"key_ops\":[\"verify\"]", "use"},
        {"\"d\":\"AQ\"", "private"},
        {"\"k\":\"AQ\"", "private"},
        {"\"d\":1", "private"},
        {"\"alg\":\"RS256\"", "alg"},
        {"\"alg\":\"ES384\"", "alg"},
        {"\"alg\":\"none\"", "alg"},
        {"\"alg\":\"HS256\"", "alg"},
        {"\"alg\":\"ECDH-ES\"", "alg"},
        {"\"alg\":256", "alg"},
        {"\"kid\":5", "kid"},
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        (void)snprintf(text, sizeof text, "{%s,%s}", p256, cases[i].extra);
        is_refused_as(text, cases[i].why);
    }
}

static void oct_and_unknown_keys_are_passed_over(void **state)
{
    (void)state;
    is_refused_as("{\"kty\":\"oct\",\"k\":\"AQID\"}", "private");
    is_refused_as("{\"kty\":\"oct\"}", "kty");
    is_refused_as("{\"kty\":\"XYZ\"}", "kty");
    is_refused_as("{}", "kty");
    is_refused_as("{\"kty\":\"OKP\",\"crv\":\"Ed448\",\"x\":\"AA\"}", "kty");
    is_refused_as("{\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":\"AA\"}", "kty");
    is_refused_as("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"x\":\"AA\",\"y\":\"AA\"}", "kty");
}

static void a_kid_longer_than_the_maximum_makes_a_key_unusable(void **state)
{
    char kid[JWK_KID_MAX + 2], text[1024];
    const char *why;
    struct jwk *key;

    (void)state;
    memset(kid, 'k', sizeof kid - 1);
    kid[sizeof kid - 1] = '\0';
    (void)snprintf(text, sizeof text, "{%s,\"kid\":\"%s\"}", ed, kid);
    is_refused_as(text, "kid");
    (void)snprintf(text, sizeof text, "{%s,\"kid\":\"%s\"}", ed, kid + 1);
    key = parse(text, &why);
    assert_non_null(key);
    jwk_free(key);
}

static void rsa_keys_are_2048_to_8192_bits_long(void **state)
{
    static const struct {
        size_t bytes;
        unsigned char first;
        bool taken;
    } cases[] = {
        {64, 0xff, false},  {128, 0xff, false},  {255, 0xff, false},  {256, 0x7f, false},   {256, 0x80, true},
        {1024, 0xff, true}, {1025, 0x01, false}, {1026, 0xff, false}, {20000, 0xff, false},
    };
    unsigned char *n AUTO_FREE = malloc(20000);

    (void)state;
    assert_non_null(n);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *modulus AUTO_FREE = NULL;
        char *text AUTO_FREE = NULL;
        const char *why = NULL;
        struct jwk *key;

        memset(n, 0xff, cases[i].bytes);
        n[0] = cases[i].first;
        modulus = text_of(n, cases[i].bytes);
        assert_true(asprintf(&text, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}", modulus) > 0);
        key = parse(text, &why);
        assert_int_equal(key != NULL, cases[i].taken);
        jwk_free(key);
    }
}

static void an_rsa_exponent_is_odd_and_from_3_to_32_bits(void **state)
{
    static const struct {
        const char *e;
        bool taken;
    } cases[] = {
        {"AQAB", true},   /* 65537 */
        {"Aw", true},     /* 3 */
        {"_____w", true}, /* 2^32 - 1 */
        {"AAEAAQ", true}, /* 65537, a zero before it */
        {"AQ", false},    /* 1 */
        {"AA", false},    /* 0 */
        {"", false},
        {"Ag", false},      /* 2 */
        {"AQAA", false},    /* 65536 */
        {"AQAAAAE", false}, /* 2^32 + 1 */
        {"AQAAAAAAAAAB", false},
    };
    EVP_PKEY *rsa = EVP_RSA_gen(2048);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text AUTO_FREE = rsa_jwk(rsa, cases[i].e, "");
        const char *why;
        struct jwk *key = parse(text, &why);

        if ((key != NULL) != cases[i].taken)
            fail_msg("e %s", cases[i].e);
        jwk_free(key);
    }
    EVP_PKEY_free(rsa);
}

static void a_modulus_that_is_prime_or_a_square_is_not_sound(void **state)
{
    static const struct {
        unsigned bits, times;
    } cases[] = {{2203, 1}, {1279, 2}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        BIGNUM *n = BN_new();
        BN_CTX *context = BN_CTX_new();
        unsigned char bytes[1024];
        char *modulus AUTO_FREE = NULL;
        char *text AUTO_FREE = NULL;
        const char *why;
        struct jwk *key;

        assert_int_equal(BN_set_bit(n, (int)cases[i].bits), 1);
        assert_int_equal(BN_sub_word(n, 1), 1); /* a prime of Mersenne */
        if (cases[i].times == 2)
            assert_int_equal(BN_sqr(n, n, context), 1);
        modulus = text_of(bytes, (size_t)BN_bn2bin(n, bytes));
        assert_true(asprintf(&text, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"AQAB\"}", modulus) > 0);
        key = parse(text, &why);
        assert_non_null(key);
        assert_false(jwk_is_sound(key));
        jwk_free(key);
        BN_CTX_free(context);
        BN_free(n);
    }
}

static void an_ec_point_must_be_on_its_curve_and_of_full_length(void **state)
{
    static const char *const points[] = {
        /* off the curve; zeros; a zero before x; y a byte short; no y; a zero behind x, behind y; P-384's
           name */
        "\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyI\"",
        "\"crv\":\"P-256\",\"x\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\","
        "\"y\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"",
        "\"crv\":\"P-256\",\"x\":\"ADCgQkzSHClEg4otdckrN-duog2fAIk6O07uijwKr-w-\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"",
        "\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFw\"",
        "\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\"",
        "\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4A\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"",
        "\"crv\":\"P-256\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyMA\"",
        "\"crv\":\"P-384\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"",
        "\"crv\":\"P-256\",\"x\":\"\",\"y\":\"\"",
    };
    char text[512];

    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        (void)snprintf(text, sizeof text, "{\"kty\":\"EC\",%s}", points[i]);
        is_refused_as(text, "numbers");
    }
}

static void ed25519_keys_of_small_order_are_refused(void **state)
{
    static const char *const points[] = {
        "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA",
        "7P_______________________________________38", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU",
        "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_IU", "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o",
        "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA_o", "7f_______________________________________38",
        "7v_______________________________________38", "__________________________________________8",
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        (void)snprintf(text, sizeof text, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"}", points[i]);
        is_refused_as(text, "numbers");
    }
}

static void a_set_holds_the_usable_keys_and_knows_the_others(void **state)
{
    char text[2048];
    struct jwk_set *set AUTO_JWK_SET = NULL;

    (void)state;
    (void)snprintf(
        text, sizeof text,
        "{%s,\"kid\":\"a\"},{%s,\"kid\":\"b\",\"use\":\"enc\"},null,1,{},{\"kty\":\"oct\",\"kid\":\"c\"},"
        "{%s,\"kid\":\"d\"}",
        p256, p256, ed);
    set = set_of(text);
    assert_non_null(set);
    assert_int_equal(jwk_set_count(set), 2);
    assert_string_equal(jwk_kid(jwk_set_at(set, 0)), "a");
    assert_string_equal(jwk_kid(jwk_set_at(set, 1)), "d");
    assert_null(jwk_set_at(set, 2));
    assert_true(jwk_set_has_unfit(set, "b"));
    assert_true(jwk_set_has_unfit(set, "c"));
    assert_false(jwk_set_has_unfit(set, "a"));
    assert_false(jwk_set_has_unfit(set, "e"));
}

static void a_set_of_too_many_keys_is_refused(void **state)
{
    static const size_t counts[] = {JWK_KEYS_MAX, JWK_KEYS_MAX + 1, 10000};
    char *text AUTO_FREE = malloc(JWK_SET_MAX);

    (void)state;
    assert_non_null(text);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct jwk_set *set;
        size_t at = 0;

        for (size_t j = 0; j < counts[i]; j++)
            at += (size_t)sprintf(text + at, "%s{\"kid\":\"%zu\"}", j ? "," : "", j);
        set = set_of(text);
        assert_int_equal(set != NULL, counts[i] <= JWK_KEYS_MAX);
        jwk_set_free(set);
    }
}

static void a_set_that_is_too_large_is_refused(void **state)
{
    char *text AUTO_FREE = malloc(JWK_SET_MAX + 64);
    struct jwk_set *set;

    (void)state;
    assert_non_null(text);
    memset(text, ' ', JWK_SET_MAX + 64);
    memcpy(text, "{\"keys\":[]}", 11);
    assert_null(jwk_set_parse(text, JWK_SET_MAX + 1));
    set = jwk_set_parse(text, JWK_SET_MAX);
    assert_non_null(set);
    jwk_set_free(set);
}

static void what_is_no_set_is_refused(void **state)
{
    static const char *const texts[] = {"",
                                        "[]",
                                        "{}",
                                        "{\"keys\":{}}",
                                        "{\"keys\":null}",
                                        "{\"Keys\":[]}",
                                        "{\"keys\":[],\"keys\":[]}",
                                        "{\"keys\":[]",
                                        "keys"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_null(jwk_set_parse(texts[i], strlen(texts[i])));
    jwk_set_free(NULL);
    jwk_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_says_what_it_is),
        cmocka_unit_test(what_a_key_says_of_its_use_counts),
        cmocka_unit_test(oct_and_unknown_keys_are_passed_over),
        cmocka_unit_test(a_kid_longer_than_the_maximum_makes_a_key_unusable),
        cmocka_unit_test(rsa_keys_are_2048_to_8192_bits_long),
        cmocka_unit_test(an_rsa_exponent_is_odd_and_from_3_to_32_bits),
        cmocka_unit_test(a_modulus_that_is_prime_or_a_square_is_not_sound),
        cmocka_unit_test(an_ec_point_must_be_on_its_curve_and_of_full_length),
        cmocka_unit_test(ed25519_keys_of_small_order_are_refused),
        cmocka_unit_test(a_set_holds_the_usable_keys_and_knows_the_others),
        cmocka_unit_test(a_set_of_too_many_keys_is_refused),
        cmocka_unit_test(a_set_that_is_too_large_is_refused),
        cmocka_unit_test(what_is_no_set_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
