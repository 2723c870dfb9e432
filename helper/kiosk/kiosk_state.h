/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that the server knows, handed to its parts; and what these tell the page and other displays. */
#ifndef HELPER_KIOSK_STATE_H
#define HELPER_KIOSK_STATE_H

#include "config/config.h"
#include "kiosk/line.h"
#include "kiosk/page_files.h"
#include "kiosk/viewer.h"
#include "kiosk/web_server.h"

#define KIOSK_SERVICE "frontdesk-kiosk" /* of PAM */

struct screen;

struct kiosk {
    struct config_watch *watch;
    struct config *config;
    struct worker_plan plan;
    struct viewer viewers[WEB_STREAMS_MAX];
    struct screen *screen;
    const struct request_place *names; /* two for the page to change between; NULL: it has but one */
    struct page_file icon;             /* bytes NULL: none; malloc'd */
    struct line line;                  /* where all that is told is written first */
    int64_t now_ms;
    int64_t unreachable_since; /* seconds since 1970; 0: it is not */
    unsigned numbers;          /* viewers that ever were */
};

/* The connection that visitors sign in with, or NULL: none, or not clear. */
const struct connection *kiosk_connection(const struct config *config);

/* tell.c: to the page, and to other displays what these may know. */
void tell_hello(struct kiosk *kiosk, struct viewer *viewer);
/* The same for whoever is no viewer: in kiosk->line, until the next thing is told. */
const struct line *tell_full(struct kiosk *kiosk);
void tell_state(struct kiosk *kiosk, struct viewer *viewer, enum told told);
/* After viewer->shown was filled; rows of the QR may be none. */
void tell_code(struct kiosk *kiosk, struct viewer *viewer, int64_t lifetime, const struct json_value *qr);
/* TOLD_APPROVED to TOLD_ALREADY; name may be NULL, since 0. */
void tell_visitor(struct kiosk *kiosk, struct viewer *viewer, enum told told, const struct json_value *said);
/* TOLD_DENIED to TOLD_OUT_OF_ORDER. */
void tell_refusal(struct kiosk *kiosk, struct viewer *viewer, enum told told, const char *text);
void tell_reset(struct kiosk *kiosk, struct viewer *viewer);

#endif
