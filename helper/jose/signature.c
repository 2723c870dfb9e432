/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Verifying with OpenSSL, nothing left to its defaults. EVP_DigestVerify answers -1 for malformed signatures:
 * only 1 is yes.
 */
#include "jose/signature.h"

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

static void cleanup_md_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void cleanup_ecdsa(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

bool key_fits_alg(const struct jwk *key, const struct alg *alg)
{
    const struct alg *said = jwk_alg(key) ? alg_find(jwk_alg(key)) : alg;

    return jwk_kind(key) == alg->kind && alg_equal(said, alg);
}

/* The salt is as long as the digest (OpenSSL would take any length), and MGF1 uses the same digest. */
static bool set_pss(EVP_PKEY_CTX *context, const struct alg *alg)
{
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, alg->digest, NULL) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

static bool set_padding(EVP_PKEY_CTX *context, const struct alg *alg)
{
    if (alg->pss)
        return set_pss(context, alg);
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
}

static bool verify(const struct jwk *key, const struct alg *alg, const struct signed_bytes *what)
{
    EVP_MD_CTX *context CLEANUP(cleanup_md_context) = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pkey_context;

    if (!context ||
        EVP_DigestVerifyInit_ex(context, &pkey_context, alg->digest, NULL, NULL, jwk_pkey(key), NULL) != 1)
        return false;
    if (alg->kind == JWK_RSA && !set_padding(pkey_context, alg))
        return false;
    return EVP_DigestVerify(context, what->signature, what->signature_length, what->bytes, what->length) == 1;
}

/* r and s as OpenSSL wants them: in DER; its length. 0 or less: not of the one right length, or no memory. */
static int raw_to_der(const struct alg *alg, const struct signed_bytes *what, unsigned char **ret_der)
{
    const size_t half = alg->kind == JWK_EC_P256 ? 32 : alg->kind == JWK_EC_P384 ? 48 : 66;
    ECDSA_SIG *numbers CLEANUP(cleanup_ecdsa) = ECDSA_SIG_new();
    BIGNUM *r, *s;

    if (!numbers || what->signature_length != 2 * half)
        return 0;
    r = BN_bin2bn(what->signature, (int)half, NULL);
    s = BN_bin2bn(what->signature + half, (int)half, NULL);
    if (ECDSA_SIG_set0(numbers, r, s) != 1) { /* so it says when one of them is NULL */
        BN_free(r);
        BN_free(s);
        return 0;
    }
    return i2d_ECDSA_SIG(numbers, ret_der);
}

static bool verify_ecdsa(const struct jwk *key, const struct alg *alg, const struct signed_bytes *what)
{
    struct signed_bytes in_der = *what;
    unsigned char *der = NULL;
    const int length = raw_to_der(alg, what, &der);
    bool good;

    in_der.signature = der;
    in_der.signature_length = (size_t)length;
    good = length > 0 && verify(key, alg, &in_der);
    OPENSSL_free(der);
    return good;
}

bool signature_is_good(const struct jwk *key, const struct alg *alg, const struct signed_bytes *what)
{
    const bool is_ecdsa = alg->digest && alg->kind != JWK_RSA;
    const bool good = is_ecdsa ? verify_ecdsa(key, alg, what) : verify(key, alg, what);

    /* The queue is the thread's: TLS, too, reads it. */
    ERR_clear_error();
    return good;
}
