/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * base64url by hand: libraries skip white space, accept padding or drop the spare bits of the last character,
 * and each of these gives one signature many spellings.
 */
#include "jose/base64url.h"

#include <stdint.h>
#include <stdlib.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static int sextet(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '-')
        return 62;
    return c == '_' ? 63 : -1;
}

static bool is_base64url(const char *text, size_t length)
{
    static const int spare_bits[] = {0, 0, 0xf, 0x3};
    const size_t tail = length % 4;

    if (tail == 1)
        return false;
    for (size_t i = 0; i < length; i++)
        if (sextet(text[i]) < 0)
            return false;
    return tail == 0 || (sextet(text[length - 1]) & spare_bits[tail]) == 0;
}

bool base64url_decode(const char *text, size_t length, unsigned char *ret_bytes, size_t size,
                      size_t *ret_length)
{
    const size_t bytes = length / 4 * 3 + (length % 4 ? length % 4 - 1 : 0);
    unsigned bits = 0;
    size_t at = 0;

    if (!is_base64url(text, length) || bytes > size)
        return false;
    for (size_t i = 0; i < length; i++) {
        bits = (bits << 6 | (unsigned)sextet(text[i])) & 0xffffff;
        if (i % 4 != 0)
            ret_bytes[at++] = (unsigned char)(bits >> (6 - i % 4 * 2));
    }
    *ret_length = bytes;
    return true;
}

unsigned char *base64url_decode_new(const char *text, size_t length, size_t *ret_length)
{
    const size_t size = length / 4 * 3 + 3;
    unsigned char *bytes = malloc(size);
    size_t decoded;

    if (!bytes || !base64url_decode(text, length, bytes, size - 1, &decoded)) {
        free(bytes);
        return NULL;
    }
    bytes[decoded] = '\0';
    *ret_length = decoded;
    return bytes;
}

bool base64url_encode(const void *bytes, size_t length, char *ret_text, size_t size)
{
    const unsigned char *from = bytes;
    const size_t tail = length % 3;
    size_t at = 0;

    if (length > SIZE_MAX / 2 || size <= length / 3 * 4 + (tail ? tail + 1 : 0))
        return false;
    for (size_t i = 0; i < length; i += 3) {
        const size_t left = length - i;
        const unsigned bits = (unsigned)from[i] << 16 | (left > 1 ? (unsigned)from[i + 1] << 8 : 0) |
                              (left > 2 ? (unsigned)from[i + 2] : 0);

        ret_text[at++] = alphabet[bits >> 18];
        ret_text[at++] = alphabet[bits >> 12 & 63];
        if (left > 1)
            ret_text[at++] = alphabet[bits >> 6 & 63];
        if (left > 2)
            ret_text[at++] = alphabet[bits & 63];
    }
    ret_text[at] = '\0';
    return true;
}
