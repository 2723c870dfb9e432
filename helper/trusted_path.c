/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Component by component, by descriptors: what was judged is what is walked on from. Who passes this can open
 * the path by its name, for nobody is left who could change what it means.
 */
#include "trusted_path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/paths.h"
#include "users.h"

#define LINKS_MAX    40 /* as many as the kernel follows */
#define OWNER_NOBODY ((uid_t)-1)

struct walk {
    int at;              /* the folder that was reached, or -1 */
    char rest[PATH_MAX]; /* what is left to walk */
    unsigned links;
    uid_t also;               /* is trusted as well, or OWNER_NOBODY */
    struct path_fault *fault; /* where: what was walked */
};

bool owner_is_trusted(uid_t owner)
{
    struct user_ids ids;

    if (owner == 0)
        return true;
    if (owner != geteuid())
        return false;
    return !(users_find(FD_KEEPER_USER, &ids) && ids.uid == owner) &&
           !(users_find(FD_HELPER_USER, &ids) && ids.uid == owner) &&
           !(users_find(FD_HOOKS_USER, &ids) && ids.uid == owner);
}

static const char *fault_of(const struct stat *status, uid_t also)
{
    const bool is_link = S_ISLNK(status->st_mode); /* whose mode says nothing */
    const bool is_sticky = S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX) != 0;

    if (!owner_is_trusted(status->st_uid) && (also == OWNER_NOBODY || status->st_uid != also))
        return geteuid() == 0 ? "is not owned by root" : "is owned by neither root nor the user who reads it";
    if (!is_link && !is_sticky && (status->st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return "may be written by others (chmod go-w)";
    return NULL;
}

static bool fail(const struct walk *walk, const char *why)
{
    walk->fault->why = why;
    return false;
}

/* The next name of the rest. "": there is none. False: it is too long for one. */
static bool take_name(struct walk *walk, char name[NAME_MAX + 1])
{
    const char *begin = walk->rest + strspn(walk->rest, "/");
    const size_t length = strcspn(begin, "/");

    if (length > NAME_MAX)
        return fail(walk, "leads to a name that is too long");
    memcpy(name, begin, length);
    name[length] = '\0';
    memmove(walk->rest, begin + length, strlen(begin + length) + 1);
    return true;
}

/* What the link says comes before the rest; and it begins at the root again, or here. */
static bool follow(struct walk *walk, int link)
{
    char target[PATH_MAX], rest[PATH_MAX];
    const ssize_t length = readlinkat(link, "", target, sizeof target - 1);

    if (length <= 0)
        return fail(walk, strerror(errno));
    target[length] = '\0';
    memcpy(rest, walk->rest, strlen(walk->rest) + 1);
    if (++walk->links > LINKS_MAX ||
        snprintf(walk->rest, sizeof walk->rest, "%s/%s", target, rest) >= (int)sizeof walk->rest)
        return fail(walk, "leads through too many links");
    *strrchr(walk->fault->where, '/') = '\0';
    if (target[0] != '/')
        return true;
    (void)close(walk->at);
    walk->at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    walk->fault->where[0] = '\0';
    return walk->at >= 0 || fail(walk, strerror(errno));
}

static bool note_where(const struct walk *walk, const char *name)
{
    char *where = walk->fault->where;
    const size_t used = strlen(where), room = sizeof walk->fault->where - used;

    return snprintf(where + used, room, "/%s", name) < (int)room || fail(walk, "leads too deep");
}

/* True with *ret_missing: there is nothing of that name. */
static bool step(struct walk *walk, const char *name, bool *ret_missing)
{
    AUTO_CLOSE int next = openat(walk->at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    const char *why;

    *ret_missing = next < 0 && (errno == ENOENT || errno == ENOTDIR);
    if (*ret_missing)
        return true;
    if (!note_where(walk, name))
        return false;
    if (next < 0 || fstat(next, &status) != 0)
        return fail(walk, strerror(errno));
    why = fault_of(&status, walk->also);
    if (why)
        return fail(walk, why);
    if (S_ISLNK(status.st_mode))
        return follow(walk, next);
    (void)close(walk->at);
    walk->at = next;
    next = -1;
    return true;
}

static bool walk_all(struct walk *walk)
{
    char name[NAME_MAX + 1];
    struct stat status;
    bool is_missing = false;

    if (walk->at < 0 || fstat(walk->at, &status) != 0)
        return fail(walk, strerror(errno));
    walk->fault->why = fault_of(&status, walk->also);
    if (walk->fault->why) {
        (void)note_where(walk, "");
        return false;
    }
    while (!is_missing) {
        if (!take_name(walk, name))
            return false;
        if (name[0] == '\0')
            return true;
        if (!step(walk, name, &is_missing))
            return false;
    }
    return true;
}

static bool is_trusted_by(const char *path, uid_t also, struct path_fault *ret_fault)
{
    struct walk walk = {.also = also, .fault = ret_fault};
    bool is_trusted;

    ret_fault->where[0] = '\0';
    if (path[0] != '/' || strlen(path) >= sizeof walk.rest)
        return fail(&walk, path[0] != '/' ? "is no absolute path" : "is too long a path");
    memcpy(walk.rest, path, strlen(path) + 1);
    walk.at = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    is_trusted = walk_all(&walk);
    if (walk.at >= 0)
        (void)close(walk.at);
    return is_trusted;
}

bool path_is_trusted(const char *path, struct path_fault *ret_fault)
{
    return is_trusted_by(path, OWNER_NOBODY, ret_fault);
}

bool path_folder_is_trusted(const char *path, uid_t also, struct path_fault *ret_fault)
{
    const char *slash = strrchr(path, '/');
    AUTO_FREE char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : NULL;

    if (folder)
        return is_trusted_by(folder, also, ret_fault);
    ret_fault->where[0] = '\0';
    ret_fault->why = slash ? "does not fit into memory" : "is no absolute path";
    return false;
}
