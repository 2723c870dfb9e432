/* SPDX-License-Identifier: BSD-2-Clause */
/* libnss_elsewhere.so.2, a directory: its users and groups are lines of two files that a test writes. */
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define USERS  "/mnt/passwd"
#define GROUPS "/mnt/group"

enum nss_status _nss_elsewhere_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                                          int *error);
enum nss_status _nss_elsewhere_getpwuid_r(uid_t id, struct passwd *entry, char *buffer, size_t size,
                                          int *error);
enum nss_status _nss_elsewhere_getgrnam_r(const char *name, struct group *entry, char *buffer, size_t size,
                                          int *error);
enum nss_status _nss_elsewhere_getgrgid_r(gid_t id, struct group *entry, char *buffer, size_t size,
                                          int *error);

static enum nss_status judge(int result, int *error)
{
    *error = result;
    if (result == 0)
        return NSS_STATUS_SUCCESS;
    return result == ERANGE ? NSS_STATUS_TRYAGAIN : NSS_STATUS_NOTFOUND;
}

/* A group of this password has more people than any buffer holds. */
static bool is_endless(const struct group *group)
{
    return strcmp(group->gr_passwd, "endless") == 0;
}

/* A directory that does not answer has no files. */
static FILE *reach(const char *path, int *error)
{
    FILE *file = fopen(path, "re");

    *error = errno;
    return file;
}

static enum nss_status find_user(const char *name, uid_t id, struct passwd *entry, char *buffer, size_t size,
                                 int *error)
{
    FILE *file = reach(USERS, error);
    struct passwd *found;
    int result;

    if (!file)
        return NSS_STATUS_UNAVAIL;
    do
        result = fgetpwent_r(file, entry, buffer, size, &found);
    while (result == 0 && (name ? strcasecmp(found->pw_name, name) != 0 : found->pw_uid != id));
    (void)fclose(file);
    return judge(result, error);
}

static enum nss_status find_group(const char *name, gid_t id, struct group *entry, char *buffer, size_t size,
                                  int *error)
{
    FILE *file = reach(GROUPS, error);
    struct group *found;
    int result;

    if (!file)
        return NSS_STATUS_UNAVAIL;
    do
        result = fgetgrent_r(file, entry, buffer, size, &found);
    while (result == 0 && (name ? strcasecmp(found->gr_name, name) != 0 : found->gr_gid != id));
    (void)fclose(file);
    return judge(result == 0 && is_endless(found) ? ERANGE : result, error);
}

enum nss_status _nss_elsewhere_getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size,
                                          int *error)
{
    return find_user(name, 0, entry, buffer, size, error);
}

enum nss_status _nss_elsewhere_getpwuid_r(uid_t id, struct passwd *entry, char *buffer, size_t size,
                                          int *error)
{
    return find_user(NULL, id, entry, buffer, size, error);
}

enum nss_status _nss_elsewhere_getgrnam_r(const char *name, struct group *entry, char *buffer, size_t size,
                                          int *error)
{
    return find_group(name, 0, entry, buffer, size, error);
}

enum nss_status _nss_elsewhere_getgrgid_r(gid_t id, struct group *entry, char *buffer, size_t size,
                                          int *error)
{
    return find_group(NULL, id, entry, buffer, size, error);
}
