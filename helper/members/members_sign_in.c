/* SPDX-License-Identifier: BSD-2-Clause */
/* From a verified identity to the one member that it is, in one transaction. */
#include <string.h>

#include "members/map_name.h"
#include "members/members_sync.h"
#include "members/publish.h"

static bool user_fits(const struct members_request *request, const char *name)
{
    return request->requested_user[0] == '\0' || strcmp(request->requested_user, name) == 0;
}

static enum reason update(struct members *members, const struct member *member)
{
    return store_update(members->store, member) == STORE_OK ? REASON_OK : members_store_failed(members);
}

static enum reason sign_in_known(struct members *members, const struct members_request *request,
                                 const struct identity *identity, struct member *member)
{
    enum reason reason;

    switch (member->state) {
    case MEMBER_ACTIVE:
        break;
    case MEMBER_DISABLED:
        return REASON_MEMBER_DISABLED;
    case MEMBER_REMOVED:
        return REASON_MEMBER_REMOVED;
    case MEMBER_INVITED:
        return REASON_INTERNAL;
    }
    if (!user_fits(request, member->name))
        return REASON_WRONG_USER;
    if (!publish_fits(member))
        return REASON_NOT_A_MEMBER;
    reason = members_check_conflict(members, member);
    if (reason != REASON_OK || request->known_only)
        return reason;
    reason = member_sync(members, request, identity, member);
    return reason == REASON_OK ? update(members, member) : reason;
}

/* *member is the invitation. Who was shut out under one name does not come in as a stranger of another. */
static enum reason sign_in_invited(struct members *members, const struct members_request *request,
                                   const struct identity *identity, struct member *member)
{
    enum reason reason;

    if (member->state == MEMBER_DISABLED)
        return REASON_MEMBER_DISABLED;
    if (!user_fits(request, member->name))
        return REASON_WRONG_USER;
    if (!publish_fits(member))
        return REASON_NOT_A_MEMBER;
    if (request->known_only)
        return REASON_INVITED_NOT_BOUND;
    reason = members_check_conflict(members, member);
    if (reason != REASON_OK)
        return reason;
    reason = member_bind(members, request, identity, member);
    return reason == REASON_OK ? update(members, member) : reason;
}

/*
 * An address that the issuer gave to another subject before was recycled, or two people share it: neither
 * becomes a member beside the first holder by itself. Two issuers are two identities, whatever the address.
 */
static enum reason check_email(struct members *members, const struct identity *identity)
{
    struct member holder = {0};
    enum store_result result;

    if (!identity->email || !identity->email_verified)
        return REASON_OK;
    result = store_by_verified_email(members->store, identity->issuer, identity->email, &holder);
    member_clear(&holder);
    if (result == STORE_NONE)
        return REASON_OK;
    return result == STORE_OK ? REASON_EMAIL_TAKEN : members_store_failed(members);
}

static enum reason judge_stranger(struct members *members, const struct members_request *request,
                                  const struct identity *identity, char ret_name[MEMBER_NAME_MAX + 1])
{
    enum reason reason;

    if (request->known_only)
        return REASON_NOT_A_MEMBER;
    if (!request->connection->create_users)
        return REASON_CREATE_OFF;
    reason = map_name(request->connection, identity, ret_name);
    if (reason != REASON_OK)
        return reason;
    if (!user_fits(request, ret_name))
        return REASON_WRONG_USER;
    reason = members_check_name(members, ret_name, 0);
    if (reason == REASON_OK)
        reason = check_email(members, identity);
    if (reason != REASON_OK)
        return reason;
    if (request->remote && request->first_sign_in != FIRST_SIGN_IN_RECONNECT)
        return REASON_FIRST_SIGN_IN_REFUSED;
    return REASON_OK;
}

static enum reason create(struct members *members, const struct members_request *request,
                          const struct identity *identity, struct member *member)
{
    enum reason reason;

    member->created_at = request->now;
    reason = member_bind(members, request, identity, member);
    if (reason == REASON_OK && store_insert(members->store, member) != STORE_OK)
        reason = members_store_failed(members);
    return reason;
}

static enum reason sign_in_stranger(struct members *members, const struct members_request *request,
                                    const struct identity *identity, struct member *ret_member)
{
    char name[MEMBER_NAME_MAX + 1] = "";
    struct member member = {0};
    enum reason reason = judge_stranger(members, request, identity, name);

    if (reason == REASON_WRONG_USER)
        memcpy(ret_member->name, name, sizeof name);
    if (reason == REASON_OK)
        reason = members_prepare(members, request->config, name, &member);
    if (reason != REASON_OK)
        return reason;
    reason = create(members, request, identity, &member);
    if (reason != REASON_OK) {
        member_clear(&member);
        return reason;
    }
    *ret_member = member;
    return request->remote ? REASON_CONNECT_AGAIN : REASON_OK;
}

static enum reason sign_in_new(struct members *members, const struct members_request *request,
                               const struct identity *identity, struct member *ret_member)
{
    enum store_result result = STORE_NONE;
    enum reason reason;

    if (identity->email && identity->email_verified)
        result = store_invited(members->store, identity->email, request->connection->name, ret_member);
    if (result == STORE_NONE)
        return sign_in_stranger(members, request, identity, ret_member);
    if (result != STORE_OK)
        return members_store_failed(members);
    reason = sign_in_invited(members, request, identity, ret_member);
    if (reason != REASON_OK && reason != REASON_WRONG_USER)
        member_clear(ret_member);
    return reason;
}

static enum reason decide(struct members *members, const struct members_request *request,
                          const struct identity *identity, struct member *ret_member)
{
    switch (store_by_identity(members->store, identity->issuer, identity->subject, ret_member)) {
    case STORE_OK:
        return sign_in_known(members, request, identity, ret_member);
    case STORE_NONE:
        return sign_in_new(members, request, identity, ret_member);
    case STORE_CONFLICT:
    case STORE_FAILED:
        break;
    }
    return members_store_failed(members);
}

enum reason members_sign_in(struct members *members, const struct members_request *request,
                            const struct identity *identity, struct member *ret_member)
{
    *ret_member = (struct member){0};
    members->notice[0] = '\0';
    if (store_begin(members->store) != STORE_OK)
        return members_store_failed(members);
    return members_finish(members, decide(members, request, identity, ret_member));
}

enum reason members_name_of(struct members *members, const struct identity *identity,
                            char ret_name[MEMBER_NAME_MAX + 1])
{
    struct member member = {0};
    enum store_result result =
        store_by_identity(members->store, identity->issuer, identity->subject, &member);
    const enum member_state state = result == STORE_OK ? member.state : MEMBER_INVITED;
    char name[MEMBER_NAME_MAX + 1] = "";

    if (result != STORE_OK && result != STORE_NONE)
        return members_store_failed(members);
    if (state == MEMBER_ACTIVE && publish_fits(&member))
        memcpy(name, member.name, sizeof name);
    member_clear(&member);
    if (state == MEMBER_DISABLED || state == MEMBER_REMOVED)
        return state == MEMBER_DISABLED ? REASON_MEMBER_DISABLED : REASON_MEMBER_REMOVED;
    memcpy(ret_name, name, sizeof name);
    return REASON_OK;
}
