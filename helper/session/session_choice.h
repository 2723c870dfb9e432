/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of several connections? Asked of the person. */
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
 * REASON_OK and one of the names; _CANCELLED after CHOICE_TRIES answers that are none of the numbers, or when
 * the module has gone; _TIMEOUT; _PROTOCOL; _CONNECTION_UNKNOWN; _CANNOT_SHOW.
 */
enum reason choice_make(struct talk *talk, const struct choice *choice, const char **ret_name);

#endif
