/* SPDX-License-Identifier: BSD-2-Clause */
/* Signing with OpenSSL, nothing left to its defaults. */
#include "jose/signing_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "jose/alg.h"
#include "jose/base64url.h"

#define P256_HALF     32
#define SIGNATURE_MAX (JWK_RSA_BITS_MAX / 8)
#define GROUP_MAX     32

struct signing_key {
    EVP_PKEY *pkey;
    enum jwk_kind kind;
};

static void cleanup_bio(BIO **bio)
{
    BIO_free(*bio);
}

static void cleanup_md_context(EVP_MD_CTX **context)
{
    EVP_MD_CTX_free(*context);
}

static void cleanup_ecdsa(ECDSA_SIG **signature)
{
    ECDSA_SIG_free(*signature);
}

bool signing_key_is_pem(const char *text, size_t length)
{
    static const char begin[] = "-----BEGIN ", end[] = "PRIVATE KEY-----";
    const char *label = length > 0 ? memmem(text, length, begin, strlen(begin)) : NULL;

    return label && memmem(label, length - (size_t)(label - text), end, strlen(end));
}

/* OpenSSL's own would ask the terminal. */
static int no_passphrase(char *buffer, int size, int writing, void *context)
{
    (void)buffer, (void)size, (void)writing, (void)context;
    return -1;
}

static bool find_kind(EVP_PKEY *pkey, enum jwk_kind *ret_kind)
{
    char group[GROUP_MAX];
    const int bits = EVP_PKEY_get_bits(pkey);

    if (EVP_PKEY_is_a(pkey, "RSA") == 1) {
        *ret_kind = JWK_RSA;
        return bits >= JWK_RSA_BITS_MIN && bits <= JWK_RSA_BITS_MAX;
    }
    *ret_kind = JWK_EC_P256;
    return EVP_PKEY_is_a(pkey, "EC") == 1 && EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) == 1 &&
           strcmp(group, "prime256v1") == 0;
}

/* In two steps: in one, OpenSSL would leave a copy of the key in memory that it frees. */
static EVP_PKEY *read_pem(const char *pem, size_t length)
{
    BIO *bio CLEANUP(cleanup_bio) = length <= INT32_MAX ? BIO_new_mem_buf(pem, (int)length) : NULL;
    const unsigned char *at;
    unsigned char *der = NULL;
    EVP_PKEY *pkey;
    long size = 0;

    if (!bio ||
        PEM_bytes_read_bio_secmem(&der, &size, NULL, PEM_STRING_EVP_PKEY, bio, no_passphrase, NULL) != 1)
        return NULL;
    at = der;
    pkey = d2i_AutoPrivateKey(NULL, &at, size);
    OPENSSL_secure_clear_free(der, (size_t)size);
    return pkey;
}

struct signing_key *signing_key_parse(const char *pem, size_t length)
{
    struct signing_key *key = signing_key_is_pem(pem, length) ? calloc(1, sizeof *key) : NULL;
    bool fit = false;

    if (key) {
        key->pkey = read_pem(pem, length);
        fit = key->pkey && find_kind(key->pkey, &key->kind);
    }
    /* The queue is the thread's: TLS, too, reads it. */
    ERR_clear_error();
    if (fit)
        return key;
    signing_key_free(key);
    return NULL;
}

void signing_key_free(struct signing_key *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey); /* OpenSSL clears private numbers when it frees them */
    free(key);
}

bool signing_key_fits(const struct signing_key *key, const char *alg)
{
    const struct alg *known = alg_find(alg);

    return known && known->kind == key->kind && known->digest && strcmp(known->digest, "SHA256") == 0;
}

static bool set_padding(EVP_PKEY_CTX *context, const struct alg *alg)
{
    if (alg->kind != JWK_RSA)
        return true;
    if (!alg->pss)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, alg->digest, NULL) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

/* RFC 7518 3.4: r and s side by side; OpenSSL gives DER. */
static bool der_to_raw(unsigned char signature[SIGNATURE_MAX], size_t *length)
{
    const unsigned char *der = signature;
    ECDSA_SIG *numbers CLEANUP(cleanup_ecdsa) = d2i_ECDSA_SIG(NULL, &der, (long)*length);

    if (!numbers || BN_bn2binpad(ECDSA_SIG_get0_r(numbers), signature, P256_HALF) != P256_HALF ||
        BN_bn2binpad(ECDSA_SIG_get0_s(numbers), signature + P256_HALF, P256_HALF) != P256_HALF)
        return false;
    *length = 2 * (size_t)P256_HALF;
    return true;
}

static bool sign(const struct signing_key *key, const struct alg *alg, const char *text,
                 unsigned char ret_signature[SIGNATURE_MAX], size_t *ret_length)
{
    EVP_MD_CTX *context CLEANUP(cleanup_md_context) = EVP_MD_CTX_new();
    EVP_PKEY_CTX *key_context;

    *ret_length = SIGNATURE_MAX;
    return context &&
           EVP_DigestSignInit_ex(context, &key_context, alg->digest, NULL, NULL, key->pkey, NULL) == 1 &&
           set_padding(key_context, alg) &&
           EVP_DigestSign(context, ret_signature, ret_length, (const unsigned char *)text, strlen(text)) ==
               1 &&
           (alg->kind == JWK_RSA || der_to_raw(ret_signature, ret_length));
}

static size_t encoded_size(size_t bytes)
{
    return 4 * ((bytes + 2) / 3) + 1;
}

/* Appends the base64url of some bytes at `at`; 0: it did not fit. */
static size_t append(char *token, size_t size, size_t at, const void *bytes, size_t length)
{
    return base64url_encode(bytes, length, token + at, size - at) ? at + strlen(token + at) : 0;
}

char *signing_key_sign(const struct signing_key *key, const char *alg, const char *header,
                       const char *payload)
{
    const struct alg *known = signing_key_fits(key, alg) ? alg_find(alg) : NULL;
    const size_t size =
        encoded_size(strlen(header)) + encoded_size(strlen(payload)) + encoded_size(SIGNATURE_MAX);
    AUTO_FREE char *token = known ? malloc(size) : NULL;
    unsigned char signature[SIGNATURE_MAX];
    size_t at, length;
    char *done;

    if (!token)
        return NULL;
    at = append(token, size, 0, header, strlen(header));
    token[at++] = '.';
    at = append(token, size, at, payload, strlen(payload));
    if (at == 0 || !sign(key, known, token, signature, &length)) {
        ERR_clear_error();
        return NULL;
    }
    token[at++] = '.';
    if (append(token, size, at, signature, length) == 0)
        return NULL;
    done = token;
    token = NULL;
    return done;
}
