/* SPDX-License-Identifier: BSD-2-Clause */
/* A door so small that rooms outside jose/ can hash without including OpenSSL. */
#include "jose/hash.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

#include "jose/base64url.h"

bool hash_sha256_text(const char *ascii, char *ret_text, size_t size)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (EVP_Digest(ascii, strlen(ascii), digest, &length, EVP_sha256(), NULL) != 1)
        return false;
    return base64url_encode(digest, length, ret_text, size);
}

bool hash_hmac_hex(struct hash_input key, struct hash_input input, char *ret_text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (key.length > INT_MAX ||
        !HMAC(EVP_sha256(), key.bytes, (int)key.length, input.bytes, input.length, digest, &length) ||
        size < 2 * (size_t)length + 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        ret_text[2 * i] = digits[digest[i] >> 4];
        ret_text[2 * i + 1] = digits[digest[i] & 15];
    }
    ret_text[2 * (size_t)length] = '\0';
    return true;
}

bool hash_hmac_text(struct hash_input key, struct hash_input input, char *ret_text, size_t size)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;

    if (key.length > INT_MAX ||
        !HMAC(EVP_sha256(), key.bytes, (int)key.length, input.bytes, input.length, digest, &length))
        return false;
    return base64url_encode(digest, length, ret_text, size);
}
