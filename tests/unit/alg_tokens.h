/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: a key and a good token of each kind of algorithm, and what the verifier says of one. */
#ifndef TESTS_ALG_TOKENS_H
#define TESTS_ALG_TOKENS_H

#include <openssl/ec.h>
#include <openssl/rsa.h>

#include "jose/jws.h"
#include "unit/signed_token.h"

static EVP_PKEY *rsa, *ec, *ed;

static inline int make_keys(void **state)
{
    (void)state;
    rsa = EVP_RSA_gen(2048);
    ec = EVP_EC_gen("P-256");
    ed = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    return rsa && ec && ed ? 0 : -1;
}

static inline int free_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(ed);
    return 0;
}

static inline EVP_PKEY *key_of(const char *alg)
{
    return alg[0] == 'R' || alg[0] == 'P' ? rsa : alg[1] == 'S' ? ec : ed;
}

static inline char *ec_jwk(void)
{
    unsigned char point[65];
    size_t length;
    char *x AUTO_FREE = NULL, *y AUTO_FREE = NULL, *jwk;

    assert_int_equal(
        EVP_PKEY_get_octet_string_param(ec, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length), 1);
    x = text_of(point + 1, 32);
    y = text_of(point + 33, 32);
    assert_true(asprintf(&jwk, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", x, y) > 0);
    return jwk;
}

/* r and s of an ES256 signature, one behind the other. */
static inline void raw_signature(const unsigned char *der, size_t length, unsigned char ret_raw[64])
{
    ECDSA_SIG *signature = d2i_ECDSA_SIG(NULL, &der, (long)length);

    assert_non_null(signature);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_r(signature), ret_raw, 32), 32);
    assert_int_equal(BN_bn2binpad(ECDSA_SIG_get0_s(signature), ret_raw + 32, 32), 32);
    ECDSA_SIG_free(signature);
}

/* A good token; `cut` octets of its signature are left out. */
static inline char *token_of(const char *alg, const char *payload, size_t cut)
{
    char header[32];
    char *input AUTO_FREE = NULL;
    unsigned char signature[512], raw[64];
    size_t length = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pkey;

    (void)snprintf(header, sizeof header, "{\"alg\":\"%s\"}", alg);
    input = signing_input(header, payload);
    assert_int_equal(EVP_DigestSignInit_ex(context, &pkey, alg[0] == 'E' && alg[1] == 'd' ? NULL : "SHA256",
                                           NULL, NULL, key_of(alg), NULL),
                     1);
    if (alg[0] == 'P') {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(pkey, RSA_PKCS1_PSS_PADDING), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(pkey, RSA_PSS_SALTLEN_DIGEST), 1);
    }
    assert_int_equal(EVP_DigestSign(context, signature, &length, (const unsigned char *)input, strlen(input)),
                     1);
    EVP_MD_CTX_free(context);
    if (key_of(alg) == ec) {
        raw_signature(signature, length, raw);
        return token_with(input, raw, sizeof raw - cut);
    }
    return token_with(input, signature, length - cut);
}

/* From the key's text to the verdict. */
static inline bool is_taken(const char *alg, const char *token)
{
    char allowed_alg[8];
    char *const allowed[] = {allowed_alg, NULL};
    char *jwk AUTO_FREE = key_of(alg) == rsa  ? rsa_jwk(rsa, NULL, "")
                          : key_of(alg) == ec ? ec_jwk()
                                              : ed25519_jwk(ed, "");
    struct jwk_set *keys AUTO_JWK_SET = set_of(jwk);
    struct jws *jws AUTO_JWS = NULL;

    (void)stpcpy(allowed_alg, alg);
    assert_int_equal(jws_parse(token, strlen(token), &jws), REASON_OK);
    return keys && jws_verify(jws, keys, allowed) == REASON_OK;
}

#endif
