/* SPDX-License-Identifier: BSD-2-Clause */
/* A check-in as a hook program is told it: one JSON object, written once and kept as it is. */
#ifndef HELPER_CHECK_IN_EVENT_H
#define HELPER_CHECK_IN_EVENT_H

#include "members/check_ins.h"

/*
 * In the caller's transaction: the event for its beginning, or for its end where it is over, into the store,
 * when the configuration names a program for that. REASON_OK, _STORE_FAILED or _INTERNAL.
 */
enum reason check_in_event_add(const struct check_ins *check_ins, const struct member *member,
                               const struct check_in *check_in);

#endif
