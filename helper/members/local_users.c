/* SPDX-License-Identifier: BSD-2-Clause */
/* Doors to accounts that others made: only by name, and never one that the system itself lives by. */
#include "members/local_users.h"

#include <stdlib.h>
#include <string.h>

#include "connection/user_map.h"
#include "frontdesk/ids.h"
#include "members/system_accounts.h"

/* Takes both over; NULL: no memory. */
static char **add_user(char **users, const char *user)
{
    size_t count = 0;
    char **more;

    if (list_has(users, user))
        return users;
    while (users[count])
        count++;
    more = reallocarray(users, count + 2, sizeof *users);
    if (!more) {
        list_free(users);
        return NULL;
    }
    more[count] = strdup(user);
    more[count + 1] = NULL;
    if (more[count])
        return more;
    list_free(more);
    return NULL;
}

static enum reason mapped_users(const char *path, const struct identity *identity, char ***ret_users,
                                char **ret_why)
{
    struct user_map *map = user_map_read(path, ret_why);

    if (!map)
        return REASON_USER_MAP_BROKEN;
    *ret_users = user_map_users(map, identity->subject, identity->email_verified ? identity->email : NULL);
    user_map_free(map);
    return *ret_users ? REASON_OK : REASON_INTERNAL;
}

enum reason local_users_of(const struct connection *connection, const struct identity *identity,
                           char ***ret_users, char **ret_why)
{
    char **users = NULL;
    enum reason reason = REASON_OK;

    if (connection->user_map_file)
        reason = mapped_users(connection->user_map_file, identity, &users, ret_why);
    else
        users = calloc(1, sizeof *users);
    if (reason != REASON_OK)
        return reason;
    if (users && connection->shared_account)
        users = add_user(users, connection->shared_account);
    if (!users)
        return REASON_INTERNAL;
    *ret_users = users;
    return REASON_OK;
}

#define FIRST_ORDINARY_ID 1000
#define NOBODY_ID         65534

/* Accounts that the system lives by; a person's, too, may be called "guest" or "admin". */
static bool is_systems_own(const char *name, uint32_t id)
{
    return id == 0 || (member_name_is_reserved(name) && (id < FIRST_ORDINARY_ID || id == NOBODY_ID));
}

enum reason local_user_judge(const char *name)
{
    uint32_t id;

    if (name[0] == '\0')
        return REASON_LOCAL_USER_UNFIT;
    switch (system_user_id(name, &id)) {
    case SYSTEM_FREE:
        return REASON_LOCAL_USER_UNFIT;
    case SYSTEM_TAKEN:
        return is_systems_own(name, id) || id_is_members(id) ? REASON_LOCAL_USER_UNFIT : REASON_OK;
    case SYSTEM_UNKNOWN:
        break;
    }
    return REASON_INTERNAL;
}
