/* SPDX-License-Identifier: BSD-2-Clause */
/* The sources are read one by one: the name service does not say which one an answer came from. */
#include "members/system_conflict.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "frontdesk/ids.h"
#include "members/other_sources.h"

static enum system_answer taken(char ret_who[SYSTEM_CONFLICT_SIZE], const char *kind, const char *name,
                                uint32_t id)
{
    (void)snprintf(ret_who, SYSTEM_CONFLICT_SIZE, "the %s %.64s (%u)", kind, name, (unsigned)id);
    return SYSTEM_TAKEN;
}

/* A file that is not there has nobody. */
static enum system_answer open_file(const char *path, FILE **ret_file)
{
    *ret_file = fopen(path, "re");
    return *ret_file || errno == ENOENT ? SYSTEM_FREE : SYSTEM_UNKNOWN;
}

/* Who does not come to the end, for want of memory, say, has not seen everybody. */
static enum system_answer judge_end(enum system_answer answer, FILE *file)
{
    return answer == SYSTEM_FREE && file && !feof(file) ? SYSTEM_UNKNOWN : answer;
}

static enum system_answer search_users(const char *name, uint32_t id, char ret_who[SYSTEM_CONFLICT_SIZE])
{
    AUTO_FCLOSE FILE *file = NULL;
    enum system_answer answer = open_file("/etc/passwd", &file);
    const struct passwd *user;

    while (answer == SYSTEM_FREE && file && (user = fgetpwent(file)) != NULL)
        if (user->pw_uid == id || (name && strcmp(user->pw_name, name) == 0))
            answer = taken(ret_who, "local user", user->pw_name, user->pw_uid);
    return judge_end(answer, file);
}

static enum system_answer search_groups(const char *name, uint32_t id, char ret_who[SYSTEM_CONFLICT_SIZE])
{
    AUTO_FCLOSE FILE *file = NULL;
    enum system_answer answer = open_file("/etc/group", &file);
    const struct group *group;

    while (answer == SYSTEM_FREE && file && (group = fgetgrent(file)) != NULL)
        if (group->gr_gid == id || (name && strcmp(group->gr_name, name) == 0))
            answer = taken(ret_who, "local group", group->gr_name, group->gr_gid);
    return judge_end(answer, file);
}

/* What is asked by no source apart (`compat`) answers here; of a member's id it may be our own answer. */
static enum system_answer ask_name_service(const char *name, char ret_who[SYSTEM_CONFLICT_SIZE])
{
    uint32_t other;

    if (system_user_id(name, &other) == SYSTEM_TAKEN && !id_is_members(other))
        return taken(ret_who, "user", name, other);
    if (system_group_id(name, &other) == SYSTEM_TAKEN && !id_is_members(other))
        return taken(ret_who, "group", name, other);
    return SYSTEM_FREE;
}

enum system_answer system_conflict(const char *name, uint32_t id, char ret_who[SYSTEM_CONFLICT_SIZE])
{
    enum system_answer answer = search_users(name, id, ret_who);

    if (answer == SYSTEM_FREE)
        answer = search_groups(name, id, ret_who);
    if (answer == SYSTEM_FREE)
        answer = other_sources_have(name, id, ret_who, SYSTEM_CONFLICT_SIZE);
    return answer == SYSTEM_FREE && name ? ask_name_service(name, ret_who) : answer;
}
