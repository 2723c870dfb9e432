/* SPDX-License-Identifier: BSD-2-Clause */
/* What inviting, renaming, rebinding and importing judge alike. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"
#include "members/members_internal.h"
#include "members/system_conflict.h"

enum reason members_judge_name(const char *name)
{
    if (!member_name_is_valid(name, strlen(name)))
        return REASON_NAME_INVALID;
    return member_name_is_reserved(name) ? REASON_NAME_RESERVED : REASON_OK;
}

bool members_full_name_is_valid(const char *full_name)
{
    return strlen(full_name) <= MEMBER_FULL_NAME_MAX && text_is_printable(full_name, strlen(full_name));
}

bool members_connection_is_known(const struct config *config, const char *connection)
{
    return !connection || config_connection(config, connection) ||
           config_connection_is_broken(config, connection);
}

enum reason members_judge_identity(const char *issuer, const char *subject)
{
    if (issuer[0] == '\0' || strlen(issuer) > CLAIM_TEXT_MAX || !text_is_printable(issuer, strlen(issuer)))
        return REASON_CLAIM_ISS;
    if (subject &&
        (subject[0] == '\0' || strlen(subject) > SUBJECT_MAX || !text_is_printable(subject, strlen(subject))))
        return REASON_CLAIM_SUB;
    return REASON_OK;
}

enum reason members_check_conflict(struct members *members, const struct member *member)
{
    char who[SYSTEM_CONFLICT_SIZE];

    switch (system_conflict(member->name, member->id, who)) {
    case SYSTEM_FREE:
        return REASON_OK;
    case SYSTEM_TAKEN:
        (void)snprintf(members->notice, sizeof members->notice,
                       "%s has the name or the id of the member %s (%u)", who, member->name,
                       (unsigned)member->id);
        return REASON_NAME_TAKEN;
    case SYSTEM_UNKNOWN:
        break;
    }
    return REASON_INTERNAL;
}

enum reason members_find(struct members *members, const char *name, struct member *ret_member)
{
    switch (store_by_name(members->store, name, ret_member)) {
    case STORE_OK:
        return REASON_OK;
    case STORE_NONE:
        return REASON_NOT_A_MEMBER;
    case STORE_CONFLICT:
    case STORE_FAILED:
        break;
    }
    return members_store_failed(members);
}

bool member_set_text(char **text, const char *to)
{
    char *copy = to ? strdup(to) : NULL;

    if (to && !copy)
        return false;
    free(*text);
    *text = copy;
    return true;
}
