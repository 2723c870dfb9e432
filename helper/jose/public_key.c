/* SPDX-License-Identifier: BSD-2-Clause */
/* See public_key.h. Ranges stand here and not at OpenSSL's mercy; its own check comes on top. */
#include "jose/public_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <string.h>

#define ED25519_BYTES 32
#define EC_BYTES_MAX  66

static void cleanup_bn(BIGNUM **bn)
{
    BN_free(*bn);
}

static void cleanup_context(EVP_PKEY_CTX **context)
{
    EVP_PKEY_CTX_free(*context);
}

static void cleanup_params(OSSL_PARAM **params)
{
    OSSL_PARAM_free(*params);
}

static void cleanup_builder(OSSL_PARAM_BLD **builder)
{
    OSSL_PARAM_BLD_free(*builder);
}

static EVP_PKEY *key_from_params(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY_CTX *context CLEANUP(cleanup_context) = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *key = NULL;

    if (!context || EVP_PKEY_fromdata_init(context) != 1 ||
        EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        EVP_PKEY_free(key);
        return NULL;
    }
    return key;
}

static bool rsa_numbers_are_fit(const BIGNUM *n, const BIGNUM *e)
{
    const int bits = BN_num_bits(n);

    return bits >= JWK_RSA_BITS_MIN && bits <= JWK_RSA_BITS_MAX && BN_is_odd(e) && !BN_is_one(e) &&
           BN_num_bits(e) <= 32;
}

/* One octet of zero before the modulus is what some servers add for the sign. */
EVP_PKEY *public_key_rsa(const struct octets *n, const struct octets *e)
{
    OSSL_PARAM_BLD *builder CLEANUP(cleanup_builder) = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params CLEANUP(cleanup_params) = NULL;
    BIGNUM *modulus CLEANUP(cleanup_bn) = NULL;
    BIGNUM *exponent CLEANUP(cleanup_bn) = NULL;

    if (!builder || n->length > JWK_RSA_BITS_MAX / 8 + 1 || e->length > sizeof(uint64_t))
        return NULL;
    modulus = BN_bin2bn(n->bytes, (int)n->length, NULL);
    exponent = BN_bin2bn(e->bytes, (int)e->length, NULL);
    if (!modulus || !exponent || !rsa_numbers_are_fit(modulus, exponent))
        return NULL;
    if (OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_N, modulus) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder, OSSL_PKEY_PARAM_RSA_E, exponent) != 1)
        return NULL;
    params = OSSL_PARAM_BLD_to_param(builder);
    return params ? key_from_params("RSA", params) : NULL;
}

EVP_PKEY *public_key_ec(enum jwk_kind kind, const struct octets *x, const struct octets *y)
{
    static const struct {
        char group[8];
        size_t bytes;
    } curves[] = {
        [JWK_EC_P256] = {"P-256", 32},
        [JWK_EC_P384] = {"P-384", 48},
        [JWK_EC_P521] = {"P-521", EC_BYTES_MAX},
    };
    const size_t bytes = curves[kind].bytes;
    unsigned char point[1 + 2 * EC_BYTES_MAX] = {POINT_CONVERSION_UNCOMPRESSED};
    char group[sizeof curves[kind].group];
    OSSL_PARAM params[3];

    if (x->length != bytes || y->length != bytes)
        return NULL;
    memcpy(group, curves[kind].group, sizeof group);
    memcpy(point + 1, x->bytes, bytes);
    memcpy(point + 1 + bytes, y->bytes, bytes);
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
    params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, 1 + 2 * bytes);
    params[2] = OSSL_PARAM_construct_end();
    return key_from_params("EC", params);
}

/* A y-coordinate of p = 2^255 - 19 or more is a second spelling of a smaller one. The sign bit is not looked
 * at. */
static bool ed25519_is_canonical(const unsigned char y[ED25519_BYTES])
{
    for (size_t i = 1; i < ED25519_BYTES - 1; i++)
        if (y[i] != 0xff)
            return true;
    return (y[ED25519_BYTES - 1] & 0x7f) != 0x7f || y[0] < 0xed;
}

/* Points of order 1, 2, 4 and 8: under such a key one signature fits every message. */
static bool ed25519_has_small_order(const unsigned char y[ED25519_BYTES])
{
    static const unsigned char small[][ED25519_BYTES] = {
        {0},
        {1},
        {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
         0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
         0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    };
    unsigned char unsigned_y[ED25519_BYTES];

    memcpy(unsigned_y, y, sizeof unsigned_y);
    unsigned_y[ED25519_BYTES - 1] &= 0x7f;
    for (size_t i = 0; i < sizeof small / sizeof small[0]; i++)
        if (memcmp(unsigned_y, small[i], sizeof unsigned_y) == 0)
            return true;
    return false;
}

EVP_PKEY *public_key_ed25519(const struct octets *x)
{
    if (x->length != ED25519_BYTES || !ed25519_is_canonical(x->bytes) || ed25519_has_small_order(x->bytes))
        return NULL;
    return EVP_PKEY_new_raw_public_key_ex(NULL, "ED25519", NULL, x->bytes, x->length);
}

static bool is_power_of_65537(unsigned residue, unsigned prime)
{
    unsigned power = 1;

    do {
        if (power == residue)
            return true;
        power = power * (65537 % prime) % prime;
    } while (power != 1);
    return false;
}

/*
 * CVE-2017-15361: such a modulus is a power of 65537 modulo every small prime, which for a random one happens
 * once in 2^150.
 */
static bool is_roca_modulus(const BIGNUM *n)
{
    static const unsigned char primes[] = {3,   5,   7,   11,  13,  17,  19,  23,  29,  31,  37,  41,  43,
                                           47,  53,  59,  61,  67,  71,  73,  79,  83,  89,  97,  101, 103,
                                           107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};

    for (size_t i = 0; i < sizeof primes; i++)
        if (!is_power_of_65537((unsigned)BN_mod_word(n, primes[i]), primes[i]))
            return false;
    return true;
}

bool public_key_is_sound(EVP_PKEY *key, enum jwk_kind kind)
{
    EVP_PKEY_CTX *context CLEANUP(cleanup_context) = EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    BIGNUM *modulus CLEANUP(cleanup_bn) = NULL;

    if (!context || EVP_PKEY_public_check(context) != 1)
        return false;
    if (kind != JWK_RSA)
        return true;
    return EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &modulus) == 1 && !is_roca_modulus(modulus);
}
