/* SPDX-License-Identifier: BSD-2-Clause */
/* The questions around a sign-in: may this member enter, is the index new enough, how a change ends. */
#include "members/members.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "members/members_internal.h"
#include "members/publish.h"

static void keep_why(struct members *members, const char *why)
{
    (void)snprintf(members->why, sizeof members->why, "%s", why ? why : "out of memory");
}

enum reason members_store_failed(struct members *members)
{
    keep_why(members, store_error(members->store));
    if (!store_is_damaged(members->store))
        return REASON_STORE_FAILED;
    (void)snprintf(members->notice, sizeof members->notice, "%s", store_error(members->store));
    return REASON_STORE_CORRUPT;
}

enum reason members_ready(struct members *members)
{
    uint64_t generation;

    return store_generation(members->store, &generation) == STORE_OK ? REASON_OK
                                                                     : members_store_failed(members);
}

enum reason members_publish_if_stale(struct members *members)
{
    AUTO_FREE char *why = NULL;
    uint64_t generation, published;

    if (members->dry_run)
        return REASON_OK;
    if (store_generation(members->store, &generation) != STORE_OK)
        return members_store_failed(members);
    if (publish_index_generation(members->state_dir, &published) && published == generation)
        return REASON_OK;
    if (publish_index(members->store, members->state_dir, &why))
        return REASON_OK;
    keep_why(members, why);
    return store_is_damaged(members->store) ? REASON_STORE_CORRUPT : REASON_PUBLISH_FAILED;
}

enum reason members_finish(struct members *members, enum reason reason)
{
    enum reason published;

    if (members->dry_run || (reason != REASON_OK && reason != REASON_CONNECT_AGAIN)) {
        store_rollback(members->store);
        return reason;
    }
    if (store_commit(members->store) != STORE_OK)
        return members_store_failed(members);
    published = members_publish_if_stale(members);
    return published == REASON_OK ? reason : published;
}

bool members_knows_name(struct members *members, const char *name)
{
    struct member member = {0};
    bool is_known =
        store_by_name(members->store, name, &member) == STORE_OK && member.state != MEMBER_REMOVED;

    member_clear(&member);
    return is_known;
}

static enum reason judge_state(const struct member *member)
{
    switch (member->state) {
    case MEMBER_ACTIVE:
        return publish_fits(member) ? REASON_OK : REASON_NOT_A_MEMBER;
    case MEMBER_INVITED:
        return REASON_INVITED_NOT_BOUND;
    case MEMBER_DISABLED:
        return REASON_MEMBER_DISABLED;
    case MEMBER_REMOVED:
        return REASON_MEMBER_REMOVED;
    }
    return REASON_INTERNAL;
}

static enum reason judge_connection(const struct members_request *request, const char *service,
                                    const struct member *member)
{
    const struct connection *connection = config_connection(request->config, member->connection);

    if (!connection && config_connection_is_broken(request->config, member->connection))
        return REASON_CONNECTION_BROKEN;
    if (!connection || !connection->enabled || (request->remote && !connection_serves(connection, service)))
        return REASON_CONNECTION_DISABLED;
    return REASON_OK;
}

enum reason members_account(struct members *members, const struct members_request *request,
                            const char *service, struct member *ret_member)
{
    enum store_result result;
    enum reason reason;

    *ret_member = (struct member){0};
    members->notice[0] = '\0';
    result = store_by_name(members->store, request->requested_user, ret_member);
    if (result == STORE_NONE)
        return REASON_NOT_A_MEMBER;
    if (result != STORE_OK)
        return members_store_failed(members);
    reason = judge_state(ret_member);
    if (reason == REASON_OK)
        reason = judge_connection(request, service, ret_member);
    if (reason == REASON_OK)
        reason = members_check_conflict(members, ret_member);
    return reason == REASON_OK ? members_publish_if_stale(members) : reason;
}
