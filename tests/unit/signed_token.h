/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: keys made by OpenSSL on the spot, their JWKs, and tokens signed with them. */
#ifndef TESTS_SIGNED_TOKEN_H
#define TESTS_SIGNED_TOKEN_H

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jose/base64url.h"

static inline char *text_of(const void *bytes, size_t length)
{
    char *text = malloc(2 * length + 4);

    assert_non_null(text);
    assert_true(base64url_encode(bytes, length, text, 2 * length + 4));
    return text;
}

/* {"kty":"RSA","n":…,"e":…EXTRA}; e is given as base64url, NULL for the key's own. EXTRA begins with a comma.
 */
static inline char *rsa_jwk(EVP_PKEY *key, const char *e, const char *extra)
{
    unsigned char bytes[2048];
    BIGNUM *n = NULL;
    char *text, *jwk;

    assert_int_equal(EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_N, &n), 1);
    text = text_of(bytes, (size_t)BN_bn2bin(n, bytes));
    assert_true(asprintf(&jwk, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}", text, e ? e : "AQAB", extra) >
                0);
    free(text);
    BN_free(n);
    return jwk;
}

/* {"kty":"OKP","crv":"Ed25519","x":…EXTRA} */
static inline char *ed25519_jwk(EVP_PKEY *key, const char *extra)
{
    unsigned char bytes[32];
    size_t length = sizeof bytes;
    char *text, *jwk;

    assert_int_equal(EVP_PKEY_get_raw_public_key(key, bytes, &length), 1);
    text = text_of(bytes, length);
    assert_true(asprintf(&jwk, "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"%s\"%s}", text, extra) > 0);
    free(text);
    return jwk;
}

/* header.payload, both in base64url */
static inline char *signing_input(const char *header, const char *payload)
{
    char *first = text_of(header, strlen(header)), *second = text_of(payload, strlen(payload)), *input;

    assert_true(asprintf(&input, "%s.%s", first, second) > 0);
    free(first);
    free(second);
    return input;
}

static inline char *token_with(const char *input, const void *signature, size_t length)
{
    char *text = text_of(signature, length), *token;

    assert_true(asprintf(&token, "%s.%s", input, text) > 0);
    free(text);
    return token;
}

/* Signed with PKCS #1 v1.5 and SHA-256 (RSA keys) or Ed25519. */
static inline char *signed_token(EVP_PKEY *key, const char *header, const char *payload)
{
    char *input = signing_input(header, payload), *token;
    unsigned char signature[1024];
    size_t length = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const char *digest = EVP_PKEY_is_a(key, "RSA") ? "SHA256" : NULL;

    assert_int_equal(EVP_DigestSignInit_ex(context, NULL, digest, NULL, NULL, key, NULL), 1);
    assert_int_equal(EVP_DigestSign(context, signature, &length, (const unsigned char *)input, strlen(input)),
                     1);
    EVP_MD_CTX_free(context);
    token = token_with(input, signature, length);
    free(input);
    return token;
}

/* A key set of these JWKs, comma-separated. */
static inline struct jwk_set *set_of(const char *jwks)
{
    char *text;
    const int length = asprintf(&text, "{\"keys\":[%s]}", jwks);
    struct jwk_set *set;

    assert_true(length > 0);
    set = jwk_set_parse(text, (size_t)length);
    free(text);
    return set;
}

#endif
