/* SPDX-License-Identifier: BSD-2-Clause */
/* What an admin does to members, each in one transaction. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "members/members_internal.h"
#include "members/store_check_ins.h"
#include "members/store_events.h"

static enum reason judge_invitation(const struct config *config, const struct members_invitation *invitation)
{
    enum reason reason = members_judge_name(invitation->name);

    if (reason != REASON_OK)
        return reason;
    if (invitation->full_name && !members_full_name_is_valid(invitation->full_name))
        return REASON_CLAIMS_MALFORMED;
    return members_connection_is_known(config, invitation->connection) ? REASON_OK
                                                                       : REASON_CONNECTION_UNKNOWN;
}

static enum reason invite(struct members *members, const struct config *config,
                          const struct members_invitation *invitation, const char *email,
                          struct member *ret_member)
{
    enum reason reason = members_check_name(members, invitation->name, 0);

    if (reason == REASON_OK)
        reason = members_prepare(members, config, invitation->name, ret_member);
    if (reason != REASON_OK)
        return reason;
    ret_member->state = MEMBER_INVITED;
    ret_member->created_at = (int64_t)time(NULL);
    if (!member_set_text(&ret_member->email, email) ||
        !member_set_text(&ret_member->connection, invitation->connection) ||
        !member_set_text(&ret_member->full_name, invitation->full_name))
        return REASON_INTERNAL;
    return store_insert(members->store, ret_member) == STORE_OK ? REASON_OK : members_store_failed(members);
}

enum reason members_invite(struct members *members, const struct config *config,
                           const struct members_invitation *invitation, struct member *ret_member)
{
    AUTO_FREE char *email = email_normalize(invitation->email);
    enum reason reason = judge_invitation(config, invitation);

    *ret_member = (struct member){0};
    if (reason != REASON_OK)
        return reason;
    if (!email)
        return REASON_CLAIMS_MALFORMED;
    if (store_begin(members->store) != STORE_OK)
        return members_store_failed(members);
    return members_finish(members, invite(members, config, invitation, email, ret_member));
}

static enum reason set_state(struct members *members, const char *name, enum member_state state,
                             struct member *ret_member)
{
    enum reason reason = members_find(members, name, ret_member);

    if (reason != REASON_OK)
        return reason;
    if (ret_member->state == MEMBER_REMOVED)
        return REASON_MEMBER_REMOVED;
    if (state == MEMBER_ACTIVE && !ret_member->issuer && !ret_member->email)
        return REASON_INVITED_NOT_BOUND;
    ret_member->state = state == MEMBER_ACTIVE && !ret_member->issuer ? MEMBER_INVITED : state;
    return store_update(members->store, ret_member) == STORE_OK ? REASON_OK : members_store_failed(members);
}

/* Removing has more to say than a state, and an invitation is made, not set. */
enum reason members_set_state(struct members *members, const char *name, enum member_state state,
                              struct member *ret_member)
{
    *ret_member = (struct member){0};
    if (state != MEMBER_ACTIVE && state != MEMBER_DISABLED)
        return REASON_INTERNAL;
    if (store_begin(members->store) != STORE_OK)
        return members_store_failed(members);
    return members_finish(members, set_state(members, name, state, ret_member));
}

/* Also where the member was, and what of that nobody has been told yet. */
static enum reason erase_personal_data(struct members *members, struct member *member)
{
    free(member->full_name);
    free(member->email);
    free(member->groups);
    member->full_name = member->email = member->groups = NULL;
    member->email_verified = false;
    member->last_sign_in_at = 0;
    if (store_check_ins_erase(members->store, member->id) != STORE_OK ||
        store_events_erase(members->store, member->id) != STORE_OK)
        return members_store_failed(members);
    return REASON_OK;
}

static enum reason remove_member(struct members *members, const char *name, bool free_name,
                                 struct member *member)
{
    enum store_result result;

    member->state = MEMBER_REMOVED;
    if (free_name)
        (void)snprintf(member->name, sizeof member->name, "#%u", (unsigned)member->id);
    result = store_update(members->store, member);
    if (result == STORE_OK && free_name)
        result = store_free_former_names(members->store, member->id);
    (void)snprintf(member->name, sizeof member->name, "%s", name);
    return result == STORE_OK ? REASON_OK : members_store_failed(members);
}

enum reason members_remove(struct members *members, const char *name, bool free_name, bool erase,
                           struct member *ret_member)
{
    enum reason reason;

    *ret_member = (struct member){0};
    if (store_begin(members->store) != STORE_OK)
        return members_store_failed(members);
    reason = members_find(members, name, ret_member);
    if (reason == REASON_OK && erase)
        reason = erase_personal_data(members, ret_member);
    if (reason == REASON_OK)
        reason = remove_member(members, name, free_name, ret_member);
    return members_finish(members, reason);
}
