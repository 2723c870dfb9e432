/* SPDX-License-Identifier: BSD-2-Clause */
/* A secret that anybody else could read is none, and is refused before it is used. */
#include "hooks/hook_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "connection/connection.h"
#include "trusted_path.h"

/* malloc'd; NULL: *ret_why. */
static char *path_of(const char *file, char **ret_why)
{
    const char *credentials = getenv("CREDENTIALS_DIRECTORY");

    if (file[0] == '/')
        return strdup(file);
    if (credentials && credentials[0] == '/')
        return setting_sentence("%s/%s", credentials, file);
    *ret_why = setting_sentence("`%s` is the name of a systemd credential, but there is none "
                                "(LoadCredential=%s:PATH in frontdesk-hooks.service)",
                                file, file);
    return NULL;
}

/* What is wrong with owner and mode, or NULL. */
static const char *fault_of(const struct stat *status)
{
    if (!S_ISREG(status->st_mode))
        return "is no regular file";
    if (status->st_nlink > 1)
        return "has another name elsewhere (a hard link)";
    if (status->st_uid != 0 && status->st_uid != geteuid())
        return "belongs to neither root nor this user";
    if (status->st_mode & 0007)
        return "is open to everybody (chmod 0640)";
    if (status->st_mode & 0020)
        return "may be written by its group (chmod 0640)";
    if ((status->st_mode & 0040) && status->st_gid != 0 && status->st_gid != getegid())
        return "may be read by a group other than this user's own";
    return NULL;
}

static const char *read_line(int fd, struct secret *ret_secret)
{
    char buffer[HOOK_SECRET_MAX + 2];
    const ssize_t n = read(fd, buffer, sizeof buffer);
    size_t length = n > 0 ? (size_t)n : 0;
    const char *why = NULL;

    if (length > 0 && buffer[length - 1] == '\n')
        length--;
    if (n < 0)
        why = strerror(errno);
    else if (length == 0)
        why = "is empty";
    else if (length > HOOK_SECRET_MAX || !client_secret_is_line(buffer, length))
        why = "is more than one line of text";
    else if (!secret_copy(buffer, length, ret_secret))
        why = "does not fit into memory";
    explicit_bzero(buffer, sizeof buffer);
    return why;
}

bool hook_secret_read(const char *file, struct secret *ret_secret, char **ret_why)
{
    AUTO_FREE char *path = NULL;
    AUTO_CLOSE int fd = -1;
    struct path_fault fault;
    struct stat status;
    const char *why;

    *ret_why = NULL;
    path = path_of(file, ret_why);
    if (!path)
        return false;
    if (!path_folder_is_trusted(path, geteuid(), &fault)) {
        *ret_why = setting_sentence("%s %s", fault.where, fault.why);
        return false;
    }
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &status) != 0)
        why = errno == ELOOP ? "is a symbolic link" : strerror(errno);
    else
        why = fault_of(&status);
    if (!why)
        why = read_line(fd, ret_secret);
    if (why)
        *ret_why = setting_sentence("%s %s", path, why);
    return !why;
}
