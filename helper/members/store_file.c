/* SPDX-License-Identifier: BSD-2-Clause */
/* members.db as a file: only where nobody else can write, only our own, never begun anew over a loss. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/paths.h"
#include "members/store_internal.h"
#include "trusted_path.h"

bool store_refuse(char **ret_why, const char *format, ...)
{
    va_list arguments;
    char *why = NULL;

    va_start(arguments, format);
    if (vasprintf(&why, format, arguments) < 0)
        why = NULL;
    va_end(arguments);
    free(*ret_why);
    *ret_why = why;
    return false;
}

static bool folder_is_ours(const char *state_dir, int *ret_folder, char **ret_why)
{
    struct path_fault fault;
    struct stat status;
    int folder = open(state_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (folder < 0)
        return store_refuse(ret_why, "%s cannot be opened: %s", state_dir, strerror(errno));
    *ret_folder = folder;
    if (fstat(folder, &status) != 0)
        return store_refuse(ret_why, "%s cannot be examined: %s", state_dir, strerror(errno));
    if (status.st_uid != geteuid())
        return store_refuse(ret_why, "%s belongs to user %u, but this process is user %u: chown %u %s",
                            state_dir, (unsigned)status.st_uid, (unsigned)geteuid(), (unsigned)geteuid(),
                            state_dir);
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        return store_refuse(ret_why, "%s can be written by others: chmod go-w %s", state_dir, state_dir);
    if (!path_folder_is_trusted(state_dir, geteuid(), &fault))
        return store_refuse(ret_why, "%s %s", fault.where, fault.why);
    return true;
}

/*
 * An index is published only after the store that it indexes was committed. So an index beside an empty
 * store means that the store was lost, and starting anew would give the same ids to other people.
 */
bool store_was_not_lost(struct store *store, char **ret_why)
{
    AUTO_FREE char *index = NULL;

    if (asprintf(&index, "%s/%s", store->state_dir, FD_INDEX_NAME) < 0) {
        index = NULL;
        return store_refuse(ret_why, "out of memory");
    }
    if (faccessat(AT_FDCWD, index, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        store->is_damaged = true;
        return store_refuse(ret_why,
                            "%s/" FD_STORE_NAME " is missing or empty, though " FD_INDEX_NAME
                            " was published from it: `frontdesk members restore FILE` puts a backup back, or "
                            "remove " FD_INDEX_NAME " to begin without members",
                            store->state_dir);
    }
    return errno == ENOENT ||
           store_refuse(ret_why, "%s cannot be made: the index beside it cannot be examined", FD_STORE_NAME);
}

/* The mode must not depend on the umask; a new file is made before SQLite would. */
static bool make_file(int folder, const char *name, char **ret_why)
{
    int file = openat(folder, name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (file < 0)
        return errno == EEXIST
                   ? true
                   : store_refuse(ret_why, "%s cannot be made: %s", FD_STORE_NAME, strerror(errno));
    if (fchmod(file, 0600) != 0 || fsync(file) != 0 || fsync(folder) != 0) {
        (void)store_refuse(ret_why, "%s cannot be made: %s", FD_STORE_NAME, strerror(errno));
        (void)close(file);
        return false;
    }
    (void)close(file);
    return true;
}

/*
 * By name, since closing a descriptor of a database that this process has open would drop SQLite's locks; the
 * folder is nobody else's, so the name cannot change hands meanwhile.
 */
bool store_file_is_ours(struct store *store, struct stat *ret_status, char **ret_why)
{
    AUTO_CLOSE int folder = -1;
    const char *name = store->name;

    if (!folder_is_ours(store->state_dir, &folder, ret_why))
        return false;
    if (fstatat(folder, name, ret_status, AT_SYMLINK_NOFOLLOW) != 0 &&
        (errno != ENOENT || !store_was_not_lost(store, ret_why) || !make_file(folder, name, ret_why) ||
         fstatat(folder, name, ret_status, AT_SYMLINK_NOFOLLOW) != 0))
        return *ret_why ? false : store_refuse(ret_why, "%s cannot be examined: %s", name, strerror(errno));
    if (!S_ISREG(ret_status->st_mode) || ret_status->st_nlink != 1) {
        store->is_damaged = true;
        return store_refuse(ret_why, "%s is not a regular file with one name", name);
    }
    if (ret_status->st_uid != geteuid())
        return store_refuse(ret_why, "%s belongs to user %u, but this process is user %u", name,
                            (unsigned)ret_status->st_uid, (unsigned)geteuid());
    if (ret_status->st_mode & 077)
        return store_refuse(ret_why, "%s can be read or written by others: chmod 0600 it", name);
    return true;
}

bool store_file_is_same(const struct store *store)
{
    struct stat status;

    return lstat(store->path, &status) == 0 && status.st_dev == store->device &&
           status.st_ino == store->inode;
}
