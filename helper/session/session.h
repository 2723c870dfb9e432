/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One sign-in, from LOGIN to FINISH, in a process of its own: talks to the module, asks the keeper, talks to
 * one IdP.
 */
#ifndef HELPER_SESSION_H
#define HELPER_SESSION_H

#include <stdint.h>

#include "config/config.h"
#include "http/tls.h"
#include "oidc/device_grant.h"
#include "session/ask.h"

/* The trust of a connection's ca_file (NULL: the system's); loaded before the fork. NULL: it could not be
 * read. */
typedef const struct tls_trust *(*trust_finder)(void *context, const char *ca_file);

/* Told what happens, for `frontdesk login`; every member may be NULL. */
struct session_observer {
    void *context;
    void (*prompt)(void *context, const struct device_grant *grant);
    void (*claims)(void *context, const struct connection *connection, const struct json_value *id_token,
                   const struct json_value *userinfo);
    void (*scopes_lost)(void *context, const char *scopes); /* asked for, and not granted; before claims */
};

struct session {
    int module; /* the module's socket */
    int keeper; /* this sign-in's connection to the keeper, HANDOVER done */
    const struct config *config;
    trust_finder trust;
    void *trust_context;
    struct session_observer observer;
};

static inline struct ask_line session_line(const struct session *session)
{
    return (struct ask_line){.keeper = session->keeper, .module = session->module};
}

/*
 * Runs it to its end; the caller then leaves by _exit with this status: 0 a verdict was given, 1 it ended
 * without one. Says HELLO itself, before anything else.
 */
int session_run(const struct session *session);

#endif
