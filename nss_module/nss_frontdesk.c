/* SPDX-License-Identifier: BSD-2-Clause */
/* Entry points of the name service: from a member in the index to glibc's struct passwd and struct group. */
#include "nss_frontdesk.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "frontdesk/paths.h"
#include "index_reader.h"
#include "local_groups.h"

static const char no_password[] = "*";

/* What is left of the caller's buffer. */
struct room {
    char *next;
    size_t left;
    bool is_short; /* something did not fit */
};

static char *put_string(struct room *room, const char *string)
{
    size_t size = strlen(string) + 1;
    char *put = room->next;

    if (size > room->left) {
        room->is_short = true;
        return NULL;
    }
    memcpy(put, string, size);
    room->next += size;
    room->left -= size;
    return put;
}

static char **put_empty_list(struct room *room)
{
    size_t gap = (size_t)(-(uintptr_t)room->next % _Alignof(char *));
    char **list;

    if (room->left < gap || room->left - gap < sizeof *list) {
        room->is_short = true;
        return NULL;
    }
    list = (char **)(void *)(room->next + gap);
    list[0] = NULL;
    room->next += gap + sizeof *list;
    room->left -= gap + sizeof *list;
    return list;
}

static bool put_passwd(const struct index_member *member, struct room *room, struct passwd *ret_entry)
{
    struct passwd entry = {.pw_uid = member->id, .pw_gid = member->id};

    entry.pw_name = put_string(room, member->name);
    entry.pw_passwd = put_string(room, no_password);
    entry.pw_gecos = put_string(room, member->full_name);
    entry.pw_dir = put_string(room, member->home);
    entry.pw_shell = put_string(room, member->shell);
    if (room->is_short)
        return false;
    *ret_entry = entry;
    return true;
}

static bool put_group(const struct index_member *member, struct room *room, struct group *ret_entry)
{
    struct group entry = {.gr_gid = member->id};

    entry.gr_mem = put_empty_list(room);
    entry.gr_name = put_string(room, member->name);
    entry.gr_passwd = put_string(room, no_password);
    if (room->is_short)
        return false;
    *ret_entry = entry;
    return true;
}

static enum nss_status not_found(enum index_result result, int *ret_errno)
{
    *ret_errno = ENOENT;
    return result == INDEX_NOT_FOUND ? NSS_STATUS_NOTFOUND : NSS_STATUS_UNAVAIL;
}

/* glibc then calls again with a larger buffer. */
static enum nss_status too_small(int *ret_errno)
{
    *ret_errno = ERANGE;
    return NSS_STATUS_TRYAGAIN;
}

static enum index_result find_name(const char *name, struct index_member *ret_member)
{
    int errno_before = errno;
    enum index_result result = index_find_name(FD_INDEX_PATH, name, ret_member);

    errno = errno_before;
    return result;
}

static enum index_result find_id(uint32_t id, struct index_member *ret_member)
{
    int errno_before = errno;
    enum index_result result = index_find_id(FD_INDEX_PATH, id, ret_member);

    errno = errno_before;
    return result;
}

enum nss_status _nss_frontdesk_getpwnam_r(const char *name, struct passwd *ret_entry, char *buffer,
                                          size_t size, int *ret_errno)
{
    struct room room = {.next = buffer, .left = size};
    struct index_member member;
    enum index_result result = find_name(name, &member);

    if (result != INDEX_FOUND)
        return not_found(result, ret_errno);
    return put_passwd(&member, &room, ret_entry) ? NSS_STATUS_SUCCESS : too_small(ret_errno);
}

enum nss_status _nss_frontdesk_getpwuid_r(uid_t uid, struct passwd *ret_entry, char *buffer, size_t size,
                                          int *ret_errno)
{
    struct room room = {.next = buffer, .left = size};
    struct index_member member;
    enum index_result result = find_id(uid, &member);

    if (result != INDEX_FOUND)
        return not_found(result, ret_errno);
    return put_passwd(&member, &room, ret_entry) ? NSS_STATUS_SUCCESS : too_small(ret_errno);
}

enum nss_status _nss_frontdesk_getgrnam_r(const char *name, struct group *ret_entry, char *buffer,
                                          size_t size, int *ret_errno)
{
    struct room room = {.next = buffer, .left = size};
    struct index_member member;
    enum index_result result = find_name(name, &member);

    if (result != INDEX_FOUND)
        return not_found(result, ret_errno);
    return put_group(&member, &room, ret_entry) ? NSS_STATUS_SUCCESS : too_small(ret_errno);
}

enum nss_status _nss_frontdesk_getgrgid_r(gid_t gid, struct group *ret_entry, char *buffer, size_t size,
                                          int *ret_errno)
{
    struct room room = {.next = buffer, .left = size};
    struct index_member member;
    enum index_result result = find_id(gid, &member);

    if (result != INDEX_FOUND)
        return not_found(result, ret_errno);
    return put_group(&member, &room, ret_entry) ? NSS_STATUS_SUCCESS : too_small(ret_errno);
}

static bool list_has(const gid_t *groups, long count, gid_t gid)
{
    for (long i = 0; i < count; i++)
        if (groups[i] == gid)
            return true;
    return false;
}

/* glibc's own array, by glibc's own rules: doubled, up to the limit. False: no memory. */
static bool grow(long *size, gid_t **groups, long limit)
{
    const long doubled = *size > 0 ? *size * 2 : MEMBER_GROUPS_MAX;
    const long more = limit > 0 && doubled > limit ? limit : doubled;
    gid_t *larger = reallocarray(*groups, (size_t)more, sizeof *larger);

    if (!larger)
        return false;
    *groups = larger;
    *size = more;
    return true;
}

/* The gids that the member's group names come to. */
static enum index_result find_groups(const char *user, gid_t ret_gids[MEMBER_GROUPS_MAX], size_t *ret_count)
{
    static const struct local_groups_files files = {FD_LOCAL_GROUPS_PATH, "/etc/group"};
    const int errno_before = errno;
    char list[MEMBER_GROUP_LIST_MAX + 1] = "";
    const enum index_result result = index_find_groups(FD_INDEX_PATH, user, list);

    *ret_count = local_groups_find(&files, list, ret_gids);
    errno = errno_before;
    return result;
}

enum nss_status _nss_frontdesk_initgroups_dyn(const char *user, gid_t group, long *start, long *size,
                                              gid_t **groups, long limit, int *ret_errno)
{
    gid_t gids[MEMBER_GROUPS_MAX];
    size_t count = 0;
    const enum index_result result = find_groups(user, gids, &count);

    if (count == 0)
        return not_found(result == INDEX_UNUSABLE ? result : INDEX_NOT_FOUND, ret_errno);
    for (size_t i = 0; i < count; i++) {
        if (gids[i] == group || list_has(*groups, *start, gids[i]))
            continue;
        if (limit > 0 && *start >= limit)
            break;
        if (*start >= *size && !grow(size, groups, limit)) {
            *ret_errno = ENOMEM;
            return NSS_STATUS_TRYAGAIN;
        }
        (*groups)[(*start)++] = gids[i];
    }
    return NSS_STATUS_SUCCESS;
}
