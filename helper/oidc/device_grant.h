/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * RFC 8628 with RFC 7636 (PKCE) and a nonce: ask for a code, then poll until somebody approved, refused, or
 * the time is up. Dialects of real servers are tolerated where that costs no safety: see device_answer.h,
 * token_answer.h.
 */
#ifndef HELPER_DEVICE_GRANT_H
#define HELPER_DEVICE_GRANT_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "connection/connection.h"
#include "http/http.h"
#include "oidc/discovery.h"
#include "oidc/oauth_error.h"
#include "questions.h"
#include "reason.h"
#include "secret.h"

#define DEVICE_INTERVAL_DEFAULT_S 5 /* RFC 8628 3.2 */
#define DEVICE_INTERVAL_MIN_S     1
#define DEVICE_INTERVAL_MAX_S     60 /* also the most that slow_down may lead to */
#define DEVICE_LIFETIME_MAX_S     1800
#define USER_CODE_MAX             32  /* bytes of 0x20..0x7e, no space first or last */
#define VERIFICATION_URI_MAX      512 /* bytes: https, ASCII host, no userinfo */

/*
 * Who asks: the client's registration and how it proves itself. Borrows from connection, secret and
 * discovery, which outlive it. start and poll change what `trial` is about, nothing else.
 */
struct device_client {
    const char *client_id;
    const struct secret *secret;   /* length 0: none; a private key when the method is PRIVATE_KEY_JWT */
    enum client_auth method;       /* never AUTO */
    enum client_spelling spelling; /* of BASIC */
    enum client_trial {
        TRIAL_NONE, /* nothing was refused */
        TRIAL_RUNS, /* the first spelling was refused, the other one is on its way */
        TRIAL_WON,  /* the other one was taken: `spelling`, to be remembered */
        TRIAL_LOST, /* neither was: `spelling` is the first one again */
    } trial;
    const char *signing_alg;        /* of PRIVATE_KEY_JWT, with the rest of these: "ES256" */
    const char *key_id;             /* NULL: none */
    const char *assertion_audience; /* the assertion's aud */
    char *const *scopes;
    const struct name_value *extra_params; /* NULL: none */
    enum pkce pkce;
    const struct connection *connection; /* whose pages may be shown; NULL: anybody's */
};

/*
 * AUTO: none without a secret; private_key_jwt when the secret is a private key; else basic or post by what
 * discovery lists (RFC 8414: basic when it lists nothing). REASON_NO_CLIENT_AUTH: a secret is there, and the
 * server lists neither. REASON_CLIENT_KEY_UNUSABLE: a private key for another method, no private key for
 * private_key_jwt, or one that is not as signing_key.h and client_auth_signing_alg want it.
 */
enum reason device_client_make(const struct connection *connection, const struct secret *secret,
                               const struct discovery *discovery, enum client_spelling spelling,
                               struct device_client *ret_client);

/* A sign-in in progress. Erase with device_grant_erase. */
struct device_grant {
    struct secret device_code;
    char nonce[44];         /* 256 random bits, base64url */
    char code_verifier[44]; /* RFC 7636 4.1; "" when PKCE is not used */
    char user_code[USER_CODE_MAX + 1];
    char verification_uri[VERIFICATION_URI_MAX + 1];
    char verification_uri_complete[VERIFICATION_URI_MAX + 1]; /* "" when the server gave none */
    long interval_s;
    int64_t expires_at_ms;           /* CLOCK_BOOTTIME */
    long expires_in_s;               /* as answered, after clamping */
    char error[OAUTH_ERROR_MAX + 1]; /* for the log: the server's last error code, filtered and cut, or the
                                        member of its answer that is at fault; "" when none */
    char description[OAUTH_DESCRIPTION_MAX + 1]; /* likewise: what it said beside that code */
};

/*
 * RFC 8628 3.1 and 3.2. Strings of the answer passed the allow-list (else REASON_UNSAFE_TEXT). Asked again,
 * at once and once each: with the other spelling of the secret when the client was refused, and without PKCE
 * when that was only our choice (PKCE_AUTO) and the server names it in an invalid_request. *ret_grant is to
 * be erased on failure, too; only its `error` and `description` mean something then.
 */
enum reason device_grant_start(struct http *http, struct device_client *client,
                               const struct discovery *discovery, struct device_grant *ret_grant);

/* RFC 6749 5.1: what came out. Erase with device_tokens_erase. */
/* Ends the code's life so many seconds after it came, when the server lets it live longer; 0: no limit. */
void device_grant_limit_life(struct device_grant *grant, uint32_t seconds);

struct device_tokens {
    struct secret id_token; /* length 0: none came */
    struct secret access_token;
    struct secret refresh_token;                 /* length 0: none; only ever revoked */
    char lost_scopes[OAUTH_DESCRIPTION_MAX + 1]; /* for the log: asked for, and not granted; "" when none */
};

/*
 * RFC 8628 3.4 and 3.5: polls at the server's pace until tokens come, an error ends it, or deadline_ms
 * (CLOCK_BOOTTIME) or the code's life is over (REASON_CODE_EXPIRED; REASON_TIMEOUT for the caller's
 * deadline; REASON_IDP_BUSY for both where the last answer was 429). REASON_CANCELLED when the watched
 * descriptor of `http` hangs up, REASON_PROTOCOL by its guard's word. A client that is first refused
 * here goes on with the other spelling, once, at the next poll.
 */
enum reason device_grant_poll(struct http *http, struct device_client *client,
                              const struct discovery *discovery, struct device_grant *grant,
                              int64_t deadline_ms, struct device_tokens *ret_tokens);

/* RFC 7009, best effort and short: a failure is not told. The refresh token, then the access token; after an
   endpoint that did not answer, nothing more. */
void device_tokens_revoke(struct http *http, const struct device_client *client,
                          const struct discovery *discovery, const struct device_tokens *tokens);

void device_grant_erase(struct device_grant *grant);
void device_tokens_erase(struct device_tokens *tokens);

#endif
