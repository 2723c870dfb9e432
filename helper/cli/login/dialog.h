/* SPDX-License-Identifier: BSD-2-Clause */
/* The module's side of protocol.h, played at a terminal or for a script. */
#ifndef HELPER_CLI_DIALOG_H
#define HELPER_CLI_DIALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/login/session_events.h"
#include "cli/private_run.h"
#include "login.h"
#include "members/policy.h"

enum dialog_end { DIALOG_VERDICT, DIALOG_CLOSED, DIALOG_BROKEN, DIALOG_TIMEOUT, DIALOG_INTERRUPTED };

struct dialog {
    const struct private_run *run;
    int signals; /* signalfd: any of them ends the sign-in */
    bool json;
    int64_t deadline_ms; /* CLOCK_BOOTTIME */

    /* what came out */
    enum verdict verdict; /* DIALOG_VERDICT, and the next two */
    char reason[PROTOCOL_REASON_MAX + 1];
    char member[PROTOCOL_USER_MAX + 1];
    struct json_document *claims;  /* NULL: none came; the caller's to free, with the next three */
    struct json_document *profile; /* EVENT_PROFILE */
    struct json_document *scopes;  /* EVENT_SCOPES */
    struct json_document *rules[POLICY_RULES_MAX]; /* EVENT_RULE */
    size_t rule_count;

    /* within */
    bool said_hello;
    bool asking, asking_echo; /* a prompt is open at the terminal */
    unsigned messages;
    struct event_reader events;
};

/* Sends LOGIN and talks until it ends. Events of a script's form are printed as they come. */
enum dialog_end dialog_run(struct dialog *dialog, const struct login *login);

/* Frees what came out. */
void dialog_clear(struct dialog *dialog);

#endif
