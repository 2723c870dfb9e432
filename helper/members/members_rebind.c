/* SPDX-License-Identifier: BSD-2-Clause */
/* Another identity for who is a member already: the issuer has moved, not the people. */
#include <string.h>

#include "members/members_internal.h"

static enum reason bind_anew(const struct members_rebind *rebind, struct member *member)
{
    const bool is_same_issuer = member->issuer && strcmp(member->issuer, rebind->issuer) == 0;

    if (member->state == MEMBER_REMOVED)
        return REASON_MEMBER_REMOVED;
    if (!member->subject && !rebind->subject)
        return REASON_INVITED_NOT_BOUND;
    if (!member->connection && !rebind->connection)
        return REASON_CONNECTION_UNKNOWN;
    if (!member_set_text(&member->issuer, rebind->issuer) ||
        (rebind->subject && !member_set_text(&member->subject, rebind->subject)) ||
        (rebind->connection && !member_set_text(&member->connection, rebind->connection)))
        return REASON_INTERNAL;
    member->email_verified = member->email_verified && is_same_issuer;
    if (member->state == MEMBER_INVITED)
        member->state = MEMBER_ACTIVE;
    return REASON_OK;
}

static enum reason rebind_one(struct members *members, const struct members_rebind *rebind, size_t *ret_count)
{
    struct member member = {0};
    enum reason reason = members_find(members, rebind->name, &member);
    enum store_result result;

    if (reason == REASON_OK)
        reason = bind_anew(rebind, &member);
    if (reason == REASON_OK) {
        result = store_update(members->store, &member);
        if (result != STORE_OK)
            reason = result == STORE_CONFLICT ? REASON_NAME_TAKEN : members_store_failed(members);
    }
    member_clear(&member);
    *ret_count = 1;
    return reason;
}

static enum reason rebind_all(struct members *members, const struct members_rebind *rebind, size_t *ret_count)
{
    size_t count = 0;

    switch (
        store_rebind_issuer(members->store, rebind->old_issuer, rebind->issuer, rebind->connection, &count)) {
    case STORE_OK:
        *ret_count = count;
        return count > 0 ? REASON_OK : REASON_NOT_A_MEMBER;
    case STORE_CONFLICT:
        return REASON_NAME_TAKEN;
    case STORE_NONE:
    case STORE_FAILED:
        break;
    }
    return members_store_failed(members);
}

enum reason members_rebind(struct members *members, const struct config *config,
                           const struct members_rebind *rebind, size_t *ret_count)
{
    enum reason reason = members_judge_identity(rebind->issuer, rebind->subject);
    size_t count = 0;

    if (reason == REASON_OK && !rebind->name && (!rebind->old_issuer || rebind->subject))
        reason = REASON_INTERNAL;
    if (reason == REASON_OK && !members_connection_is_known(config, rebind->connection))
        reason = REASON_CONNECTION_UNKNOWN;
    if (reason != REASON_OK)
        return reason;
    if (store_begin(members->store) != STORE_OK)
        return members_store_failed(members);
    if (store_verify(members->store) != STORE_OK)
        return members_finish(members, members_store_failed(members));
    reason = rebind->name ? rebind_one(members, rebind, &count) : rebind_all(members, rebind, &count);
    reason = members_finish(members, reason);
    if (reason == REASON_OK)
        *ret_count = count;
    return reason;
}
