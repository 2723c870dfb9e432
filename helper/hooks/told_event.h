/* SPDX-License-Identifier: BSD-2-Clause */
/* An event as a hook program is told it, on standard input (docs/hooks.md). For the ready-made programs. */
#ifndef HELPER_TOLD_EVENT_H
#define HELPER_TOLD_EVENT_H

#include <stdbool.h>
#include <stddef.h>

#include "json/json.h"

#define TOLD_TIME_SIZE 21 /* "2026-01-01T08:00:00Z" and NUL */

struct told_event {
    char *text; /* as it came, without the line break */
    struct json_document *document;
    const char *id;            /* these belong to the document */
    bool is_check_in;          /* else a check-out */
    const char *time;          /* when, UTC */
    const char *checked_in_at; /* likewise; of a check-in the same */
    const char *location;      /* NULL: none */
    const char *email;         /* NULL: none */
    bool email_is_verified;
};

/* False: it is no event; *ret_why (static) says why. */
bool told_event_read(int fd, struct told_event *ret_event, const char **ret_why);
void told_event_clear(struct told_event *event);

/* "2026-01-01T08:00:00Z", and nothing else. */
bool told_time_is_one(const char *text);

#define AUTO_EVENT CLEANUP(told_event_clear)

#endif
