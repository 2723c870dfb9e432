/* SPDX-License-Identifier: BSD-2-Clause */
/* Becoming one of our two users for good. */
#ifndef HELPER_USERS_H
#define HELPER_USERS_H

#include <stdbool.h>
#include <sys/types.h>

struct user_ids {
    uid_t uid;
    gid_t gid;
};

/* False: there is no such user. */
bool users_find(const char *name, struct user_ids *ret_ids);

/*
 * From root: groups cleared, all three ids set, then proved that none can come back (setuid, setgid,
 * setresuid(0) must fail, no capability left). False: not dropped, and the caller must end. A process that is
 * not root and already is this user only proves it.
 */
bool users_become(const struct user_ids *ids);

#endif
