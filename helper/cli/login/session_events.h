/* SPDX-License-Identifier: BSD-2-Clause */
/* What the session tells the command line: a letter and a JSON object a line, down a pipe. */
#ifndef HELPER_CLI_SESSION_EVENTS_H
#define HELPER_CLI_SESSION_EVENTS_H

#include "oidc/device_grant.h"
#include "json/json.h"

#define EVENT_PROMPT  'p'
#define EVENT_CLAIMS  'c'
#define EVENT_SCOPES  's'          /* asked for, and not granted */
#define EVENT_PROFILE 'i'          /* who the claims say it is, in the connection's words */
#define EVENT_RULE    'r'          /* one of policy's, and its verdict */
#define EVENT_MAX     (256 * 1024) /* bytes of a line */

struct event_sink {
    int fd;
    bool show_claims;     /* the private ones, too */
    const char *location; /* [machine] location; NULL: none */
};

/* Observers of a session; the context is a struct event_sink. */
void session_events_prompt(void *context, const struct device_grant *grant);
void session_events_claims(void *context, const struct connection *connection,
                           const struct json_value *id_token, const struct json_value *userinfo);
void session_events_scopes_lost(void *context, const char *scopes);

/* A letter and an object down the pipe (session_rules.c does so, too). */
void session_events_send(const struct event_sink *sink, char kind, const struct json_document *event);

/* What policy makes of the claims, rule by rule, and whom they describe: EVENT_RULE, EVENT_PROFILE. */
void session_events_judge(const struct event_sink *sink, const struct connection *connection,
                          const struct json_value *id_token, const struct json_value *userinfo);

/* The other end: bytes as they come, cut into lines. Zero to begin with; free `text` at the end. */
struct event_reader {
    char *text;
    size_t used, taken; /* of `text`: read so far, and given out */
};

/* Reads what is there now (the descriptor does not block). False: the end, or more than a line can be. */
bool event_reader_fill(struct event_reader *reader, int fd);

/* The next whole line: its letter, and its object (to be freed; NULL: it was none). False: no line yet. */
bool event_reader_next(struct event_reader *reader, char *ret_kind, struct json_document **ret_object);

#endif
