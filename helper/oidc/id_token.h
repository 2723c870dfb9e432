/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * OpenID Connect Core 3.1.3.7 in full: a token becomes claims, or a reason. No network: the caller brings
 * keys.
 *
 * Where the standards leave room: times are JSON integers (no fraction, no string); sub is printable ASCII;
 * every audience must be us or trusted by name, so a token that is also for somebody else is refused whatever
 * azp says; typ is absent, "JWT" or "application/jwt"; a token with an `events` claim is a logout token and
 * refused.
 */
#ifndef HELPER_ID_TOKEN_H
#define HELPER_ID_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "connection/connection.h"
#include "jose/jwk.h"
#include "reason.h"
#include "json/json.h"

#define ID_TOKEN_LEEWAY_S 60  /* clocks may differ by this much */
#define ID_TOKEN_SUB_MAX  255 /* bytes, OIDC Core 2 */

/*
 * A token of this grant is made for this sign-in: it is no older than the code, and one of an earlier sign-in
 * does not do. More than the leeway above, for servers put the time some minutes back so that no clock finds
 * it in the future (Entra: five), and have many machines with a clock each.
 */
#define ID_TOKEN_IAT_EARLIER_S (10 * 60)

/* What the token must be for. */
struct id_token_terms {
    const char *issuer;                  /* octet for octet */
    const struct connection *connection; /* NULL; else connection_is_token_issuer judges instead, by `tid` */
    const char *client_id;
    char *const *extra_audiences; /* trusted besides us, NULL-terminated; NULL: none */
    const char *nonce;            /* sent in the device request: must match when the token has one */
    bool needs_nonce;             /* ... and the token must have one */
    const char *access_token;     /* for at_hash, when the token has one; NULL: none came */
    char *const *signing_algs;    /* allow-list, NULL-terminated */
    int64_t now;                  /* CLOCK_REALTIME, seconds */
    int64_t waited_s;             /* since the code was asked for, by a clock that does not step */
};

/*
 * Verifies and gives the claims: REASON_OK and *ret_claims (owned by the caller), else a reason of jws.h,
 * _JWS_TYPE, _CLAIMS_MALFORMED or _CLAIM_*. On REASON_KEY_UNKNOWN the caller may fetch the keys once and try
 * again.
 */
enum reason id_token_verify(const char *token, size_t length, const struct jwk_set *keys,
                            const struct id_token_terms *terms, struct json_document **ret_claims);

#endif
