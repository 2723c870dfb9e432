/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A visitor needs few words: try again, ask the desk, wait, or leave it to the administrator. What comes by
 * itself again (a network, a provider's bad hour) is told apart from what somebody has to repair.
 */
#include "kiosk/outcome.h"

const char *told_name(enum told told)
{
    static const char *const names[TOLD_COUNT] = {
        [TOLD_IDLE] = "idle",
        [TOLD_STARTING] = "starting",
        [TOLD_CODE] = "code",
        [TOLD_APPROVED] = "approved",
        [TOLD_CHECKED_IN] = "checked_in",
        [TOLD_CHECKED_OUT] = "checked_out",
        [TOLD_ALREADY] = "already",
        [TOLD_DENIED] = "denied",
        [TOLD_EXPIRED] = "expired",
        [TOLD_NOT_MEMBER] = "not_member",
        [TOLD_BUSY] = "busy",
        [TOLD_REFUSED] = "refused",
        [TOLD_UNREACHABLE] = "unreachable",
        [TOLD_OUT_OF_ORDER] = "out_of_order",
        [TOLD_GONE] = "gone",
    };

    return names[told];
}

enum told told_of_reason(enum reason reason)
{
    switch ((int)reason) {
    case REASON_ACCESS_DENIED:
        return TOLD_DENIED;
    case REASON_CODE_EXPIRED:
    case REASON_TIMEOUT:
        return TOLD_EXPIRED;
    case REASON_TOO_MANY_SIGN_INS:
    case REASON_TOO_MANY_FOR_USER:
    case REASON_TOO_MANY_FOR_HOST:
    case REASON_TOO_MANY_UNPRIVILEGED:
    case REASON_TOO_OFTEN:
    case REASON_TOO_OFTEN_FOR_USER:
    case REASON_TOO_OFTEN_FOR_HOST:
    case REASON_TOO_OFTEN_FOR_PEER:
    case REASON_IDP_BUSY:
        return TOLD_BUSY;
    case REASON_MEMBER_DISABLED:
    case REASON_MEMBER_REMOVED:
    case REASON_NOT_ALLOWED:
    case REASON_LOCATION_NOT_ALLOWED:
        return TOLD_NOT_MEMBER;
    case REASON_NONE:
    case REASON_INTERNAL:
    case REASON_PROTOCOL:
    case REASON_CANCELLED:
    case REASON_IDP_UNREACHABLE:
    case REASON_IDP_TIMEOUT:
    case REASON_IDP_STATUS:
    case REASON_KEYS_UNAVAILABLE:
        return TOLD_UNREACHABLE;
    case REASON_PEER_NOT_ALLOWED:
    case REASON_NO_CONNECTION:
    case REASON_CONNECTION_DISABLED:
        return TOLD_OUT_OF_ORDER;
    default:
        break;
    }
    if (reason_verdict(reason) == VERDICT_UNKNOWN_USER)
        return TOLD_NOT_MEMBER;
    /* What keeps everybody out is no visitor's fault. */
    return reason_verdict(reason) == VERDICT_UNAVAILABLE ? TOLD_OUT_OF_ORDER : TOLD_REFUSED;
}
