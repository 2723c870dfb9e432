/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client's own private key, and the compact JWS it makes (RFC 7515): RSA of JWK_RSA_BITS_MIN bits or more
 * for RS256 and PS256, P-256 for ES256, from PEM without a passphrase. Nothing else is a key.
 */
#ifndef HELPER_SIGNING_KEY_H
#define HELPER_SIGNING_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"
#include "jose/jwk.h"

struct signing_key;

/* Does this text mean to be a private key? */
bool signing_key_is_pem(const char *text, size_t length);

/* NULL: no such key, or no memory. It never asks anybody for a passphrase. */
struct signing_key *signing_key_parse(const char *pem, size_t length);
void signing_key_free(struct signing_key *key); /* erases it */

/* Of this key's kind: "RS256", "PS256" or "ES256". */
bool signing_key_fits(const struct signing_key *key, const char *alg);

/* The signed token; malloc'd, NULL: the key does not fit, or no memory. Header and payload are JSON texts;
 * that the header says `alg` is the caller's to see to. */
char *signing_key_sign(const struct signing_key *key, const char *alg, const char *header,
                       const char *payload);

static inline void cleanup_signing_key(struct signing_key **key)
{
    signing_key_free(*key);
}

#define AUTO_SIGNING_KEY CLEANUP(cleanup_signing_key)

#endif
