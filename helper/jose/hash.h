/* SPDX-License-Identifier: BSD-2-Clause */
/* SHA-256 for those who must not know OpenSSL: the code challenge of PKCE (RFC 7636 4.2), tickets, tags. */
#ifndef HELPER_HASH_H
#define HELPER_HASH_H

#include <stdbool.h>
#include <stddef.h>

#define HASH_SHA256_TEXT_SIZE 44 /* bytes of the text and its NUL */
#define HASH_SHA256_HEX_SIZE  65 /* likewise */

/* base64url(SHA-256(ascii)) into ret_text. */
bool hash_sha256_text(const char *ascii, char *ret_text, size_t size);

/* base64url(HMAC-SHA256(key, bytes)) into ret_text. */
struct hash_input {
    const void *bytes;
    size_t length;
};
bool hash_hmac_text(struct hash_input key, struct hash_input input, char *ret_text, size_t size);
/* The same in hexadecimal. */
bool hash_hmac_hex(struct hash_input key, struct hash_input input, char *ret_text, size_t size);

#endif
