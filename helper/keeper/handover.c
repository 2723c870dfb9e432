/* SPDX-License-Identifier: BSD-2-Clause */
/* Receives a descriptor, exactly one, and asks the kernel whose it is. */
#include "keeper/handover.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/protocol.h"
#include "frontdesk/wire.h"
#include "questions.h"
#include "sockets.h"

#define HANDOVER_SIZE 9 /* type, pid, uid */

/* The one descriptor of this message, or -1; any others are closed. */
static int descriptor_of(struct msghdr *message)
{
    int fd = -1;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
            if (fd >= 0)
                (void)close(fd);
            memcpy(&fd, (const char *)c + at, sizeof fd);
        }
    }
    return fd;
}

bool handover_take(struct sign_in *sign_in, bool private_peer)
{
    uint8_t packet[HANDOVER_SIZE + 1];
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int))];
    struct iovec part = {.iov_base = packet, .iov_len = sizeof packet};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    const ssize_t n = recvmsg(sign_in->child, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    AUTO_CLOSE int module = n > 0 ? descriptor_of(&message) : -1;
    struct wire_reader r = wire_read(packet, n > 0 ? (size_t)n : 0);
    const unsigned type = wire_get_u8(&r);
    const uint32_t pid = wire_get_u32(&r), uid = wire_get_u32(&r);
    uid_t peer_uid;
    pid_t peer_pid;

    if (!wire_end(&r) || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) != 0 || type != QUESTION_HANDOVER)
        return false;
    if (!socket_peer(module, &peer_pid, &peer_uid) || (!private_peer && peer_uid != uid))
        return false;
    sign_in->peer_pid = pid;
    sign_in->peer_uid = uid;
    sign_in->module = module;
    module = -1;
    return true;
}

bool handover_login_is(const struct sign_in *sign_in, const void *login, size_t length)
{
    uint8_t said[PROTOCOL_PACKET_MAX];

    return length > 0 && packet_receive(sign_in->module, said, sizeof said, 0) == length &&
           memcmp(said, login, length) == 0;
}
