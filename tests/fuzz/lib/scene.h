/* SPDX-License-Identifier: BSD-2-Clause */
/* The world around a program under test, where a test plays it: clock, sockets, and who has a name. */
#ifndef FUZZ_SCENE_H
#define FUZZ_SCENE_H

#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

/* NULL: the system's own. */
struct scene {
    const char *(*lead)(const char *path); /* another path instead, for open */
    int (*stat)(const char *path, struct stat *status);
    int (*socket)(int domain, int type, int protocol);
    int (*connect)(int fd, const struct sockaddr *to, socklen_t n);
    int (*setsockopt)(int fd, int level, int name, const void *value, socklen_t n);
    int (*getsockopt)(int fd, int level, int name, void *value, socklen_t *n);
    ssize_t (*send)(int fd, const void *from, size_t n, int flags);
    ssize_t (*recv)(int fd, void *to, size_t n, int flags);
    ssize_t (*sendmsg)(int fd, const struct msghdr *message, int flags);
    ssize_t (*recvmsg)(int fd, struct msghdr *message, int flags);
    int (*poll)(struct pollfd *at, nfds_t count, int ms);
    int (*clock_gettime)(clockid_t clock, struct timespec *now);
    time_t (*time)(time_t *now);
    int (*getpwnam_r)(const char *name, struct passwd *entry, char *buffer, size_t n, struct passwd **found);
    int (*getpwuid_r)(uid_t uid, struct passwd *entry, char *buffer, size_t n, struct passwd **found);
    int (*getgrnam_r)(const char *name, struct group *entry, char *buffer, size_t n, struct group **found);
    int (*getgrgid_r)(gid_t gid, struct group *entry, char *buffer, size_t n, struct group **found);
};

extern const struct scene *scene_now; /* NULL: none */

#endif
