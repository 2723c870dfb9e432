/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls of the system that may fail; and those that a scene (scene.h) answers itself. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <locale.h>
#include <poll.h>
#include <pwd.h>
#include <regex.h>
#include <stdarg.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/scene.h"

const struct scene *scene_now;

#define FILES(failure, type, name, parameters, arguments)                                                    \
    FAILING(FAULT_FILES, EIO, failure, type, name, parameters, arguments)
#define NAMES(name, parameters, arguments) FAILING(FAULT_NAMES, EIO, EIO, int, name, parameters, arguments)
#define SYSTEM(failure, type, name, parameters, arguments)                                                   \
    FAILING(FAULT_SYSTEM, ENOSYS, failure, type, name, parameters, arguments)

FILES(-1, ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
FILES(-1, ssize_t, pread, (int fd, void *to, size_t n, off_t at), (fd, to, n, at))
FILES(-1, ssize_t, write, (int fd, const void *from, size_t n), (fd, from, n))
FILES(-1, int, fsync, (int fd), (fd))
FILES(-1, int, fchmod, (int fd, mode_t mode), (fd, mode))
FILES(-1, int, fstat, (int fd, struct stat *status), (fd, status))
FILES(-1, int, mkdirat, (int folder, const char *name, mode_t mode), (folder, name, mode))
FILES(-1, int, renameat, (int from, const char *old, int to, const char *name), (from, old, to, name))

SYSTEM(-1, ssize_t, getrandom, (void *to, size_t n, unsigned flags), (to, n, flags))
SYSTEM((locale_t)0, locale_t, newlocale, (int mask, const char *name, locale_t base), (mask, name, base))
SYSTEM(REG_ESPACE, int, regcomp, (regex_t * expression, const char *text, int flags),
       (expression, text, flags))

static mode_t mode_of(int flags, va_list list)
{
    return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(list, mode_t) : 0;
}

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list list;
    mode_t mode;

    va_start(list, flags);
    mode = mode_of(flags, list);
    va_end(list);
    if (fault_is_due(FAULT_FILES, EMFILE))
        return -1;
    return __real_open(scene_now && scene_now->lead ? scene_now->lead(path) : path, flags, mode);
}

int __real_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...)
{
    va_list list;
    mode_t mode;

    va_start(list, flags);
    mode = mode_of(flags, list);
    va_end(list);
    return fault_is_due(FAULT_FILES, EMFILE) ? -1 : __real_openat(folder, path, flags, mode);
}

/* A scene's own answer, unless the call fails. */
#define STAGED(kind, error, failure, type, name, parameters, arguments)                                      \
    type __real_##name parameters;                                                                           \
    type __wrap_##name parameters;                                                                           \
    type __wrap_##name parameters                                                                            \
    {                                                                                                        \
        if (fault_is_due(kind, error))                                                                       \
            return (failure);                                                                                \
        return scene_now && scene_now->name ? scene_now->name arguments : __real_##name arguments;           \
    }

STAGED(FAULT_FILES, EIO, -1, int, stat, (const char *path, struct stat *status), (path, status))
STAGED(FAULT_SOCKETS, EMFILE, -1, int, socket, (int domain, int type, int protocol), (domain, type, protocol))
STAGED(FAULT_SOCKETS, ENOENT, -1, int, connect, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
STAGED(FAULT_SOCKETS, ENOPROTOOPT, -1, int, setsockopt,
       (int fd, int level, int name, const void *value, socklen_t n), (fd, level, name, value, n))
STAGED(FAULT_SOCKETS, ENOPROTOOPT, -1, int, getsockopt,
       (int fd, int level, int name, void *value, socklen_t *n), (fd, level, name, value, n))
STAGED(FAULT_SOCKETS, ENOBUFS, -1, ssize_t, send, (int fd, const void *from, size_t n, int flags),
       (fd, from, n, flags))
STAGED(FAULT_SOCKETS, ENOMEM, -1, ssize_t, recv, (int fd, void *to, size_t n, int flags), (fd, to, n, flags))
STAGED(FAULT_SOCKETS, ENOBUFS, -1, ssize_t, sendmsg, (int fd, const struct msghdr *m, int flags),
       (fd, m, flags))
STAGED(FAULT_SOCKETS, ENOMEM, -1, ssize_t, recvmsg, (int fd, struct msghdr *m, int flags), (fd, m, flags))
STAGED(FAULT_SOCKETS, ENOMEM, -1, int, poll, (struct pollfd * at, nfds_t count, int ms), (at, count, ms))
STAGED(FAULT_SYSTEM, ENOSYS, -1, int, clock_gettime, (clockid_t clock, struct timespec *now), (clock, now))
STAGED(FAULT_SYSTEM, ENOSYS, (time_t)-1, time_t, time, (time_t * now), (now))
STAGED(FAULT_NAMES, EIO, (*found = NULL, EIO), int, getpwnam_r,
       (const char *name, struct passwd *entry, char *buffer, size_t n, struct passwd **found),
       (name, entry, buffer, n, found))
STAGED(FAULT_NAMES, EIO, (*found = NULL, EIO), int, getpwuid_r,
       (uid_t uid, struct passwd *entry, char *buffer, size_t n, struct passwd **found),
       (uid, entry, buffer, n, found))
STAGED(FAULT_NAMES, EIO, (*found = NULL, EIO), int, getgrnam_r,
       (const char *name, struct group *entry, char *buffer, size_t n, struct group **found),
       (name, entry, buffer, n, found))
STAGED(FAULT_NAMES, EIO, (*found = NULL, EIO), int, getgrgid_r,
       (gid_t gid, struct group *entry, char *buffer, size_t n, struct group **found),
       (gid, entry, buffer, n, found))
