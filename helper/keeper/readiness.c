/* SPDX-License-Identifier: BSD-2-Clause */
/* Asked at each sign-in, so that a clock that was set and a store that was restored count at once. */
#include "keeper/readiness.h"

enum reason readiness_judge(struct keeper *keeper, struct sign_in *sign_in)
{
    enum reason reason = REASON_CLOCK;

    if (clock_is_possible())
        reason = members_ready(&keeper->members);
    if (reason == REASON_STORE_CORRUPT)
        sign_in_add_detail(sign_in, "", keeper->members.notice);
    return reason;
}

enum reason readiness_blame(enum reason reason)
{
    switch (reason) {
    case REASON_IDP_TLS:
    case REASON_CLAIM_EXP:
    case REASON_CLAIM_IAT:
    case REASON_CLAIM_NBF:
    case REASON_AUTH_TOO_OLD:
        return clock_is_possible() ? reason : REASON_CLOCK;
    default:
        return reason;
    }
}
