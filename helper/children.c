/* SPDX-License-Identifier: BSD-2-Clause */
/* A short array that is walked. Who is not root has few places, so that nobody uses up root's. */
#include "children.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "config/config.h"
#include "frontdesk/ids.h"
#include "log.h"

#define OF_A_USER   LIMITS_KIOSK                  /* who is not root */
#define OF_USERS    (LIMITS_UNPRIVILEGED_MAX / 2) /* all of them; ids beyond the members' apart */
#define OTHER_FILES 64                            /* descriptors that are not leases */
#define LONGEST_MS  (3700 * 1000) /* the keeper lets a sign-in take an hour, and some seconds */
#define GRACE_MS    10000         /* behind the verdict: tokens are revoked, two short requests */
#define MS_PER_S    1000
#define TEXT_EACH   40 /* bytes of one child as text */

void children_begin(struct children *children)
{
    struct rlimit limit;

    children->most = CHILDREN_MAX;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < CHILDREN_MAX + OTHER_FILES)
        children->most = limit.rlim_cur > OTHER_FILES ? limit.rlim_cur - OTHER_FILES : 1;
}

static void add(struct children *children, const struct child *child)
{
    if (children->count < CHILDREN_MAX)
        children->list[children->count++] = *child;
}

void children_add(struct children *children, pid_t pid, uid_t uid, int lease, int64_t now_ms)
{
    const struct child child = {.pid = pid, .uid = uid, .lease = lease, .ends_at_ms = now_ms + LONGEST_MS};

    add(children, &child);
}

static void let_go(struct child *child)
{
    if (child->lease >= 0)
        (void)close(child->lease);
    child->lease = -1;
}

bool children_forget(struct children *children, pid_t pid)
{
    for (size_t i = 0; i < children->count; i++) {
        struct child *child = &children->list[i];
        const bool was_killed = child->is_killed;

        if (child->pid != pid)
            continue;
        let_go(child);
        *child = children->list[--children->count];
        return !was_killed;
    }
    return true;
}

/* Beyond the members' ids are those of which one user may have thousands: subordinate ids. */
static bool may_be_one_of_many(uid_t uid)
{
    return uid > FD_MEMBER_ID_MAX;
}

bool children_have_place(const struct children *children, uid_t uid, size_t most)
{
    size_t of_uid = 0, of_root = 0, of_kind = 0;

    if (children->count >= children->most)
        return false;
    for (size_t i = 0; i < children->count; i++) {
        const uid_t other = children->list[i].uid;

        of_uid += other == uid;
        of_root += other == 0;
        of_kind += other != 0 && may_be_one_of_many(other) == may_be_one_of_many(uid);
    }
    return uid == 0 ? of_root < most : of_uid < OF_A_USER && of_kind < OF_USERS;
}

bool children_have_kiosk_place(const struct children *children, uid_t uid)
{
    size_t of_uid = 0;

    for (size_t i = 0; i < children->count; i++)
        of_uid += children->list[i].uid == uid;
    return children->count < children->most && of_uid < OF_A_USER;
}

size_t children_watch(const struct children *children, struct pollfd *ret_at)
{
    for (size_t i = 0; i < children->count; i++)
        ret_at[i] = (struct pollfd){.fd = children->list[i].lease, .events = POLLRDHUP};
    return children->count;
}

void children_look(struct children *children, const struct pollfd *at, int64_t now_ms)
{
    for (size_t i = 0; i < children->count; i++) {
        struct child *child = &children->list[i];

        if (child->lease < 0 || at[i].fd != child->lease || at[i].revents == 0)
            continue;
        let_go(child);
        if (child->ends_at_ms > now_ms + GRACE_MS)
            child->ends_at_ms = now_ms + GRACE_MS;
    }
}

void children_end_late(struct children *children, int64_t now_ms)
{
    for (size_t i = 0; i < children->count; i++) {
        struct child *child = &children->list[i];

        if (child->is_killed || child->ends_at_ms > now_ms)
            continue;
        log_line(LOG_ERR, "child %d did not end in time", child->pid);
        child->is_killed = true;
        let_go(child);
        (void)kill(child->pid, SIGKILL);
    }
}

int children_patience(const struct children *children, int64_t now_ms)
{
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < children->count; i++)
        if (!children->list[i].is_killed && children->list[i].ends_at_ms < first)
            first = children->list[i].ends_at_ms;
    if (first == INT64_MAX)
        return -1;
    return first <= now_ms ? 0 : (int)(first - now_ms < INT_MAX ? first - now_ms : INT_MAX);
}

void children_close(const struct children *children)
{
    for (size_t i = 0; i < children->count; i++)
        if (children->list[i].lease >= 0)
            (void)close(children->list[i].lease);
}

char *children_write(const struct children *children, int64_t now_ms)
{
    const size_t size = children->count * TEXT_EACH + 1;
    char *text = calloc(1, size);
    size_t used = 0;

    for (size_t i = 0; text && i < children->count; i++) {
        const struct child *child = &children->list[i];
        const int64_t left_ms = child->ends_at_ms > now_ms ? child->ends_at_ms - now_ms : 0;
        const int n = snprintf(text + used, size - used, "%d:%u:%d,", child->pid, child->uid,
                               (int)(left_ms / MS_PER_S));

        if (n > 0 && (size_t)n < size - used)
            used += (size_t)n;
    }
    return text;
}

static bool is_ours(pid_t pid)
{
    siginfo_t ended;

    return pid > 0 && waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOHANG | WNOWAIT) == 0;
}

void children_read(struct children *children, const char *text, int64_t now_ms)
{
    int pid, left_s, length;
    unsigned uid;

    for (;; text += length) {
        length = 0;
        /* NOLINTNEXTLINE(cert-err34-c): this process wrote it, and whatever is no number ends it */
        if (sscanf(text, "%d:%u:%d,%n", &pid, &uid, &left_s, &length) != 3 || length == 0)
            return;
        if (is_ours(pid))
            add(children,
                &(struct child){
                    .pid = pid, .uid = uid, .lease = -1, .ends_at_ms = now_ms + (int64_t)left_s * MS_PER_S});
    }
}
