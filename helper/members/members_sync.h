/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sign-in takes from the claims into a member's row. */
#ifndef HELPER_MEMBERS_SYNC_H
#define HELPER_MEMBERS_SYNC_H

#include "members/members_internal.h"

/* The first time: key, connection, labels as sync_profile says, groups. REASON_OK or _INTERNAL. */
enum reason member_bind(struct members *members, const struct members_request *request,
                        const struct identity *identity, struct member *member);

/*
 * Each time after: labels as sync_profile says, groups always, the time. REASON_OK, _INTERNAL or
 * _STORE_FAILED; members->notice says what was not taken.
 */
enum reason member_sync(struct members *members, const struct members_request *request,
                        const struct identity *identity, struct member *member);

#endif
