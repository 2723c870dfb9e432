/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: the calls between the PAM module and the kernel; the next of one kind fails, or lies. */
#ifndef TESTS_PAM_FAULTS_H
#define TESTS_PAM_FAULTS_H

#include "unit/pam_stage.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum call { NO_CALL, SETSOCKOPT, GETSOCKOPT, SEND, POLL, RECVMSG };

struct heading {
    size_t length;
    int level, type;
};

static struct {
    enum call call; /* the next of them fails with `error` */
    int error;
    unsigned times;    /* so often */
    size_t send_less;  /* says that so many octets less went out */
    socklen_t size;    /* of the credentials; 0: the truth */
    uid_t listener;    /* who the kernel says listens */
    int connect_error; /* 0: it works */
    int longest_ms;
    const struct heading *heading; /* of what rides along; NULL: the kernel's own */
} fault;

static int helper_end = -1;

static bool fails(enum call call)
{
    if (fault.call != call || fault.times == 0)
        return false;
    fault.times--;
    errno = fault.error;
    return true;
}

int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);
int __real_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size);
int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size);
ssize_t __real_send(int fd, const void *bytes, size_t length, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags);
int __real_poll(struct pollfd *at, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms);
ssize_t __real_recvmsg(int fd, struct msghdr *message, int flags);
ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags);

/* A pair takes the place of a connection. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
    int pair[2];

    (void)address;
    (void)size;
    if (fault.connect_error != 0) {
        errno = fault.connect_error;
        return -1;
    }
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair), 0);
    assert_true(dup3(pair[0], fd, O_CLOEXEC) >= 0);
    (void)close(pair[0]);
    helper_end = pair[1];
    return __real_setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &(int){1}, sizeof(int));
}

int __wrap_setsockopt(int fd, int level, int name, const void *value, socklen_t size)
{
    const int result = __real_setsockopt(fd, level, name, value, size);

    return fails(SETSOCKOPT) ? -1 : result;
}

int __wrap_getsockopt(int fd, int level, int name, void *value, socklen_t *size)
{
    (void)fd;
    assert_true(level == SOL_SOCKET && name == SO_PEERCRED);
    *(struct ucred *)value = (struct ucred){.uid = fault.listener};
    if (fault.size != 0)
        *size = fault.size;
    return fails(GETSOCKOPT) ? -1 : 0;
}

ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags)
{
    if (fails(SEND))
        return -1;
    return __real_send(fd, bytes, length, flags) - (ssize_t)fault.send_less;
}

int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms)
{
    if (timeout_ms > fault.longest_ms)
        fault.longest_ms = timeout_ms;
    return fails(POLL) ? -1 : __real_poll(at, count, timeout_ms);
}

ssize_t __wrap_recvmsg(int fd, struct msghdr *message, int flags)
{
    const ssize_t n = fails(RECVMSG) ? -1 : __real_recvmsg(fd, message, flags);

    if (n > 0 && fault.heading) {
        CMSG_FIRSTHDR(message)->cmsg_len = fault.heading->length;
        CMSG_FIRSTHDR(message)->cmsg_level = fault.heading->level;
        CMSG_FIRSTHDR(message)->cmsg_type = fault.heading->type;
    }
    return n;
}

#endif
