/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Our sockets all speak the same way: unix, seqpacket, one packet a message. The details that are easy to get
 * wrong (cut packets, the end that looks like an empty packet, signals, stray resets) are handled here once.
 */
#include "sockets.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static int fail_with(int error)
{
    errno = error;
    return -1;
}

/* The number in an environment variable, or -1. */
static long environment_number(const char *name)
{
    const char *text = getenv(name);
    char *end;
    long number;

    if (!text || text[0] < '0' || text[0] > '9')
        return -1;
    errno = 0;
    number = strtol(text, &end, 10);
    return errno == 0 && *end == '\0' ? number : -1;
}

static bool option_is(int fd, int option, int wanted)
{
    int value = 0;
    socklen_t size = sizeof value;

    return getsockopt(fd, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

static bool is_our_listener(int fd)
{
    return option_is(fd, SO_DOMAIN, AF_UNIX) && option_is(fd, SO_TYPE, SOCK_SEQPACKET) &&
           option_is(fd, SO_ACCEPTCONN, 1);
}

/* The place of a name in a list with colons between them; -1: it is not there. */
static int place_of(const char *name, const char *names)
{
    const size_t length = strlen(name);

    for (int place = 0; names; place++) {
        const size_t this_length = strcspn(names, ":");

        if (this_length == length && memcmp(names, name, length) == 0)
            return place;
        names = names[this_length] == ':' ? names + this_length + 1 : NULL;
    }
    return -1;
}

/* How many were passed to this process, all of them closed on exec from now on; 0: none, or not sound. */
static int passed_count(void)
{
    const long pid = environment_number("LISTEN_PID");
    const long count = environment_number("LISTEN_FDS");

    if (pid != (long)getpid() || count < 1 || count > INT_MAX - SOCKETS_PASSED_FIRST)
        return 0;
    for (int fd = SOCKETS_PASSED_FIRST; fd < SOCKETS_PASSED_FIRST + (int)count; fd++)
        if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0)
            return 0;
    return (int)count;
}

static void forget_passed(void)
{
    (void)unsetenv("LISTEN_PID");
    (void)unsetenv("LISTEN_FDS");
    (void)unsetenv("LISTEN_FDNAMES");
}

int sockets_passed(void)
{
    const int count = passed_count();

    forget_passed();
    return count;
}

int sockets_from_systemd(const char *other, int *ret_other)
{
    const int count = passed_count();
    const int place = other ? place_of(other, getenv("LISTEN_FDNAMES")) : -1;
    const int first = SOCKETS_PASSED_FIRST + (place == 0 ? 1 : 0);

    forget_passed();
    if (ret_other)
        *ret_other = place >= 0 && place < count && is_our_listener(SOCKETS_PASSED_FIRST + place)
                         ? SOCKETS_PASSED_FIRST + place
                         : -1;
    return first - SOCKETS_PASSED_FIRST < count && is_our_listener(first) ? first : -1;
}

int socket_from_systemd(void)
{
    return sockets_from_systemd(NULL, NULL);
}

static bool address_of(const char *path, struct sockaddr_un *ret_address)
{
    const size_t length = strlen(path);

    if (length == 0 || length >= sizeof ret_address->sun_path)
        return false;
    memset(ret_address, 0, sizeof *ret_address);
    ret_address->sun_family = AF_UNIX;
    memcpy(ret_address->sun_path, path, length + 1);
    return true;
}

static int seqpacket_socket(int flags)
{
    return socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
}

/*
 * Listening begins under a name of its own and is complete when the real name appears, so nobody ever meets
 * a socket with the wrong owner or mode.
 */
static int listen_of_type(int type, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
    char fresh[sizeof((struct sockaddr_un *)0)->sun_path];
    struct sockaddr_un address;
    struct stat old;
    const int n = snprintf(fresh, sizeof fresh, "%s.new", path);
    int fd, error;

    if (n < 0 || (size_t)n >= sizeof fresh || !address_of(fresh, &address))
        return fail_with(ENAMETOOLONG);
    if (lstat(path, &old) == 0 && !S_ISSOCK(old.st_mode))
        return fail_with(EEXIST);
    if (lstat(fresh, &old) == 0 && S_ISSOCK(old.st_mode))
        (void)unlink(fresh);
    fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    if (bind(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        error = errno;
        (void)close(fd);
        return fail_with(error);
    }
    if (lchown(fresh, uid, gid) != 0 || chmod(fresh, mode) != 0 || listen(fd, SOMAXCONN) != 0 ||
        rename(fresh, path) != 0) {
        error = errno;
        (void)unlink(fresh);
        (void)close(fd);
        return fail_with(error);
    }
    return fd;
}

int socket_listen(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
    return listen_of_type(SOCK_SEQPACKET, path, mode, uid, gid);
}

int socket_listen_stream(const char *path, mode_t mode, uid_t uid, gid_t gid)
{
    return listen_of_type(SOCK_STREAM | SOCK_NONBLOCK, path, mode, uid, gid);
}

int socket_connect(const char *path)
{
    struct sockaddr_un address;
    int fd, flags, error;

    if (!address_of(path, &address))
        return fail_with(ENAMETOOLONG);
    fd = seqpacket_socket(SOCK_NONBLOCK);
    if (fd < 0)
        return -1;
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
        (flags = fcntl(fd, F_GETFL)) >= 0 && fcntl(fd, F_SETFL, flags & ~O_NONBLOCK) == 0)
        return fd;
    error = errno;
    (void)close(fd);
    return fail_with(error);
}

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* True when `events` came before the deadline; a deadline below zero never comes. */
static bool wait_for(int fd, short events, int64_t deadline)
{
    for (;;) {
        struct pollfd p = {.fd = fd, .events = events};
        const int64_t left = deadline < 0 ? -1 : deadline - now_ms();
        /* What is there already counts, even when the time is over. */
        const int64_t wait = deadline >= 0 && left < 0 ? 0 : left;
        const int n = poll(&p, 1, wait > INT_MAX ? INT_MAX : (int)wait);

        if (n > 0)
            return (p.revents & events) != 0;
        if (n < 0 && errno != EINTR)
            return false;
        if (n == 0 && deadline >= 0 && now_ms() >= deadline)
            return false;
    }
}

bool packet_send(int fd, const void *packet, size_t length)
{
    const int64_t deadline = now_ms() + SOCKET_PATIENCE_MS;
    ssize_t n;

    if (length == 0)
        return false;
    for (;;) {
        n = send(fd, packet, length, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n >= 0)
            return (size_t)n == length;
        if (errno != EINTR && (errno != EAGAIN || !wait_for(fd, POLLOUT, deadline)))
            return false;
    }
}

static size_t receive(int fd, void *buffer, size_t size, int timeout_ms, int flags)
{
    const int64_t deadline = timeout_ms < 0 ? -1 : now_ms() + timeout_ms;
    bool reset_seen = false;

    while (wait_for(fd, POLLIN, deadline)) {
        /* No control buffer: descriptors that a peer sends along are closed by the kernel. */
        const ssize_t n = recv(fd, buffer, size, MSG_DONTWAIT | MSG_TRUNC | flags);

        if (n >= 0)
            return (size_t)n <= size ? (size_t)n : 0;
        if (errno == ECONNRESET && !reset_seen)
            reset_seen = true;
        else if (errno != EINTR && errno != EAGAIN)
            return 0;
    }
    return 0;
}

size_t packet_receive(int fd, void *buffer, size_t size, int timeout_ms)
{
    return receive(fd, buffer, size, timeout_ms, 0);
}

size_t packet_peek(int fd, void *buffer, size_t size, int timeout_ms)
{
    return receive(fd, buffer, size, timeout_ms, MSG_PEEK);
}

bool socket_peer(int fd, pid_t *ret_pid, uid_t *ret_uid)
{
    struct ucred peer;
    socklen_t size = sizeof peer;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0 || size != sizeof peer)
        return false;
    *ret_pid = peer.pid;
    *ret_uid = peer.uid;
    return true;
}

bool socket_is_hung_up(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLRDHUP};

    return poll(&p, 1, 0) > 0 && (p.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}
