/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Keys of an issuer (RFC 7517, RFC 7518 section 6, RFC 8037). Only public signature keys of kty RSA, EC and
 * OKP Ed25519 become candidates; oct keys and anything not understood are passed over, as section 5 demands.
 */
#ifndef HELPER_JWK_H
#define HELPER_JWK_H

#include <stdbool.h>
#include <stddef.h>

#include "cleanup.h"
#include "json/json.h"

#define JWK_SET_MAX      (1024 * 1024) /* bytes */
#define JWK_KEYS_MAX     64            /* looked at; a set of more is refused */
#define JWK_TRIED_MAX    8             /* candidates for a token without kid; more: refused */
#define JWK_RSA_BITS_MIN 2048
#define JWK_RSA_BITS_MAX 8192
#define JWK_KID_MAX      256 /* bytes; a longer kid never matches */

enum jwk_kind { JWK_RSA, JWK_EC_P256, JWK_EC_P384, JWK_EC_P521, JWK_ED25519 };

struct jwk; /* one public key that may verify signatures */
struct jwk_set;

/* NULL: no JWK set at all (not JSON, no "keys" array, too many). A set may hold no usable key. */
struct jwk_set *jwk_set_parse(const char *text, size_t length);
void jwk_set_free(struct jwk_set *set);
size_t jwk_set_count(const struct jwk_set *set);
const struct jwk *jwk_set_at(const struct jwk_set *set, size_t i);

/* True when a key of this kid was passed over: it is there, and it is not for us. */
bool jwk_set_has_unfit(const struct jwk_set *set, const char *kid);

/*
 * One key; NULL: not usable for verifying (*ret_why: a static word for the log). "use" must be "sig" and
 * "key_ops" hold "verify" where they are present, "alg" must be one of ours for that kind of key, members of
 * a private key make it unusable.
 */
struct jwk *jwk_parse(const struct json_value *value, const char **ret_why);

/* The examination that takes too long to be done for keys that no token names: asked before each first use.
 */
bool jwk_is_sound(const struct jwk *key);

/* The same public key, whatever their names. */
bool jwk_equal(const struct jwk *a, const struct jwk *b);
void jwk_free(struct jwk *key);

enum jwk_kind jwk_kind(const struct jwk *key);
const char *jwk_kid(const struct jwk *key); /* NULL: none */
const char *jwk_alg(const struct jwk *key); /* NULL: not said */
void *jwk_pkey(const struct jwk *key);      /* EVP_PKEY *, for jws.c */

static inline void cleanup_jwk_set(struct jwk_set **set)
{
    jwk_set_free(*set);
}

#define AUTO_JWK_SET CLEANUP(cleanup_jwk_set)

#endif
