/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What hook programs have not yet been told: one row for each event, made in the transaction of the check-in
 * that it tells of, and gone when it is acknowledged. In the order in which they were made, whatever the
 * clock said. An event's id is 128 random bits and never changes, so that who hears it twice knows.
 *
 * Bounded: of more than STORE_EVENTS_MAX the oldest goes, and is counted. Nothing here raises the generation.
 */
#ifndef HELPER_STORE_EVENTS_H
#define HELPER_STORE_EVENTS_H

#include "members/store.h"

#define STORE_EVENTS_MAX     10000
#define EVENT_ID_BYTES       16
#define EVENT_ID_SIZE        24 /* base64url of EVENT_ID_BYTES, and NUL */
#define EVENT_KIND_CHECK_IN  "check_in"
#define EVENT_KIND_CHECK_OUT "check_out"
#define EVENT_KIND_SIZE      16
#define EVENT_JSON_MAX       (16 * 1024) /* bytes */
#define EVENT_ERROR_MAX      255         /* bytes; longer words are cut */

struct hook_event {
    int64_t number; /* their order; given by the store, never twice */
    char event_id[EVENT_ID_SIZE];
    char kind[EVENT_KIND_SIZE];             /* EVENT_KIND_... */
    uint32_t member;                        /* of whom it tells: --erase takes it along */
    char *json;                             /* one object, no line break */
    int64_t made_at;                        /* seconds since 1970, as all here */
    int64_t attempts;                       /* that failed */
    int64_t first_failed_at, last_tried_at; /* 0: never */
    char *last_error;                       /* NULL: none */
};

struct hook_backlog {
    int64_t count;          /* events that wait */
    int64_t oldest_made_at; /* 0: none waits */
    int64_t attempts;       /* of the first one, as the next two */
    int64_t failing_since;  /* 0: it did not fail */
    char last_error[EVENT_ERROR_MAX + 1];
    int64_t lost; /* oldest ones that went because there were too many, ever */
};

/* In the caller's transaction. number, attempts and what follows are the store's. */
enum store_result store_event_add(struct store *store, const struct hook_event *event);

/* The oldest that waits; STORE_NONE: none does. hook_event_clear it. */
enum store_result store_event_next(struct store *store, struct hook_event *ret_event);

/* It is told, or given up: the row goes. STORE_NONE: there is none of this id (any more). */
enum store_result store_event_acknowledge(struct store *store, const char *event_id);

/* Counts a try that failed, with why. STORE_NONE as above. */
enum store_result store_event_failed(struct store *store, const char *event_id, const char *why, int64_t now);

/* For `frontdesk status`. */
enum store_result store_event_backlog(struct store *store, struct hook_backlog *ret_backlog);

/* In the caller's transaction: all of this member, and all that were made before. */
enum store_result store_events_erase(struct store *store, uint32_t member);
enum store_result store_events_forget(struct store *store, int64_t made_before);

/* Calls back for each, in their order, until it returns false. */
enum store_result store_each_event(struct store *store,
                                   bool (*row)(void *context, const struct hook_event *event), void *context);

/* For a restoration: puts the row there as it is. */
enum store_result store_event_put(struct store *store, const struct hook_event *event);

void hook_event_clear(struct hook_event *event);

#endif
