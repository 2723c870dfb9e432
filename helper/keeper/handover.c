/* SPDX-License-Identifier: BSD-2-Clause */
/* Receives a module's socket and asks the kernel whose it is. What may come along with it is only held. */
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

#define FILES_MAX 2 /* the module's socket, and the lease */

/* The kernel gives no more than there is room for, and closes the others. */
_Static_assert(CMSG_SPACE(FILES_MAX * sizeof(int)) == CMSG_LEN(FILES_MAX * sizeof(int)), "room for no third");

static void receive_files(struct msghdr *message, int files[FILES_MAX])
{
    size_t count = 0;

    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_type != SCM_RIGHTS) /* a socket like this one knows one level only */
            continue;
        for (size_t at = CMSG_LEN(0); at + sizeof(int) <= c->cmsg_len; at += sizeof(int)) {
            if (count < FILES_MAX)
                memcpy(&files[count++], (const char *)c + at, sizeof *files);
        }
    }
}

static bool read_words(const uint8_t *packet, size_t length, struct sign_in *sign_in)
{
    struct wire_reader r = wire_read(packet, length);
    const unsigned type = wire_get_u8(&r);

    sign_in->peer_pid = wire_get_u32(&r);
    sign_in->peer_uid = wire_get_u32(&r);
    return wire_end(&r) && type == QUESTION_HANDOVER;
}

/* Whoever says whose socket it is must not say otherwise than the kernel. */
static bool is_peers(int module, const struct sign_in *sign_in, bool private_peer)
{
    uid_t uid;
    pid_t pid;

    return socket_peer(module, &pid, &uid) && (private_peer || uid == sign_in->peer_uid);
}

bool handover_take(struct sign_in *sign_in, bool private_peer)
{
    uint8_t packet[HANDOVER_SIZE + 1];
    _Alignas(struct cmsghdr) char control[CMSG_SPACE(FILES_MAX * sizeof(int))];
    struct iovec part = {.iov_base = packet, .iov_len = sizeof packet};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    const ssize_t n = recvmsg(sign_in->child, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    int files[FILES_MAX] = {-1, -1};

    if (n > 0)
        receive_files(&message, files);
    /* From here on they are the record's, which closes them. */
    sign_in->module = files[0];
    sign_in->lease = files[1];
    return (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 &&
           read_words(packet, n > 0 ? (size_t)n : 0, sign_in) &&
           is_peers(sign_in->module, sign_in, private_peer);
}

bool handover_login_is(const struct sign_in *sign_in, const void *login, size_t length)
{
    uint8_t said[PROTOCOL_PACKET_MAX];
    const bool is_same = length > 0 && packet_receive(sign_in->module, said, sizeof said, 0) == length &&
                         memcmp(said, login, length) == 0;

    explicit_bzero(said, sizeof said); /* a session's ticket is in it */
    return is_same;
}
