/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Local accounts and members are two worlds of names: an account is entered only because its connection says
 * so for this identity, and a member only as itself.
 */
#include "keeper/entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "keeper/begun.h"
#include "keeper/record.h"
#include "members/local_users.h"

static void cleanup_list(char ***list)
{
    list_free(*list);
}

static void set_name(char name[MEMBER_NAME_MAX + 1], const char *to)
{
    (void)snprintf(name, MEMBER_NAME_MAX + 1, "%s", to);
}

static enum reason enter_local(struct sign_in *sign_in, const char *name)
{
    const enum reason reason = local_user_judge(name);

    if (!member_name_is_valid(name, strlen(name)))
        return REASON_LOCAL_USER_UNFIT;
    if (reason != REASON_OK) {
        (void)snprintf(sign_in->detail, sizeof sign_in->detail, "local user %s", name);
        return reason;
    }
    set_name(sign_in->user, name);
    sign_in->enters_local = true;
    return REASON_OK;
}

static enum reason wrong_user(struct sign_in *sign_in, const char *is)
{
    set_name(sign_in->user, is);
    return REASON_WRONG_USER;
}

/* Which claim it was that gave no name, in the place of the rule that had let the person in. */
static void tell_name(struct sign_in *sign_in, enum reason reason)
{
    const char *claim = sign_in->connection->username_claim;

    if (reason == REASON_USERNAME_CLAIM_MISSING || reason == REASON_USERNAME_REGEX ||
        reason == REASON_NAME_INVALID || reason == REASON_NAME_RESERVED)
        (void)snprintf(sign_in->detail, sizeof sign_in->detail, "username_claim %s", claim);
}

static enum reason enter_member(struct keeper *keeper, struct sign_in *sign_in, const char *requested)
{
    struct service storage;
    const struct members_request request = {
        .config = sign_in->config,
        .connection = sign_in->connection,
        .requested_user = requested,
        .remote = login_is_remote(&sign_in->login),
        .first_sign_in = sign_in_service(sign_in, &storage)->first_sign_in,
        .known_only = sign_in->unprivileged,
        .now = time(NULL),
    };
    struct member member = {0};
    enum reason reason;

    if (!record_is_possible(keeper))
        return REASON_AUDIT_FAILED;
    reason = members_sign_in(&keeper->members, &request, &sign_in->identity, &member);
    if (reason == REASON_OK || reason == REASON_CONNECT_AGAIN || reason == REASON_WRONG_USER)
        set_name(sign_in->user, member.name);
    if (reason == REASON_OK || reason == REASON_CONNECT_AGAIN)
        set_name(sign_in->member, member.name);
    if (reason == REASON_OK)
        sign_in->member_id = member.id;
    tell_name(sign_in, reason);
    sign_in_add_detail(sign_in, "", keeper->members.notice);
    member_clear(&member);
    return reason;
}

/* A person whom no account was opened for, but others are, is told which. */
static enum reason enter_requested(struct keeper *keeper, struct sign_in *sign_in, const char *requested,
                                   char *const *accounts)
{
    enum reason reason;

    if (list_has(accounts, requested))
        return enter_local(sign_in, requested);
    if (sign_in->connection->shared_account)
        return wrong_user(sign_in, sign_in->connection->shared_account);
    reason = enter_member(keeper, sign_in, requested);
    return reason == REASON_CREATE_OFF && accounts[0] ? wrong_user(sign_in, accounts[0]) : reason;
}

/* Those of the accounts that can be entered here, and the member; NULL: no memory, or *ret_reason. */
static char **candidates_of(const struct sign_in *sign_in, char *const *accounts, enum reason *ret_reason)
{
    size_t count = 0, taken = 0;
    char **candidates;

    while (accounts[count])
        count++;
    candidates = calloc(count + 2, sizeof *candidates);
    *ret_reason = candidates ? REASON_OK : REASON_INTERNAL;
    for (size_t i = 0; *ret_reason == REASON_OK && i < count; i++) {
        const enum reason fit = local_user_judge(accounts[i]);

        if (fit == REASON_OK && member_name_is_valid(accounts[i], strlen(accounts[i])))
            *ret_reason = (candidates[taken++] = strdup(accounts[i])) ? REASON_OK : REASON_INTERNAL;
        else if (fit == REASON_INTERNAL)
            *ret_reason = fit;
    }
    if (*ret_reason == REASON_OK && sign_in->member[0] != '\0' &&
        !(candidates[taken] = strdup(sign_in->member)))
        *ret_reason = REASON_INTERNAL;
    if (*ret_reason == REASON_OK)
        return candidates;
    list_free(candidates);
    return NULL;
}

static enum reason enter_unasked(struct keeper *keeper, struct sign_in *sign_in, char *const *accounts)
{
    CLEANUP(cleanup_list) char **candidates = NULL;
    enum reason reason;

    if (sign_in->connection->shared_account)
        return enter_local(sign_in, sign_in->connection->shared_account);
    if (!accounts[0])
        return enter_member(keeper, sign_in, "");
    candidates = candidates_of(sign_in, accounts, &reason);
    if (!candidates)
        return reason;
    if (!candidates[0])
        return REASON_LOCAL_USER_UNFIT;
    if (!candidates[1])
        return enter_requested(keeper, sign_in, candidates[0], accounts);
    list_free(sign_in->candidates);
    sign_in->candidates = candidates;
    candidates = NULL;
    return REASON_NONE;
}

/* No account, local or shared, is entered there: the member is who it is, and nobody enters. */
static enum reason enter_nothing(struct keeper *keeper, struct sign_in *sign_in)
{
    enum reason reason;

    begun_note(keeper, sign_in);
    reason = enter_member(keeper, sign_in, "");
    sign_in->user[0] = '\0';
    return reason;
}

enum reason entry_judge(struct keeper *keeper, struct sign_in *sign_in, const char *requested)
{
    CLEANUP(cleanup_list) char **accounts = NULL;
    AUTO_FREE char *why = NULL;
    enum reason reason;

    if (sign_in->kiosk)
        return enter_nothing(keeper, sign_in);
    reason = local_users_of(sign_in->connection, &sign_in->identity, &accounts, &why);
    if (reason != REASON_OK) {
        (void)log_text(why ? why : "", sign_in->detail, sizeof sign_in->detail);
        return reason;
    }
    reason = members_name_of(&keeper->members, &sign_in->identity, sign_in->member);
    if (reason != REASON_OK)
        return reason;
    return requested[0] != '\0' ? enter_requested(keeper, sign_in, requested, accounts)
                                : enter_unasked(keeper, sign_in, accounts);
}
