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

/* HMAC-SHA256, of EVP_MAX_MD_SIZE bytes at most; 0: OpenSSL made none. */
static size_t hmac(struct hash_input key, struct hash_input input, unsigned char *ret_digest)
{
    unsigned length = 0;

    if (key.length > INT_MAX ||
        !HMAC(EVP_sha256(), key.bytes, (int)key.length, input.bytes, input.length, ret_digest, &length))
        return 0;
    return length;
}

bool hash_hmac_hex(struct hash_input key, struct hash_input input, char *ret_text, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[EVP_MAX_MD_SIZE];
    const size_t length = hmac(key, input, digest);

    if (length == 0 || size < 2 * length + 1)
        return false;
    for (size_t i = 0; i < length; i++) {
        ret_text[2 * i] = digits[digest[i] >> 4];
        ret_text[2 * i + 1] = digits[digest[i] & 15];
    }
    ret_text[2 * length] = '\0';
    return true;
}

bool hash_hmac_text(struct hash_input key, struct hash_input input, char *ret_text, size_t size)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    const size_t length = hmac(key, input, digest);

    return length > 0 && base64url_encode(digest, length, ret_text, size);
}
