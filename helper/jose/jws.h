/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compact JWS (RFC 7515): take apart, judge the header, verify with keys of the issuer. RS, PS, ES
 * 256/384/512 and Ed25519 (as "EdDSA" and, RFC 9864, "Ed25519"); never "none", never HS*. The key's type
 * decides with which algorithms it may be used. Header parameters that carry or point to keys (jku, x5u, jwk,
 * x5c) are not looked at; crit and b64 are refused.
 */
#ifndef HELPER_JWS_H
#define HELPER_JWS_H

#include <stdbool.h>
#include <stddef.h>

#include "jwk.h"
#include "reason.h"

#define JWS_TOKEN_MAX (64 * 1024) /* bytes of an ID token */

struct signed_bytes; /* signature.h */
struct jws;          /* a token taken apart; owns copies, erases them */

/* REASON_OK, or REASON_JWS_MALFORMED, _JWE_UNSUPPORTED (five parts), _JWS_HEADER, _JWS_CRIT. */
enum reason jws_parse(const char *token, size_t length, struct jws **ret_jws);
void jws_free(struct jws *jws);

const char *jws_alg(const struct jws *jws);
const char *jws_kid(const struct jws *jws); /* NULL: none */
const char *jws_typ(const struct jws *jws); /* NULL: none */
const char *jws_cty(const struct jws *jws); /* NULL: none */
const unsigned char *jws_payload(const struct jws *jws, size_t *ret_length);
/* The token up to its second dot, and the signature; both live as long as `jws`. */
void jws_signed_bytes(const struct jws *jws, struct signed_bytes *ret_what);

/* The same algorithm of this program (exact, case-sensitive), if by two names: RFC 9864 calls "Ed25519" what
 * was "EdDSA" with that curve. */
bool jws_alg_is_same(const char *a, const char *b);

/*
 * alg in `allowed` (NULL-terminated; by either name), a key by kid (or, without kid, each fitting one,
 * JWK_TRIED_MAX at most), then the signature. REASON_OK, or _ALG_NOT_ALLOWED, _KEY_UNKNOWN (no key of that
 * kid or, without kid, no key that made the signature: the caller may fetch once more), _KEY_UNFIT (kid
 * found, but type, alg, use or strength do not fit, or two different keys of one kid do; without kid: too
 * many), _SIGNATURE.
 */
enum reason jws_verify(const struct jws *jws, const struct jwk_set *keys, char *const *allowed);

/* With one key alone, whatever its kid: fit for the algorithm, sound, signature good. */
bool jws_verify_with(const struct jws *jws, const struct jwk *key);

/* Left half of the hash of `alg` over ascii text, as at_hash has it (OIDC Core 3.1.3.6), base64url into
 * ret_text. */
bool jws_half_hash(const char *alg, const char *ascii, char *ret_text, size_t size);

static inline void cleanup_jws(struct jws **jws)
{
    jws_free(*jws);
}

#define AUTO_JWS CLEANUP(cleanup_jws)

#endif
