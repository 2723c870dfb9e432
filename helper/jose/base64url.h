/* SPDX-License-Identifier: BSD-2-Clause */
/* RFC 4648 section 5 without padding, as JOSE wants it: one text for one value, anything else is refused. */
#ifndef HELPER_BASE64URL_H
#define HELPER_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

/* Strict: no '=', no white space, no other alphabet, no set bits beyond the last byte, no length of 1
 * modulo 4. */
bool base64url_decode(const char *text, size_t length, unsigned char *ret_bytes, size_t size,
                      size_t *ret_length);

/* malloc'd, a NUL behind the bytes; NULL: not base64url, or no memory. */
unsigned char *base64url_decode_new(const char *text, size_t length, size_t *ret_length);

/* Into ret_text with a NUL; false when it does not fit. */
bool base64url_encode(const void *bytes, size_t length, char *ret_text, size_t size);

#endif
