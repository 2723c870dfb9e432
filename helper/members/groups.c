/* SPDX-License-Identifier: BSD-2-Clause */
/* Local groups by name. What a name is worth on this machine is for the NSS reader to say. */
#include "members/groups.h"

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "frontdesk/member_index.h"

#define GROUP_NAME_MAX 32

_Static_assert(MEMBER_GROUPS_MAX *(GROUP_NAME_MAX + 1) - 1 <= MEMBER_GROUP_LIST_MAX,
               "there is room for as many groups as there may be");

static bool is_group_name(const char *name, size_t length)
{
    if (length > GROUP_NAME_MAX || (name[0] != '_' && name[0] < 'a')) /* nothing, too, ends in such a byte */
        return false;
    for (size_t i = 0; i < length; i++)
        if (!member_name_has_byte(name[i]) || name[i] == '.')
            return false;
    return true;
}

bool group_name_is_valid(const char *name)
{
    return is_group_name(name, strlen(name));
}

bool group_list_is_valid(const char *list)
{
    size_t count = 0;

    while (*list) {
        const size_t length = strcspn(list, ",");

        if (!is_group_name(list, length) || ++count > MEMBER_GROUPS_MAX)
            return false;
        list += length;
        if (*list == ',' && *++list == '\0')
            return false;
    }
    return true;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Borrowed from the connection, sorted, maybe several times the same; *ret_names is malloc'd. */
static bool find_names(const struct connection *connection, const struct identity *identity,
                       const char ***ret_names, size_t *ret_count)
{
    const struct name_value *map = connection->group_map;
    size_t length = 0, count = 0;
    const char **names;

    while (map && map[length].name)
        length++;
    names = calloc(length + 1, sizeof *names);
    if (!names)
        return false;
    for (size_t i = 0; !identity->groups_overflowed && i < length; i++)
        if (list_has(identity->groups, map[i].name) && group_name_is_valid(map[i].value))
            names[count++] = map[i].value;
    qsort(names, count, sizeof *names, compare);
    *ret_names = names;
    *ret_count = count;
    return true;
}

char *groups_map(const struct connection *connection, const struct identity *identity, bool *ret_cut)
{
    AUTO_FREE const char **names = NULL;
    size_t count = 0, used = 0, length = 0;
    char *list = calloc(1, MEMBER_GROUP_LIST_MAX + 1);
    bool is_cut = false;

    if (!list || !find_names(connection, identity, &names, &count)) {
        free(list);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        const size_t size = strlen(names[i]), comma = used > 0;

        if (i > 0 && strcmp(names[i], names[i - 1]) == 0)
            continue;
        if (used == MEMBER_GROUPS_MAX) {
            is_cut = true;
            continue;
        }
        if (comma)
            list[length++] = ',';
        memcpy(list + length, names[i], size);
        length += size;
        used++;
    }
    *ret_cut = is_cut;
    return list;
}
