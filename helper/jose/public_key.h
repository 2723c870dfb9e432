/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Public keys from the numbers of a JWK: OpenSSL builds them, we judge them first, for OpenSSL takes RSA keys
 * with e = 1 (any signature is good), the point at infinity and the small-order points of Ed25519.
 */
#ifndef HELPER_PUBLIC_KEY_H
#define HELPER_PUBLIC_KEY_H

#include <openssl/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "jose/jwk.h"

struct octets {
    unsigned char *bytes;
    size_t length;
};

/* Each NULL: no key, or one that must not be used. What takes long is left to public_key_is_sound. */
EVP_PKEY *public_key_rsa(const struct octets *n, const struct octets *e);
EVP_PKEY *public_key_ec(enum jwk_kind kind, const struct octets *x, const struct octets *y);
EVP_PKEY *public_key_ed25519(const struct octets *x);

/* OpenSSL's own examination, and no modulus of the ROCA kind. 3 ms for RSA of 2048 bits, 100 ms for 8192. */
bool public_key_is_sound(EVP_PKEY *key, enum jwk_kind kind);

#endif
