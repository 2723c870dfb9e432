/* SPDX-License-Identifier: BSD-2-Clause */
/* Members from elsewhere, all or none. What the rows say is judged as if an admin had typed it here. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "frontdesk/ids.h"
#include "members/members_internal.h"
#include "members/publish.h"
#include "members/system_accounts.h"

struct import {
    struct members *members;
    const struct config *config;
    const struct members_import_row *row;
    struct member member; /* what becomes of the row */
    const char *what;
};

static enum reason refuse(struct import *import, const char *what, enum reason reason)
{
    if (reason != REASON_OK)
        import->what = what;
    return reason;
}

static bool is_tombstone(const struct import *import)
{
    return import->row->state == MEMBER_REMOVED;
}

static enum reason judge_connection(const struct import *import)
{
    const char *connection = import->row->connection;

    if (is_tombstone(import))
        return !connection || connection_name_is_valid(connection) ? REASON_OK : REASON_CONNECTION_UNKNOWN;
    if (!connection)
        return import->row->issuer ? REASON_CONNECTION_UNKNOWN : REASON_OK;
    return members_connection_is_known(import->config, connection) ? REASON_OK : REASON_CONNECTION_UNKNOWN;
}

static enum reason judge_identity(struct import *import)
{
    const struct members_import_row *row = import->row;
    struct member other = {0};
    enum store_result result;
    enum reason reason;

    if (!row->issuer && !row->subject)
        return REASON_OK;
    if (!row->issuer || !row->subject)
        return refuse(import, row->issuer ? "subject" : "issuer",
                      row->issuer ? REASON_CLAIM_SUB : REASON_CLAIM_ISS);
    reason = members_judge_identity(row->issuer, row->subject);
    if (reason != REASON_OK)
        return refuse(import, reason == REASON_CLAIM_ISS ? "issuer" : "subject", reason);
    result = store_by_identity(import->members->store, row->issuer, row->subject, &other);
    member_clear(&other);
    if (result == STORE_OK)
        return refuse(import, "subject", REASON_NAME_TAKEN);
    return result == STORE_NONE ? REASON_OK : members_store_failed(import->members);
}

static enum reason take_texts(struct import *import)
{
    const struct members_import_row *row = import->row;
    struct member *member = &import->member;
    AUTO_FREE char *email = row->email ? email_normalize(row->email) : NULL;
    const bool needs_email = !is_tombstone(import) && !row->issuer;

    if ((row->email || needs_email) && !email)
        return refuse(import, "email", REASON_CLAIMS_MALFORMED);
    if (row->full_name && !members_full_name_is_valid(row->full_name))
        return refuse(import, "full_name", REASON_CLAIMS_MALFORMED);
    member->email_verified = row->issuer && email && row->email_verified;
    if (!member_set_text(&member->email, email) || !member_set_text(&member->full_name, row->full_name) ||
        !member_set_text(&member->connection, row->connection) ||
        !member_set_text(&member->issuer, row->issuer) || !member_set_text(&member->subject, row->subject))
        return REASON_INTERNAL;
    return REASON_OK;
}

static enum reason id_is_free(struct import *import, uint32_t id)
{
    const struct members_settings *settings = &import->config->members;
    struct member other = {0};
    enum store_result result = store_by_id(import->members->store, id, &other);

    member_clear(&other);
    if (result == STORE_OK)
        return REASON_NAME_TAKEN;
    if (result != STORE_NONE)
        return members_store_failed(import->members);
    if (is_tombstone(import))
        return id_is_members(id) ? REASON_OK : REASON_RANGE_FULL;
    if (id < settings->id_min || id > settings->id_max)
        return REASON_RANGE_FULL;
    switch (system_has_id(id)) {
    case SYSTEM_FREE:
        return REASON_OK;
    case SYSTEM_TAKEN:
        return REASON_NAME_TAKEN;
    case SYSTEM_UNKNOWN:
        break;
    }
    return REASON_INTERNAL;
}

static enum reason take_id(struct import *import)
{
    enum reason reason;

    if (import->row->id == 0)
        return members_next_id(import->members, &import->config->members, &import->member.id);
    reason = id_is_free(import, import->row->id);
    if (reason == REASON_OK)
        import->member.id = import->row->id;
    return reason;
}

static enum reason take_name(struct import *import)
{
    const char *name = import->row->name;
    struct member *member = &import->member;
    enum reason reason;

