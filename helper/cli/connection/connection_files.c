/* SPDX-License-Identifier: BSD-2-Clause */
/* A reader meets the old file or the new one: written beside it, synced, then renamed. */
#include "cli/connection/connection_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "config/config_file.h"
#include "secret.h"

#define TEMPORARY_MAX 64 /* bytes of a temporary name; it has a dot first, and no suffix that is read */

int files_open_folder(int parent, const char *name, mode_t mode, gid_t group, bool *ret_made,
                      const char **ret_why)
{
    bool missing;
    int folder = config_folder_open(parent, name, &missing, ret_why);

    *ret_made = false;
    if (folder >= 0 || !missing)
        return folder;
    if (mkdirat(parent, name, 0700) != 0) {
        *ret_why = strerror(errno);
        return -1;
    }
    *ret_made = true;
    folder = config_folder_open(parent, name, &missing, ret_why);
    if (folder >= 0 && fchown(folder, (uid_t)-1, group) == 0 && fchmod(folder, mode) == 0 &&
        fsync(parent) == 0)
        return folder;
    if (folder >= 0) {
        *ret_why = strerror(errno);
        (void)close(folder);
    }
    (void)unlinkat(parent, name, AT_REMOVEDIR);
    return -1;
}

static int write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        const ssize_t n = write(fd, bytes, length);

        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0) {
            bytes += n;
            length -= (size_t)n;
        }
    }
    return 0;
}

/* Nobody but this user can read it before it has its owner and mode. */
static int write_temporary(int folder, const char *temporary, const struct new_file *file, uid_t owner)
{
    AUTO_CLOSE int fd =
        openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)0600);
    int error;

    if (fd < 0)
        return errno;
    error = write_all(fd, file->bytes, file->length);
    if (error != 0)
        return error;
    return fchown(fd, owner, file->group) == 0 && fchmod(fd, file->mode) == 0 && fsync(fd) == 0 ? 0 : errno;
}

static bool name_temporary(char temporary[TEMPORARY_MAX])
{
    char random[32];

    return secret_random_text(12, random, sizeof random) &&
           snprintf(temporary, TEMPORARY_MAX, ".frontdesk-%s", random) > 0;
}

/* File systems that cannot refuse to replace can at least link. */
static int put_in_place(int folder, const char *temporary, const char *name, bool replace)
{
    if (renameat2(folder, temporary, folder, name, replace ? 0 : RENAME_NOREPLACE) == 0)
        return 0;
    if (replace || errno != EINVAL)
        return errno;
    return linkat(folder, temporary, folder, name, 0) == 0 && unlinkat(folder, temporary, 0) == 0 ? 0 : errno;
}

static int write_file(int folder, const struct new_file *file, uid_t owner, bool replace)
{
    char temporary[TEMPORARY_MAX];
    int error = name_temporary(temporary) ? 0 : EIO;

    if (error != 0)
        return error;
    error = write_temporary(folder, temporary, file, owner);
    if (error == 0)
        error = put_in_place(folder, temporary, file->name, replace);
    if (error != 0) {
        (void)unlinkat(folder, temporary, 0);
    } else if (fsync(folder) != 0) {
        error = errno;
        if (!replace)
            (void)unlinkat(folder, file->name, 0);
    }
    return error;
}

int files_create(int folder, const struct new_file *file)
{
    return write_file(folder, file, (uid_t)-1, false);
}

int files_replace(int folder, const char *name, const void *bytes, size_t length)
{
    struct new_file file = {.name = name, .bytes = bytes, .length = length};
    struct stat status;

    if (fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    file.mode = status.st_mode & 07777;
    file.group = status.st_gid;
    return write_file(folder, &file, status.st_uid, true);
}
