/* SPDX-License-Identifier: BSD-2-Clause */
/* OpenSSL without memory: whichever thing it cannot make, no signature is good and nothing is left behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <openssl/hmac.h>
#include <openssl/param_build.h>

#include "jose/hash.h"
#include "unit/alg_tokens.h"

static struct {
    unsigned left; /* 0: all is well */
    bool came;
} nothing;

static bool there_is_nothing(void)
{
    if (nothing.left == 0 || --nothing.left > 0)
        return false;
    nothing.came = true;
    return true;
}

/* NOLINTNEXTLINE(bugprone-macro-parentheses): types and lists of parameters stand bare */
#define GIVES(type, name, parameters, arguments)                                                             \
    type __real_##name parameters;                                                                           \
    type __wrap_##name parameters;                                                                           \
    type __wrap_##name parameters                                                                            \
    {                                                                                                        \
        return there_is_nothing() ? 0 : __real_##name arguments;                                             \
    }

GIVES(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_name, (OSSL_LIB_CTX * l, const char *name, const char *q),
      (l, name, q))
GIVES(EVP_PKEY_CTX *, EVP_PKEY_CTX_new_from_pkey, (OSSL_LIB_CTX * l, EVP_PKEY *key, const char *q),
      (l, key, q))
GIVES(EVP_PKEY *, EVP_PKEY_new_raw_public_key_ex,
      (OSSL_LIB_CTX * l, const char *type, const char *q, const unsigned char *bytes, size_t n),
      (l, type, q, bytes, n))
GIVES(OSSL_PARAM_BLD *, OSSL_PARAM_BLD_new, (void), ())
GIVES(OSSL_PARAM *, OSSL_PARAM_BLD_to_param, (OSSL_PARAM_BLD * builder), (builder))
GIVES(BIGNUM *, BN_bin2bn, (const unsigned char *bytes, int n, BIGNUM *to), (bytes, n, to))
GIVES(EVP_MD_CTX *, EVP_MD_CTX_new, (void), ())
GIVES(ECDSA_SIG *, ECDSA_SIG_new, (void), ())
GIVES(int, ECDSA_SIG_set0, (ECDSA_SIG * signature, BIGNUM *r, BIGNUM *s), (signature, r, s))

static bool hmac_is_made = true;

unsigned char *__wrap_HMAC(const EVP_MD *type, const void *key, int key_length, const unsigned char *bytes,
                           size_t length, unsigned char *ret_digest, unsigned *ret_length);

unsigned char *__wrap_HMAC(const EVP_MD *type, const void *key, int key_length, const unsigned char *bytes,
                           size_t length, unsigned char *ret_digest, unsigned *ret_length)
{
    (void)type;
    (void)key;
    (void)key_length;
    (void)bytes;
    (void)length;
    memset(ret_digest, 'd', 32);
    *ret_length = 32;
    return hmac_is_made ? ret_digest : NULL;
}

static void no_signature_is_good_without_all_that_it_takes(void **state)
{
    static const char *const algs[] = {"RS256", "PS256", "ES256", "EdDSA"};

    (void)state;
    for (size_t i = 0; i < sizeof algs / sizeof algs[0]; i++) {
        char *token AUTO_FREE = token_of(algs[i], "payload", 0);
        unsigned things = 0;

        do {
            bool taken;

            nothing = (typeof(nothing)){.left = ++things};
            taken = is_taken(algs[i], token);
            nothing.left = 0;
            if (taken == nothing.came)
                fail_msg("%s: %u things, and %s", algs[i], things, taken ? "taken" : "refused");
        } while (nothing.came);
        assert_true(things > 3);
    }
}

static void without_an_hmac_there_is_no_hash(void **state)
{
    const struct hash_input key = {.bytes = "key", .length = 3}, input = {.bytes = "input", .length = 5};
    const struct hash_input endless = {.bytes = "key", .length = (size_t)INT_MAX + 1};
    char text[HASH_SHA256_HEX_SIZE] = "kept";

    (void)state;
    hmac_is_made = false;
    assert_false(hash_hmac_text(key, input, text, sizeof text));
    assert_false(hash_hmac_hex(key, input, text, sizeof text));
    hmac_is_made = true;
    assert_false(hash_hmac_text(endless, input, text, sizeof text));
    assert_false(hash_hmac_hex(endless, input, text, sizeof text));
    assert_string_equal(text, "kept");
    assert_true(hash_hmac_text(key, input, text, sizeof text));
    assert_int_equal(strlen(text), 43);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_signature_is_good_without_all_that_it_takes),
        cmocka_unit_test(without_an_hmac_there_is_no_hash),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
