/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which key may have made this signature, and did it? The order is: algorithm allowed, key found, key fit for
 * that algorithm, key sound, signature good. EVP_DigestVerify answers -1, too: only 1 is yes.
 */
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "jose/alg.h"
#include "jose/jws.h"

static void cleanup_md_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void cleanup_ecdsa(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

/* The key's type decides, and its own word about the algorithm when it has one. */
static bool key_fits(const struct jwk *key, const struct alg *alg)
{
    const struct alg *said = jwk_alg(key) ? alg_find(jwk_alg(key)) : alg;

    return jwk_kind(key) == alg->kind && said && alg_equal(said, alg);
}

/* The salt is as long as the digest (OpenSSL would take any length), and MGF1 uses the same digest. */
static bool set_pss(EVP_PKEY_CTX *context, const struct alg *alg)
{
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, alg->digest, NULL) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static bool verify(const struct jws *jws, const struct jwk *key, const struct alg *alg,
                   const unsigned char *signature, size_t length)
{
    EVP_MD_CTX *context CLEANUP(cleanup_md_context) = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pkey_context;
    size_t input_length;
    const char *input = jws_signing_input(jws, &input_length);

    if (!context ||
        EVP_DigestVerifyInit_ex(context, &pkey_context, alg->digest, NULL, NULL, jwk_pkey(key), NULL) != 1)
        return false;
    if (alg->kind == JWK_RSA && !alg->pss &&
        EVP_PKEY_CTX_set_rsa_padding(pkey_context, RSA_PKCS1_PADDING) != 1)
        return false;
    if (alg->pss && !set_pss(pkey_context, alg))
        return false;
    return EVP_DigestVerify(context, signature, length, (const unsigned char *)input, input_length) == 1;
}

/* RFC 7518 3.4: r and s side by side, each as long as the order of the group; OpenSSL wants DER. */
static bool verify_ecdsa(const struct jws *jws, const struct jwk *key, const struct alg *alg)
{
    const size_t half = alg->kind == JWK_EC_P256 ? 32 : alg->kind == JWK_EC_P384 ? 48 : 66;
    ECDSA_SIG *numbers CLEANUP(cleanup_ecdsa) = ECDSA_SIG_new();
    unsigned char *der = NULL;
    size_t length;
    const unsigned char *raw = jws_signature(jws, &length);
    BIGNUM *r, *s;
    bool good;
    int der_length;

    if (!numbers || length != 2 * half)
        return false;
    r = BN_bin2bn(raw, (int)half, NULL);
    s = BN_bin2bn(raw + half, (int)half, NULL);
    if (!r || !s || ECDSA_SIG_set0(numbers, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return false;
    }
    der_length = i2d_ECDSA_SIG(numbers, &der);
    good = der_length > 0 && verify(jws, key, alg, der, (size_t)der_length);
    OPENSSL_free(der);
    return good;
}

static bool signature_is_good(const struct jws *jws, const struct jwk *key, const struct alg *alg)
{
    size_t length;
    const unsigned char *signature = jws_signature(jws, &length);
    const bool is_ecdsa = alg->digest && alg->kind != JWK_RSA;
    const bool good = is_ecdsa ? verify_ecdsa(jws, key, alg) : verify(jws, key, alg, signature, length);

    ERR_clear_error();
    return good;
}

bool jws_verify_with(const struct jws *jws, const struct jwk *key)
{
    const struct alg *alg = alg_find(jws_alg(jws));

    return alg && key_fits(key, alg) && jwk_is_sound(key) && signature_is_good(jws, key, alg);
}

/* Two different keys of one kid that both fit: nobody can say whose signature it was. */
static enum reason verify_by_kid(const struct jws *jws, const struct jwk_set *keys, const struct alg *alg)
{
    const struct jwk *chosen = NULL;
    bool seen = jwk_set_has_unfit(keys, jws_kid(jws));

    for (size_t i = 0; i < jwk_set_count(keys); i++) {
        const struct jwk *key = jwk_set_at(keys, i);

        if (!jwk_kid(key) || strcmp(jwk_kid(key), jws_kid(jws)) != 0)
            continue;
        seen = true;
        if (!key_fits(key, alg))
            continue;
        if (chosen && !jwk_equal(chosen, key))
            return REASON_KEY_UNFIT;
        chosen = key;
    }
    if (!chosen)
        return seen ? REASON_KEY_UNFIT : REASON_KEY_UNKNOWN;
    if (!jwk_is_sound(chosen))
        return REASON_KEY_UNFIT;
    return signature_is_good(jws, chosen, alg) ? REASON_OK : REASON_SIGNATURE;
}

/* No key of the set made this signature: the issuer may have changed keys since, so it is "unknown". */
static enum reason verify_by_trying(const struct jws *jws, const struct jwk_set *keys, const struct alg *alg)
{
    const struct jwk *fitting[JWK_TRIED_MAX];
    size_t count = 0;

    for (size_t i = 0; i < jwk_set_count(keys); i++) {
        if (!key_fits(jwk_set_at(keys, i), alg))
            continue;
        if (count == JWK_TRIED_MAX)
            return REASON_KEY_UNFIT;
        fitting[count++] = jwk_set_at(keys, i);
    }
    for (size_t i = 0; i < count; i++)
        if (jws_verify_with(jws, fitting[i]))
            return REASON_OK;
    return REASON_KEY_UNKNOWN;
}

static bool is_allowed(const char *name, char *const *allowed)
{
    for (; *allowed; allowed++)
        if (strcmp(*allowed, name) == 0)
            return true;
    return false;
}

enum reason jws_verify(const struct jws *jws, const struct jwk_set *keys, char *const *allowed)
{
    const struct alg *alg = alg_find(jws_alg(jws));

    if (!alg || !is_allowed(jws_alg(jws), allowed))
        return REASON_ALG_NOT_ALLOWED;
    return jws_kid(jws) ? verify_by_kid(jws, keys, alg) : verify_by_trying(jws, keys, alg);
}