    if (is_tombstone(import) && name[0] == '\0') {
        (void)snprintf(member->name, sizeof member->name, "#%u", (unsigned)member->id);
        return REASON_OK;
    }
    if (is_tombstone(import)) {
        reason = member_name_is_valid(name, strlen(name)) ? REASON_OK : REASON_NAME_INVALID;
        if (reason == REASON_OK)
            reason = members_check_stored_name(import->members, name, 0);
    } else {
        reason = members_judge_name(name);
        if (reason == REASON_OK)
            reason = members_check_name(import->members, name, 0);
    }
    if (reason == REASON_OK)
        (void)snprintf(member->name, sizeof member->name, "%s", name);
    return reason;
}

static enum reason take_paths(struct import *import)
{
    const struct members_import_row *row = import->row;
    struct member *member = &import->member;

    if (!members_fill_paths(&import->config->members, member) ||
        (row->home && !member_set_text(&member->home, row->home)) ||
        (row->shell && !member_set_text(&member->shell, row->shell)))
        return REASON_INTERNAL;
    return is_tombstone(import) || publish_fits(member) ? REASON_OK : REASON_CONFIG_BROKEN;
}

/* Enabling does the same: who is bound is no invitation, who is not is one. */
static void take_state(struct import *import)
{
    const struct members_import_row *row = import->row;
    struct member *member = &import->member;

    member->state = row->state;
    if (row->state == MEMBER_ACTIVE || row->state == MEMBER_INVITED)
        member->state = row->issuer ? MEMBER_ACTIVE : MEMBER_INVITED;
    member->created_at = row->created_at > 0 ? row->created_at : (int64_t)time(NULL);
    member->last_sign_in_at = row->last_sign_in_at > 0 ? row->last_sign_in_at : 0;
}

static enum reason add_former_names(struct import *import)
{
    struct members *members = import->members;
    const char *const *name = import->row->former_names;

    for (; name && *name; name++) {
        enum reason reason = member_name_is_valid(*name, strlen(*name)) ? REASON_OK : REASON_NAME_INVALID;

        if (reason == REASON_OK)
            reason = members_check_stored_name(members, *name, 0);
        if (reason != REASON_OK)
            return reason;
        if (store_add_former_name(members->store, import->member.id, *name) != STORE_OK)
            return members_store_failed(members);
    }
    return REASON_OK;
}

static enum reason import_row(struct import *import)
{
    enum reason reason = refuse(import, "connection", judge_connection(import));

    if (reason == REASON_OK)
        reason = judge_identity(import);
    if (reason == REASON_OK)
        reason = take_texts(import);
    if (reason == REASON_OK)
        reason = refuse(import, "id", take_id(import));
    if (reason == REASON_OK)
        reason = refuse(import, "name", take_name(import));
    if (reason == REASON_OK)
        reason = refuse(import, "home", take_paths(import));
    if (reason != REASON_OK)
        return reason;
    take_state(import);
    if (store_insert(import->members->store, &import->member) != STORE_OK)
        return members_store_failed(import->members);
    return refuse(import, "former_names", add_former_names(import));
}

static bool ends_import(enum reason reason)
{
    return reason == REASON_STORE_FAILED || reason == REASON_STORE_CORRUPT || reason == REASON_INTERNAL;
}

/* Rows that name an id go first, so that none of them is given to another row. */
static enum reason import_rows(struct members *members, const struct config *config,
                               const struct members_import_row *rows, size_t count,
                               struct members_import_answer *answers)
{
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < count; i++) {
            struct import import = {.members = members, .config = config, .row = &rows[i], .what = ""};
            enum reason reason;

            if ((rows[i].id == 0) != (pass == 1))
                continue;
            reason = import_row(&import);
            answers[i] = (struct members_import_answer){reason, import.what, import.member.id};
            member_clear(&import.member);
            if (ends_import(reason))
                return reason;
        }
    for (size_t i = 0; i < count; i++)
        if (answers[i].reason != REASON_OK)
            return answers[i].reason;
    return REASON_OK;
}

enum reason members_import(struct members *members, const struct config *config,
                           const struct members_import_row *rows, size_t count,
                           struct members_import_answer *ret_answers)
{
    for (size_t i = 0; i < count; i++)
        ret_answers[i] = (struct members_import_answer){REASON_NONE, "", 0};
    if (store_begin(members->store) != STORE_OK)
        return members_store_failed(members);
    if (store_verify(members->store) != STORE_OK)
        return members_finish(members, members_store_failed(members));
    return members_finish(members, import_rows(members, config, rows, count, ret_answers));
}
