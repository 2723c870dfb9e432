/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One open page: a state, at most one sign-in, and a table of what may come in which state. What is not in
 * the table is refused to a page (409) and ends a worker. A viewer ends with its page, and its sign-in with
 * it.
 */
#ifndef HELPER_KIOSK_VIEWER_H
#define HELPER_KIOSK_VIEWER_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/outcome.h"
#include "kiosk/request.h"
#include "kiosk/worker.h"

#define VIEWER_ID_BYTES 16 /* random */
#define VIEWER_CODE_MAX 64
#define VIEWER_URI_MAX  512

struct kiosk;
struct web_stream;

enum viewer_state {
    VIEWER_IDLE,
    VIEWER_STARTING,
    VIEWER_RETRYING, /* as STARTING, while the page still says why it did not work */
    VIEWER_AWAY,     /* waits until it may try again */
    VIEWER_CODE,
    VIEWER_APPROVED,
    VIEWER_CONFIRMED,
    VIEWER_SHOWN, /* a last word, for a while */
    VIEWER_STATE_COUNT,
};

enum viewer_event {
    EVENT_START, /* as enum request_action */
    EVENT_CONFIRM,
    EVENT_CANCEL,
    EVENT_CODE, /* from its worker */
    EVENT_WELCOME,
    EVENT_RECORDED,
    EVENT_REFUSED,
    EVENT_WORKER_ENDED,
    EVENT_TIME, /* its time is up */
    VIEWER_EVENT_COUNT,
};

/* What other displays may know: the code, and nobody's name. */
struct viewer_public {
    enum told told;
    char code[VIEWER_CODE_MAX + 1], uri[VIEWER_URI_MAX + 1], uri_complete[VIEWER_URI_MAX + 1];
    int64_t expires_at; /* seconds since 1970 */
};

struct viewer {
    struct web_stream *stream; /* NULL: free */
    char id[REQUEST_VIEWER_SIZE];
    unsigned number; /* for other displays */
    enum viewer_state state;
    struct worker worker;
    int64_t until_ms; /* CLOCK_BOOTTIME; 0: no time */
    unsigned tries;   /* in a row that did not work */
    bool is_personal; /* the page may know something of a visitor */
    bool is_stale;    /* the settings are others by now */
    struct viewer_public shown;
};

/* A page came. False: no random numbers. */
bool viewer_begin(struct kiosk *kiosk, struct viewer *viewer, struct web_stream *stream);

/* The page was left, or is to come anew. */
void viewer_end(struct kiosk *kiosk, struct viewer *viewer);

/* False: not due now. */
bool viewer_act(struct kiosk *kiosk, struct viewer *viewer, enum request_action action);

/* Its worker has something to say, or has ended. */
void viewer_hear(struct kiosk *kiosk, struct viewer *viewer);

/* Is its time up? */
void viewer_look(struct kiosk *kiosk, struct viewer *viewer);

/* The settings changed: it comes anew as soon as nobody is in the middle of something. */
void viewer_renew(struct kiosk *kiosk, struct viewer *viewer);

#endif
