/* SPDX-License-Identifier: BSD-2-Clause */
/* Labels follow the claims as far as nobody is harmed by it; groups follow them always. */
#include "members/members_sync.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontdesk/member_index.h"
#include "members/groups.h"

__attribute__((format(printf, 2, 3))) static void note(struct members *members, const char *format, ...)
{
    const size_t used = strlen(members->notice), between = used > 0 ? 2 : 0;
    va_list arguments;

    if (used + between + 1 >= sizeof members->notice)
        return;
    memcpy(members->notice + used, "; ", between);
    va_start(arguments, format);
    (void)vsnprintf(members->notice + used + between, sizeof members->notice - used - between, format,
                    arguments);
    va_end(arguments);
}

static bool take_groups(struct members *members, const struct members_request *request,
                        const struct identity *identity, struct member *member)
{
    bool is_cut = false;
    char *groups = groups_map(request->connection, identity, &is_cut);

    if (!groups)
        return false;
    if (is_cut)
        note(members, "of more than %d local groups the rest was left out", MEMBER_GROUPS_MAX);
    if (identity->groups_overflowed)
        note(members, "the issuer left groups out or sent too many, so there are none");
    free(member->groups);
    member->groups = groups;
    return true;
}

enum reason member_bind(struct members *members, const struct members_request *request,
                        const struct identity *identity, struct member *member)
{
    const bool takes_name = identity->full_name && request->connection->sync_profile != SYNC_NEVER_ON_LOGIN;

    member->state = MEMBER_ACTIVE;
    member->last_sign_in_at = request->now;
    member->email_verified = identity->email && identity->email_verified;
    if (!member_set_text(&member->issuer, identity->issuer) ||
        !member_set_text(&member->subject, identity->subject) ||
        !member_set_text(&member->connection, request->connection->name) ||
        (takes_name && !member_set_text(&member->full_name, identity->full_name)) ||
        (identity->email && !member_set_text(&member->email, identity->email)) ||
        !take_groups(members, request, identity, member))
        return REASON_INTERNAL;
    return REASON_OK;
}

/* STORE_OK: a member's whom the issuer vouched for as the holder. */
static enum store_result find_holder(struct members *members, const struct identity *identity)
{
    struct member holder = {0};
    enum store_result result =
        store_by_verified_email(members->store, identity->issuer, identity->email, &holder);

    member_clear(&holder);
    return result;
}

static enum reason sync_email(struct members *members, const struct identity *identity, struct member *member)
{
    const bool is_same = member->email && strcmp(member->email, identity->email) == 0;

    if (is_same && member->email_verified)
        return REASON_OK;
    if (member->email_verified && !identity->email_verified) {
        note(members, "the new e-mail is not verified, the old one was: kept");
        return REASON_OK;
    }
    switch (find_holder(members, identity)) {
    case STORE_OK:
        note(members, "the new e-mail is known as another member's: the old one was kept");
        return REASON_OK;
    case STORE_NONE:
        break;
    case STORE_CONFLICT:
    case STORE_FAILED:
        return members_store_failed(members);
    }
    if (!is_same && !member_set_text(&member->email, identity->email))
        return REASON_INTERNAL;
    member->email_verified = identity->email_verified;
    return REASON_OK;
}

enum reason member_sync(struct members *members, const struct members_request *request,
                        const struct identity *identity, struct member *member)
{
    enum reason reason = REASON_OK;

    if (request->connection->sync_profile == SYNC_ON_EACH_LOGIN) {
        if (identity->full_name && !member_set_text(&member->full_name, identity->full_name))
            return REASON_INTERNAL;
        if (identity->email)
            reason = sync_email(members, identity, member);
    }
    if (reason == REASON_OK && !take_groups(members, request, identity, member))
        reason = REASON_INTERNAL;
    member->last_sign_in_at = request->now;
    return reason;
}
