/* SPDX-License-Identifier: BSD-2-Clause */
/* The states that a page and other displays are told of, and which of them a refusal is. */
#ifndef HELPER_KIOSK_OUTCOME_H
#define HELPER_KIOSK_OUTCOME_H

#include "reason.h"

enum told {
    TOLD_IDLE,
    TOLD_STARTING,
    TOLD_CODE,
    TOLD_APPROVED,
    TOLD_CHECKED_IN,
    TOLD_CHECKED_OUT,
    TOLD_ALREADY,
    TOLD_DENIED,
    TOLD_EXPIRED,
    TOLD_NOT_MEMBER,
    TOLD_BUSY,
    TOLD_REFUSED,
    TOLD_UNREACHABLE,
    TOLD_OUT_OF_ORDER,
    TOLD_GONE, /* to other displays only: the page was left */
    TOLD_COUNT,
};

/* "idle", "checked_in", … */
const char *told_name(enum told told);

/* One of TOLD_DENIED to TOLD_OUT_OF_ORDER. */
enum told told_of_reason(enum reason reason);

#endif
