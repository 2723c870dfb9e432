/* SPDX-License-Identifier: BSD-2-Clause */
/* Everything that needs the kernel's word about the helper: see channel.h. */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "frontdesk/paths.h"
#include "lookup.h"

int64_t channel_now(void)
{
    struct timespec now = {0}; /* it does not fail: Linux has this clock since 2.6.39 */

    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static const char *connect_fault(int error)
{
    switch (error) {
    case ENOENT:
    case ECONNREFUSED:
        return "no_helper";
    case EAGAIN:
        return "queue_full";
    default:
        return "connect_failed";
    }
}

/* The credentials of listen(): whoever could bind another socket at this path would show here. */
static bool listener_is_ours(int fd)
{
    struct ucred listener;
    socklen_t size = sizeof listener;
    uid_t helper = 0;

    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &listener, &size) != 0 || size != sizeof listener)
        return false;
    if (listener.uid == 0)
        return true;
    (void)lookup_user(FD_HELPER_USER, &helper); /* where there is none it stays 0, and that was root */
    return listener.uid == helper;
}

static const char *connect_to(int fd, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const int on = 1;

    memcpy(address.sun_path, path, strnlen(path, sizeof address.sun_path - 1));
    if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
        return "connect_failed";
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0)
        return connect_fault(errno);
    return listener_is_ours(fd) ? NULL : "wrong_listener";
}

/* Where a host has closed one of 0 to 2, what it prints and reads there must not be our conversation. */
static int new_socket(void)
{
    const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int higher;

    if (fd > STDERR_FILENO)
        return fd;
    /* Of -1 there is no copy either. */
    higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    (void)close(fd);
    return higher;
}

const char *channel_open(const char *path, struct channel *ret_channel)
{
    struct channel channel = {.reset_is_fair = true};
    const char *fault;

    if (lookup_user(FD_KEEPER_USER, &channel.keeper) != LOOKUP_FOUND)
        return "no_keeper_user";
    channel.fd = new_socket();
    if (channel.fd < 0)
        return "no_socket";
    fault = connect_to(channel.fd, path);
    if (fault) {
        (void)close(channel.fd);
        return fault;
    }
    *ret_channel = channel;
    return NULL;
}

void channel_close(struct channel *channel)
{
    (void)close(channel->fd);
    channel->fd = -1;
}

const char *channel_send(const struct channel *channel, const void *packet, size_t length)
{
    ssize_t n;

    do
        n = send(channel->fd, packet, length, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return (size_t)n == length ? NULL : "send_failed";
    return errno == EPIPE || errno == ECONNRESET ? NULL : "send_failed";
}

static const char *wait_for_packet(int fd, int64_t deadline)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    for (;;) {
        const int64_t left = deadline - channel_now();
        int n;

        if (left <= 0)
            return "timeout";
        n = poll(&p, 1, left > INT_MAX ? INT_MAX : (int)left);
        if (n > 0)
            return NULL;
        if (n < 0 && errno != EINTR)
            return "receive_failed";
    }
}

static bool sent_by(struct msghdr *message, uid_t uid)
{
    const struct cmsghdr *control = CMSG_FIRSTHDR(message);
    struct ucred sender;

    if (!control || control->cmsg_level != SOL_SOCKET || control->cmsg_type != SCM_CREDENTIALS ||
        control->cmsg_len != CMSG_LEN(sizeof sender))
        return false;
    memcpy(&sender, CMSG_DATA(control), sizeof sender);
    return sender.uid == uid;
}

/* Room for the sender's credentials and nothing else: the kernel closes descriptors that ride along. */
const char *channel_receive(struct channel *channel, void *buffer, size_t size, int64_t deadline,
                            size_t *ret_length, bool *ret_from_keeper)
{
    union {
        char room[CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr align;
    } control;
    struct iovec part = {.iov_base = buffer, .iov_len = size};
    const char *fault;

    while (!(fault = wait_for_packet(channel->fd, deadline))) {
        struct msghdr message = {.msg_iov = &part,
                                 .msg_iovlen = 1,
                                 .msg_control = control.room,
                                 .msg_controllen = sizeof control.room};
        const ssize_t n = recvmsg(channel->fd, &message, MSG_CMSG_CLOEXEC);

        if (n == 0)
            return "closed";
        if (n > 0) {
            if (message.msg_flags & MSG_TRUNC)
                return "packet_too_large";
            if (message.msg_flags & MSG_CTRUNC)
                return "packet_with_descriptors";
            *ret_length = (size_t)n;
            *ret_from_keeper = sent_by(&message, channel->keeper);
            return NULL;
        }
        if (errno == ECONNRESET && channel->reset_is_fair)
            channel->reset_is_fair = false;
        else if (errno != EINTR && errno != EAGAIN)
            return "receive_failed";
    }
    return fault;
}

bool channel_has_more(const struct channel *channel)
{
    char byte;

    return recv(channel->fd, &byte, sizeof byte, MSG_DONTWAIT | MSG_PEEK) > 0;
}
