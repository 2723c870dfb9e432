/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The rules of check-ins, over the store. A member at a kiosk is in; at the same place, two minutes later or
 * more, out; before that, already in, and nothing is written. What is still open after the limit ended then.
 * What a hook program is to be told is written in the same transaction. Every rule takes the time as it is
 * told: a clock that was set makes stays of no length, never of a negative one.
 */
#ifndef HELPER_CHECK_INS_H
#define HELPER_CHECK_INS_H

#include "members/members.h"
#include "members/store_check_ins.h"

#define CHECK_IN_ALREADY_S 120 /* a second scan before that says "already in" */
#define LOCATION_MAX       255 /* bytes */

/* Told of each check-in that an administrator made, and that the limit or close ended, before that is
 * committed; false: it is not. In a trial, too. */
typedef bool check_in_told(void *context, const struct member *member, const struct check_in *check_in);

/* Told of a kiosk's, likewise: what it came to, also when that is nothing new. */
enum check_in_outcome { CHECKED_IN, CHECKED_OUT, CHECK_IN_ALREADY };
typedef bool check_in_scanned(void *context, enum check_in_outcome outcome, const struct check_in *check_in);

struct check_ins {
    struct members *members;
    const struct config *config; /* limit, retention, hooks, and what this machine is called */
    int64_t now;
    check_in_told *told; /* NULL: nobody is told */
    check_in_scanned *scanned;
    void *context;
};

const char *check_in_outcome_name(enum check_in_outcome outcome); /* in, out, already */

/* The place of this machine; "": none was said. */
const char *check_in_location(const struct config *config);

/*
 * Each in one transaction, with what is due by limit and retention done first. REASON_OK and *ret_check_in
 * as it is now (check_in_clear it always); _STORE_FAILED, _STORE_CORRUPT, _AUDIT_FAILED (somebody was told
 * and did not want it) or _INTERNAL: nothing was written. members->dry_run: nothing is.
 */

/* At a kiosk. The member is active. */
enum reason check_ins_scan(const struct check_ins *check_ins, const struct member *member,
                           enum check_in_outcome *ret_outcome, struct check_in *ret_check_in);

/* By hand, by an administrator: also _NOT_A_MEMBER, _MEMBER_REMOVED, _MEMBER_DISABLED, _ALREADY_CHECKED_IN,
 * _NOT_CHECKED_IN. An invited person may be in: the phone is dead, or was never there. */
enum reason check_ins_add(const struct check_ins *check_ins, const char *name, const char *location,
                          struct check_in *ret_check_in);
/* All open ones, of this member and at this place where they are not NULL; each is told. */
enum reason check_ins_close(const struct check_ins *check_ins, const char *name, const char *location);

/* What is due by limit and retention, and nothing else. */
enum reason check_ins_settle(const struct check_ins *check_ins);

#endif
