/* SPDX-License-Identifier: BSD-2-Clause */
/* One sign-in at one IdP, from discovery to claims that count. Each step gives REASON_OK or why not. */
#ifndef HELPER_SESSION_IDP_H
#define HELPER_SESSION_IDP_H

#include <stdint.h>

#include "log.h"
#include "oidc/device_grant.h"
#include "oidc/discovery.h"
#include "session/ask.h"
#include "session/session.h"
#include "session/session_talk.h"

/* The first five are the caller's; the steps below fill the rest, in their order. Erase with idp_erase. */
struct idp {
    const struct session *session;
    const struct ask_admission *admission; /* secret and cached documents */
    const struct connection *connection;
    int64_t deadline_ms; /* CLOCK_BOOTTIME; no step goes on beyond it */
    struct talk *talk;   /* with the module, which may say nothing undue meanwhile; NULL: there is none */
    const struct tls_trust *trust;
    char **known_hosts;
    struct http *http; /* never freed: see idp_erase */
    struct discovery discovery;
    struct device_client client;
    bool spelling_is_kept; /* the keeper was told which one works */
    char **signing_algs;
    struct http_answer fetched_discovery, fetched_keys; /* body NULL: what was used came from the cache */
    int64_t asked_ms;                                   /* CLOCK_BOOTTIME: when the code was asked for */
    struct device_grant grant;
    struct device_tokens tokens;
    long retry_after_s;                        /* said by the last 429; 0: none did */
    struct json_document *id_token, *userinfo; /* claims; userinfo NULL: none was needed */
    char detail[LOG_STRING_MAX + 1];           /* after a refusal: more about it, for the log */
};

/* Trust, discovery (cached or fetched) and how this client proves itself. */
enum reason idp_open(struct idp *idp);

/* What the person has to approve: idp->grant. */
enum reason idp_request_code(struct idp *idp);

/* Until approved, refused, expired, the deadline or REASON_CANCELLED. */
enum reason idp_await_tokens(struct idp *idp);

/* The ID token, and userinfo where the connection wants it. */
enum reason idp_verify(struct idp *idp);

/* Ends what the tokens open, best effort, over a connection of its own: the module may be gone by now. */
void idp_revoke_tokens(const struct idp *idp);

/* Leaves the http handle alone, for curl's clean-up may wait for a silent DNS server: the process ends by
 * _exit. */
void idp_erase(struct idp *idp);

#endif
