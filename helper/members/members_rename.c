/* SPDX-License-Identifier: BSD-2-Clause */
/* A new name for who is a member already; the old one is not given to others by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members/members_internal.h"
#include "members/publish.h"

/* <folder of the home>/<name>; false: no memory. */
static bool move_home(struct member *member)
{
    const char *slash = strrchr(member->home, '/');
    char *home;

    if (asprintf(&home, "%.*s/%s", slash ? (int)(slash - member->home) : 0, member->home, member->name) < 0)
        return false;
    free(member->home);
    member->home = home;
    return true;
}

static enum reason rename_member(struct members *members, const char *new_name, bool free_name,
                                 struct member *member)
{
    char old_name[sizeof member->name];
    enum reason reason = members_judge_name(new_name);

    if (member->state == MEMBER_REMOVED)
        return REASON_MEMBER_REMOVED;
    if (store_verify(members->store) != STORE_OK)
        return members_store_failed(members);
    if (reason == REASON_OK)
        reason = members_check_name(members, new_name, member->id);
    if (reason != REASON_OK)
        return reason;
    memcpy(old_name, member->name, sizeof old_name);
    (void)snprintf(member->name, sizeof member->name, "%s", new_name);
    if (!move_home(member))
        return REASON_INTERNAL;
    if (!publish_fits(member))
        return REASON_CONFIG_BROKEN;
    if (store_update(members->store, member) != STORE_OK ||
        (!free_name && store_add_former_name(members->store, member->id, old_name) != STORE_OK))
        return members_store_failed(members);
    return REASON_OK;
}

enum reason members_rename(struct members *members, const char *name, const char *new_name, bool free_name,
                           struct member *ret_member)
{
    enum reason reason;

    *ret_member = (struct member){0};
    if (store_begin(members->store) != STORE_OK)
        return members_store_failed(members);
    reason = members_find(members, name, ret_member);
    if (reason == REASON_OK)
        reason = rename_member(members, new_name, free_name, ret_member);
    return members_finish(members, reason);
}
