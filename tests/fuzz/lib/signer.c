/* SPDX-License-Identifier: BSD-2-Clause */
/* Signs what it is given, as a provider that means well or ill. */
#include "fuzz/lib/signer.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "jose/base64url.h"

#define SIGNATURE_SIZE 64

static EVP_PKEY *private_key(void)
{
    static const unsigned char seed[32] = "a desk's key, known to everybody";
    static EVP_PKEY *key;

    if (!key)
        key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
    FUZZ_CHECK(key);
    return key;
}

const char *signer_key_set(void)
{
    static char text[160];
    unsigned char bytes[32];
    size_t length = sizeof bytes;
    char x[48];

    faults_pause();
    FUZZ_CHECK(EVP_PKEY_get_raw_public_key(private_key(), bytes, &length) == 1);
    FUZZ_CHECK(base64url_encode(bytes, length, x, sizeof x));
    (void)snprintf(text, sizeof text,
                   "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"desk\",\"x\":\"%s\"}]}", x);
    faults_resume();
    return text;
}

const struct jwk_set *signer_keys(void)
{
    static struct jwk_set *set;

    faults_pause();
    if (!set)
        set = jwk_set_parse(signer_key_set(), strlen(signer_key_set()));
    faults_resume();
    FUZZ_CHECK(set);
    return set;
}

char *signer_sign(const uint8_t *header, size_t header_length, const uint8_t *payload, size_t payload_length)
{
    const size_t size = 2 * (header_length + payload_length) + 128;
    unsigned char signature[SIGNATURE_SIZE];
    size_t length = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    char *token = malloc(size);

    FUZZ_CHECK(token && base64url_encode(header, header_length, token, size));
    strcat(token, "."); /* NOLINT: there is room */
    FUZZ_CHECK(base64url_encode(payload, payload_length, token + strlen(token), size - strlen(token)));
    FUZZ_CHECK(context && EVP_DigestSignInit_ex(context, NULL, NULL, NULL, NULL, private_key(), NULL) == 1);
    FUZZ_CHECK(EVP_DigestSign(context, signature, &length, (const unsigned char *)token, strlen(token)) == 1);
    EVP_MD_CTX_free(context);
    strcat(token, "."); /* NOLINT: there is room */
    FUZZ_CHECK(base64url_encode(signature, length, token + strlen(token), size - strlen(token)));
    return token;
}
