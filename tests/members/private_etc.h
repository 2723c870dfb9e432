/* SPDX-License-Identifier: BSD-2-Clause */
/* This process's own /etc/passwd, /etc/group and /etc/nsswitch.conf, in a mount namespace of its own. */
#ifndef TESTS_MEMBERS_PRIVATE_ETC_H
#define TESTS_MEMBERS_PRIVATE_ETC_H

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

/* The file that is mounted lives on by the mount alone. */
static inline int mount_text_over(const char *target, const char *content)
{
    char path[] = "/tmp/frontdesk-etc-XXXXXX";
    int file = mkstemp(path), result;

    if (file < 0)
        return -1;
    result = dprintf(file, "%s", content) < 0 || fchmod(file, 0644) != 0 ||
             mount(path, target, "none", MS_BIND, NULL) != 0;
    (void)close(file);
    (void)unlink(path);
    return result ? -1 : 0;
}

/* Needs root. 0, or -1 with errno. */
static inline int enter_private_mounts(void)
{
    return unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ? -1 : 0;
}

static inline int use_private_etc(const char *more_users, const char *more_groups)
{
    char users[512], groups[512];

    (void)snprintf(users, sizeof users, "root:x:0:0::/root:/bin/sh\n%s", more_users);
    (void)snprintf(groups, sizeof groups, "root:x:0:\n%s", more_groups);
    if (enter_private_mounts() != 0 || mount_text_over("/etc/passwd", users) != 0 ||
        mount_text_over("/etc/group", groups) != 0)
        return -1;
    return mount_text_over("/etc/nsswitch.conf", "passwd: files\ngroup: files\n");
}

#endif
