/* SPDX-License-Identifier: BSD-2-Clause */
/* One run of a hook program: with nothing but its event, and nothing left of it afterwards. */
#ifndef HELPER_HOOK_RUN_H
#define HELPER_HOOK_RUN_H

#include "hooks/hook_questions.h"
#include "hooks/hook_signals.h"
#include "hooks/hook_why.h"

#define HOOK_STATUS_NEVER 65 /* EX_DATAERR of sysexits.h: this event will never be taken */

struct hook_event_told {
    char id[HOOK_EVENT_ID_SIZE], kind[HOOK_KIND_SIZE];
    char *json; /* malloc'd; one object */
};

enum hook_outcome {
    HOOK_DONE,
    HOOK_GIVEN_UP, /* the program said HOOK_STATUS_NEVER */
    HOOK_AGAIN,    /* it failed, was killed, or is not one that may be run */
    HOOK_CUT_OFF,  /* this process is to end */
};

/*
 * Runs it in a session of its own: the JSON and a line break on standard input; output into the log, bounded;
 * of the environment only PATH, LANG, FRONTDESK_EVENT and, where systemd gave us one, CREDENTIALS_DIRECTORY.
 * After timeout_s, and at its end, all that it started is killed. But for HOOK_DONE ret_why says why.
 */
enum hook_outcome hook_run(struct hook_signals *signals, const char *program,
                           const struct hook_event_told *event, uint32_t timeout_s, struct hook_why *ret_why);

#endif
