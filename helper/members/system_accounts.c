/* SPDX-License-Identifier: BSD-2-Clause */
/* The _r functions with a buffer that grows, and their four ways to say "nobody". */
#include "members/system_accounts.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define BUFFER_FIRST 4096
#define BUFFER_MAX   (16 * 1024 * 1024) /* a group with a hundred thousand people; beyond: unknown */

struct wanted {
    const char *name;
    uint32_t id;
    uint32_t *ret_id; /* of user_id_by_name and group_id_by_name */
};

/* 0 and *ret_is_found, or an error number. */
typedef int (*look_up)(struct wanted wanted, char *buffer, size_t size, bool *ret_is_found);

static int user_by_name(struct wanted wanted, char *buffer, size_t size, bool *ret_is_found)
{
    struct passwd entry, *found = NULL;
    int error = getpwnam_r(wanted.name, &entry, buffer, size, &found);

    *ret_is_found = found != NULL;
    return error;
}

static int group_by_name(struct wanted wanted, char *buffer, size_t size, bool *ret_is_found)
{
    struct group entry, *found = NULL;
    int error = getgrnam_r(wanted.name, &entry, buffer, size, &found);

    *ret_is_found = found != NULL;
    return error;
}

static int user_by_id(struct wanted wanted, char *buffer, size_t size, bool *ret_is_found)
{
    struct passwd entry, *found = NULL;
    int error = getpwuid_r(wanted.id, &entry, buffer, size, &found);

    *ret_is_found = found != NULL;
    return error;
}

static int user_id_by_name(struct wanted wanted, char *buffer, size_t size, bool *ret_is_found)
{
    struct passwd entry, *found = NULL;
    int error = getpwnam_r(wanted.name, &entry, buffer, size, &found);

    *ret_is_found = found && strcmp(found->pw_name, wanted.name) == 0;
    if (*ret_is_found)
        *wanted.ret_id = found->pw_uid;
    return error;
}

static int group_id_by_name(struct wanted wanted, char *buffer, size_t size, bool *ret_is_found)
{
    struct group entry, *found = NULL;
    int error = getgrnam_r(wanted.name, &entry, buffer, size, &found);

    *ret_is_found = found && strcmp(found->gr_name, wanted.name) == 0;
    if (*ret_is_found)
        *wanted.ret_id = found->gr_gid;
    return error;
}

static int group_by_id(struct wanted wanted, char *buffer, size_t size, bool *ret_is_found)
{
    struct group entry, *found = NULL;
    int error = getgrgid_r(wanted.id, &entry, buffer, size, &found);

    *ret_is_found = found != NULL;
    return error;
}

static enum system_answer ask(look_up function, struct wanted wanted)
{
    for (size_t size = BUFFER_FIRST; size <= BUFFER_MAX; size *= 4) {
        char *buffer = malloc(size);
        bool is_found = false;
        int error = buffer ? function(wanted, buffer, size, &is_found) : ENOMEM;

        free(buffer);
        if (is_found)
            return SYSTEM_TAKEN;
        if (error == 0 || error == ENOENT || error == ESRCH)
            return SYSTEM_FREE;
        if (error != ERANGE)
            return SYSTEM_UNKNOWN;
    }
    return SYSTEM_UNKNOWN;
}

static enum system_answer ask_both(look_up user, look_up group, struct wanted wanted)
{
    enum system_answer answer = ask(user, wanted);

    return answer == SYSTEM_FREE ? ask(group, wanted) : answer;
}

enum system_answer system_has_name(const char *name)
{
    return ask_both(user_by_name, group_by_name, (struct wanted){.name = name});
}

enum system_answer system_has_id(uint32_t id)
{
    return ask_both(user_by_id, group_by_id, (struct wanted){.id = id});
}

enum system_answer system_user_id(const char *name, uint32_t *ret_id)
{
    return ask(user_id_by_name, (struct wanted){.name = name, .ret_id = ret_id});
}

enum system_answer system_group_id(const char *name, uint32_t *ret_id)
{
    return ask(group_id_by_name, (struct wanted){.name = name, .ret_id = ret_id});
}
