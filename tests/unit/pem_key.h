/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: a new key as PEM, and its public half as a key set. */
#ifndef TESTS_PEM_KEY_H
#define TESTS_PEM_KEY_H

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "jose/jwk.h"
#include "unit/signed_token.h"

struct pem_key {
    EVP_PKEY *pkey;
    char text[8192];
};

/* passphrase NULL: none. */
static inline struct pem_key pem_key_of(EVP_PKEY *pkey, const char *passphrase)
{
    struct pem_key key = {.pkey = pkey};
    BIO *bio = BIO_new(BIO_s_mem());
    const EVP_CIPHER *cipher = passphrase ? EVP_aes_128_cbc() : NULL;
    int length;

    assert_non_null(pkey);
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, pkey, cipher, passphrase,
                                                   passphrase ? (int)strlen(passphrase) : 0, NULL, NULL),
                     1);
    length = BIO_read(bio, key.text, (int)sizeof key.text - 1);
    assert_true(length > 0);
    key.text[length] = '\0';
    BIO_free(bio);
    return key;
}

static inline void pem_key_free(struct pem_key *key)
{
    EVP_PKEY_free(key->pkey);
}

static inline char *p256_jwk(EVP_PKEY *key)
{
    unsigned char point[65];
    size_t length;
    char *x, *y, *jwk;

    assert_int_equal(
        EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length), 1);
    assert_int_equal(length, sizeof point);
    x = text_of(point + 1, 32);
    y = text_of(point + 33, 32);
    assert_true(asprintf(&jwk, "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}", x, y) > 0);
    free(x);
    free(y);
    return jwk;
}

static inline struct jwk_set *public_half(EVP_PKEY *key)
{
    char *jwk = EVP_PKEY_is_a(key, "RSA") == 1 ? rsa_jwk(key, NULL, "") : p256_jwk(key);
    struct jwk_set *set = set_of(jwk);

    free(jwk);
    assert_non_null(set);
    assert_int_equal(jwk_set_count(set), 1);
    return set;
}

#define AUTO_PEM_KEY CLEANUP(pem_key_free)

#endif
