/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The ids that belong to members: compiled in, so that no file and no message can widen the range.
 *
 * 65536..99999 is free of the ranges that systemd (dynamic users, containers) and shadow (system users,
 * ordinary users, subordinate ids) hand out. `make MEMBER_IDS=first-last` changes it for a whole site; both
 * modules and the helper must come from one build.
 */
#ifndef FRONTDESK_IDS_H
#define FRONTDESK_IDS_H

#include <stdbool.h>
#include <stdint.h>

#ifndef FD_MEMBER_ID_MIN
#define FD_MEMBER_ID_MIN 65536
#endif
#ifndef FD_MEMBER_ID_MAX
#define FD_MEMBER_ID_MAX 99999
#endif

_Static_assert(FD_MEMBER_ID_MIN >= 1000, "members never get a system id");
_Static_assert(FD_MEMBER_ID_MIN <= FD_MEMBER_ID_MAX, "the range is first-last");
_Static_assert(FD_MEMBER_ID_MAX < 2147483647, "ids beyond INT_MAX are misread by other programs");
_Static_assert(FD_MEMBER_ID_MAX<65534 || FD_MEMBER_ID_MIN> 65535, "65534 is nobody, 65535 is (uint16_t)-1");

/* Used for a user id and for the id of that user's private group, which is the same number. */
static inline bool id_is_members(uint32_t id)
{
    return id >= FD_MEMBER_ID_MIN && id <= FD_MEMBER_ID_MAX;
}

#endif
