/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Becoming one of our two users, and proving that the way back is closed. A drop that is only believed is the
 * usual hole: every call is checked, and then the return is tried.
 */
#include "users.h"

#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

#define PASSWD_BUFFER (64 * 1024) /* bytes; an entry of ours needs a hundred */

bool users_find(const char *name, struct user_ids *ret_ids)
{
    AUTO_FREE char *buffer = malloc(PASSWD_BUFFER);
    struct passwd entry, *found = NULL;

    if (!buffer || getpwnam_r(name, &entry, buffer, PASSWD_BUFFER, &found) != 0 || !found)
        return false;
    *ret_ids = (struct user_ids){.uid = entry.pw_uid, .gid = entry.pw_gid};
    return true;
}

static bool drop(const struct user_ids *ids)
{
    return setgroups(0, NULL) == 0 && setresgid(ids->gid, ids->gid, ids->gid) == 0 &&
           setresuid(ids->uid, ids->uid, ids->uid) == 0;
}

static bool is(const struct user_ids *ids)
{
    uid_t uid, euid, suid;
    gid_t gid, egid, sgid;

    if (getresuid(&uid, &euid, &suid) != 0 || getresgid(&gid, &egid, &sgid) != 0)
        return false;
    return uid == ids->uid && euid == ids->uid && suid == ids->uid && gid == ids->gid && egid == ids->gid &&
           sgid == ids->gid;
}

/* A service manager may add groups on purpose (for a secret's file, say); root's is never one of them. */
static bool is_in_group_of_root(void)
{
    const int count = getgroups(0, NULL);
    AUTO_FREE gid_t *groups = calloc((size_t)(count > 0 ? count : 0) + 1, sizeof *groups);

    if (count < 0 || !groups || getgroups(count, groups) != count)
        return true;
    for (int i = 0; i < count; i++)
        if (groups[i] == 0)
            return true;
    return false;
}

static bool has_capability(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};

    if (syscall(SYS_capget, &header, data) != 0)
        return true;
    for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
        if (data[i].effective || data[i].permitted)
            return true;
    return false;
}

/* Tries every way back. The ids are told apart from root's before, so success of any call means failure. */
static bool can_return(void)
{
    return setuid(0) == 0 || seteuid(0) == 0 || setresuid(0, 0, 0) == 0 || setgid(0) == 0 ||
           setegid(0) == 0 || setresgid(0, 0, 0) == 0 || setgroups(0, NULL) == 0;
}

bool users_become(const struct user_ids *ids)
{
    if (ids->uid == 0 || ids->gid == 0)
        return false;
    if (geteuid() == 0 && !drop(ids))
        return false;
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    return is(ids) && !is_in_group_of_root() && !has_capability() && !can_return();
}
