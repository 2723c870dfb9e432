/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who begins a sign-in, as the limits see it: from how far away, and under which name its sign-ins are
 * counted. By what root's program says (LOGIN), or by the kernel where it is not root's.
 */
#ifndef HELPER_ASKER_H
#define HELPER_ASKER_H

#include <stdint.h>

#include "login.h"

/* In all is counted for each kind apart, so that none of them shuts out another. */
enum asker_kind {
    ASKER_REMOTE,       /* somebody at another host: rhost is set */
    ASKER_LOCAL_USER,   /* a user of this machine, by su or sudo: ruser is set */
    ASKER_CONSOLE,      /* whoever sits at a terminal of this machine */
    ASKER_PROGRAM,      /* a service that says none of these */
    ASKER_UNPRIVILEGED, /* a process of a user other than root, about itself */
    ASKER_KINDS,
};

#define ASKER_NAME_SIZE (PROTOCOL_FIELD_MAX + 1)

struct asker {
    enum asker_kind kind;
    char name[ASKER_NAME_SIZE]; /* the host, the local user, the uid; "" for the other two */
};

/* For a peer that is not root `uid` counts, and nothing of what it says itself. */
struct asker asker_of(const struct login *login, bool unprivileged, uint32_t uid);

/* The same kind by the same name. */
bool asker_is(const struct asker *asker, const struct asker *other);

/*
 * One name for a host, however it is written: an IPv4 address as such, mapped into IPv6 or not; an IPv6
 * address by its /64, which one customer has; a name in lower case and without its last dot.
 */
void asker_host(const char *rhost, char ret_name[ASKER_NAME_SIZE]);

#endif
