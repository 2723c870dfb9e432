/* SPDX-License-Identifier: BSD-2-Clause */
/* What a new member gets: a name that is nobody's, an id that was never anybody's, a home. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members/members_internal.h"
#include "members/publish.h"
#include "members/system_accounts.h"

#define ID_TRIES_MAX                                                                                         \
    1024 /* ids in a row that another source uses; each may cost a request to a directory                    \
          */

static enum reason check_former_name(struct members *members, const char *name, uint32_t id)
{
    uint32_t holder;

    switch (store_former_holder(members->store, name, &holder)) {
    case STORE_OK:
        return holder == id ? REASON_OK : REASON_NAME_TAKEN;
    case STORE_NONE:
        return REASON_OK;
    case STORE_CONFLICT:
    case STORE_FAILED:
        break;
    }
    return members_store_failed(members);
}

enum reason members_check_stored_name(struct members *members, const char *name, uint32_t id)
{
    struct member other = {0};
    enum store_result result = store_by_name(members->store, name, &other);

    member_clear(&other);
    if (result == STORE_OK)
        return REASON_NAME_TAKEN;
    return result == STORE_NONE ? check_former_name(members, name, id) : members_store_failed(members);
}

enum reason members_check_name(struct members *members, const char *name, uint32_t id)
{
    enum reason reason = members_check_stored_name(members, name, id);

    if (reason != REASON_OK)
        return reason;
    switch (system_has_name(name)) {
    case SYSTEM_FREE:
        return REASON_OK;
    case SYSTEM_TAKEN:
        return REASON_NAME_TAKEN;
    case SYSTEM_UNKNOWN:
        break;
    }
    return REASON_INTERNAL;
}

/* Upwards from where the store would go on, then through the gaps below; *tries counts across both. */
static enum reason find_id(struct members *members, uint32_t min, uint32_t max, unsigned *tries,
                           uint32_t *ret_id)
{
    uint32_t id;

    for (; *tries < ID_TRIES_MAX; ++*tries) {
        enum store_result result = store_next_id(members->store, min, max, &id);
        enum system_answer answer;

        if (result == STORE_NONE)
            return REASON_RANGE_FULL;
        if (result != STORE_OK)
            return members_store_failed(members);
        answer = system_has_id(id);
        if (answer == SYSTEM_UNKNOWN)
            return REASON_INTERNAL;
        if (answer == SYSTEM_FREE) {
            *ret_id = id;
            return REASON_OK;
        }
        min = id + 1;
    }
    return REASON_RANGE_FULL;
}

enum reason members_next_id(struct members *members, const struct members_settings *settings,
                            uint32_t *ret_id)
{
    unsigned tries = 0;
    uint32_t first;
    enum reason reason = find_id(members, settings->id_min, settings->id_max, &tries, ret_id);

    if (reason != REASON_RANGE_FULL || tries == 0)
        return reason;
    if (store_next_id(members->store, settings->id_min, settings->id_max, &first) != STORE_OK)
        return members_store_failed(members);
    if (first == settings->id_min)
        return REASON_RANGE_FULL;
    return find_id(members, settings->id_min, first - 1, &tries, ret_id);
}

bool members_fill_paths(const struct members_settings *settings, struct member *member)
{
    free(member->home);
    if (asprintf(&member->home, "%s/%s", settings->home_base, member->name) < 0)
        member->home = NULL;
    return member->home && member_set_text(&member->shell, settings->shell);
}

/* The shape of an index entry is checked before anything is stored, so that nothing is stored in vain. */
static enum reason fill(const struct members_settings *settings, const char *name, struct member *member)
{
    (void)snprintf(member->name, sizeof member->name, "%s", name);
    if (!members_fill_paths(settings, member))
        return REASON_INTERNAL;
    return publish_fits(member) ? REASON_OK : REASON_CONFIG_BROKEN;
}

enum reason members_prepare(struct members *members, const struct config *config, const char *name,
                            struct member *ret_member)
{
    struct member member = {0};
    enum reason reason;

    /* A damaged index says "nobody" of a name or an id that somebody has. */
    if (store_verify(members->store) != STORE_OK)
        return members_store_failed(members);
    reason = members_next_id(members, &config->members, &member.id);
    if (reason == REASON_OK)
        reason = fill(&config->members, name, &member);
    if (reason != REASON_OK) {
        member_clear(&member);
        return reason;
    }
    *ret_member = member;
    return REASON_OK;
}
