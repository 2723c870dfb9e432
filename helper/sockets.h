/* SPDX-License-Identifier: BSD-2-Clause */
/* Unix seqpacket sockets: taken from systemd (LISTEN_FDS) or made by hand, and one packet in or out. */
#ifndef HELPER_SOCKETS_H
#define HELPER_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SOCKET_PATIENCE_MS   2000
#define SOCKETS_PASSED_FIRST 3 /* what systemd passes begins there */

/*
 * The first socket that systemd passed (sd_listen_fds(3), by LISTEN_PID and LISTEN_FDS), when it is a
 * listening unix seqpacket socket; else -1. Removes both names and LISTEN_FDNAMES.
 */
int socket_from_systemd(void);

/* Likewise, besides one that has a name of its own (FileDescriptorName=, sd_listen_fds_with_names(3)) and may
 * have any place; *ret_other -1: there is none of that name. */
int sockets_from_systemd(const char *other, int *ret_other);

/* How many systemd passed, of whatever kind: for those who judge them themselves. Removes the names, too. */
int sockets_passed(void);

/*
 * Binds and listens: an old socket file at `path` is replaced, in one step; anything else there is left alone
 * (EEXIST). mode, owner and group of the file. -1: errno.
 */
int socket_listen(const char *path, mode_t mode, uid_t uid, gid_t gid);

/* Likewise one of streams, which does not wait: for programs of others. */
int socket_listen_stream(const char *path, mode_t mode, uid_t uid, gid_t gid);

/* Never waits: a full queue is EAGAIN. The socket itself blocks. -1: errno. */
int socket_connect(const char *path);

/*
 * True when all went out. Never raises SIGPIPE. A peer that does not read is waited for, SOCKET_PATIENCE_MS
 * at most: one stopped host must not hold the keeper up.
 */
bool packet_send(int fd, const void *packet, size_t length);

/*
 * Bytes received; 0: the end, an error, or a packet that did not fit. timeout_ms -1: for ever. One
 * ECONNRESET, left by a peer that closed with unread input, is passed over.
 */
size_t packet_receive(int fd, void *buffer, size_t size, int timeout_ms);

/* The same, and the packet stays for whoever receives next. */
size_t packet_peek(int fd, void *buffer, size_t size, int timeout_ms);

/* SO_PEERCRED. */
bool socket_peer(int fd, pid_t *ret_pid, uid_t *ret_uid);

/* The peer closed or shut down its side. */
bool socket_is_hung_up(int fd);

#endif
