/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of several connections, or of several local users? Asked of the person. */
#ifndef HELPER_SESSION_CHOICE_H
#define HELPER_SESSION_CHOICE_H

#include "config/config.h"
#include "display/display.h"
#include "reason.h"
#include "session/session_talk.h"

#define CHOICE_TRIES 3

struct choice {
    const struct config *config;
    const struct display_place *place;
    char *const *names;  /* NULL-terminated */
    int64_t deadline_ms; /* CLOCK_BOOTTIME */
};

/*
 * One of the connections. Where the host left the user open and a connection knows its people's e-mail
 * domains, an address is asked for first: the domain of exactly one of them decides. Whatever else, and an
 * empty answer, leads to the numbered list of labels.
 *
 * REASON_OK and one of the names; _CANCELLED after CHOICE_TRIES answers that are none of the numbers, or when
 * the module has gone; _TIMEOUT; _PROTOCOL; _CONNECTION_UNKNOWN; _CANNOT_SHOW.
 */
enum reason choice_make(struct talk *talk, const struct choice *choice, const char **ret_name);

/* Likewise one of local users, by a numbered list of their names. */
enum reason choice_of_user(struct talk *talk, const struct choice *choice, const char **ret_name);

#endif
