/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The listener's children: whose sign-in each serves, and when it must have ended. A child's time is up soon
 * after the keeper has let go of its sign-in, which the listener sees by the end of its lease, of which the
 * child has nothing; or, whatever the keeper does, after the longest time that a sign-in can take.
 */
#ifndef HELPER_CHILDREN_H
#define HELPER_CHILDREN_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define CHILDREN_MAX 4096

struct child {
    pid_t pid;
    uid_t uid;          /* of the module's process */
    int lease;          /* its other end is the keeper's; -1: over, or never had */
    int64_t ends_at_ms; /* CLOCK_BOOTTIME */
    bool is_killed;
};

struct children {
    struct child list[CHILDREN_MAX];
    size_t count, most; /* most: at the same time, CHILDREN_MAX or what descriptors allow */
};

/* Descriptors are what bounds them: the limit is raised as far as it goes. */
void children_begin(struct children *children);

/* The lease is theirs from now on. */
void children_add(struct children *children, pid_t pid, uid_t uid, int lease, int64_t now_ms);

/* After its end was seen. True: it died by its own fault, and not because its time was up. */
bool children_forget(struct children *children, pid_t pid);

/* Is there a place for one more of this uid? `most` is how many root may have. */
bool children_have_place(const struct children *children, uid_t uid, size_t most);

/* The same for the kiosk's uid, whose places nobody else can take. */
bool children_have_kiosk_place(const struct children *children, uid_t uid);

/* What to poll for, one for each child; ret_at has room for `most`. And what came of it. */
size_t children_watch(const struct children *children, struct pollfd *ret_at);
void children_look(struct children *children, const struct pollfd *at, int64_t now_ms);

/* Kills those whose time is up, each once and logged. */
void children_end_late(struct children *children, int64_t now_ms);

/* Milliseconds until the next one's time is up; -1: there is none. */
int children_patience(const struct children *children, int64_t now_ms);

/* In a child: lets go of the leases. */
void children_close(const struct children *children);

/*
 * For the same process with another memory: all of them as text (malloc'd, NULL: no memory), and back. Only
 * those come back that the kernel says are this process's children.
 */
char *children_write(const struct children *children, int64_t now_ms);
void children_read(struct children *children, const char *text, int64_t now_ms);

#endif
