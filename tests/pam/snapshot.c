/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads everything about this process that is its host's business and no module's. */
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client.h"

extern char **environ;

#define FDS_MAX     256
#define SIGNALS_MAX 65

struct snapshot {
    /* Field by field: what libc's struct holds beyond the kernel's 64 bits is left from the stack. */
    void (*handlers[SIGNALS_MAX])(int, siginfo_t *, void *);
    int action_flags[SIGNALS_MAX];
    bool action_masks[SIGNALS_MAX][SIGNALS_MAX];
    sigset_t mask, pending;
    struct itimerval timers[3];
    mode_t umask;
    char folder[PATH_MAX];
    char fds[FDS_MAX][64]; /* what each is, and its flags */
    char *environment;
    char locale[256];
    uid_t uids[3];
    gid_t gids[3];
    int groups, threads, children;
};

static int count_entries(const char *folder)
{
    DIR *d = opendir(folder);
    int n = 0;

    while (d && readdir(d))
        n++;
    if (d)
        (void)closedir(d);
    return n;
}

static char *copy_environment(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *f = open_memstream(&text, &size);

    for (char **e = environ; f && *e; e++)
        (void)fprintf(f, "%s\n", *e);
    if (f)
        (void)fclose(f);
    return text;
}

static void read_fds(struct snapshot *s)
{
    for (int fd = 0; fd < FDS_MAX; fd++) {
        char path[32];
        const int flags = fcntl(fd, F_GETFD);
        ssize_t n;

        if (flags < 0)
            continue;
        (void)snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
        n = readlink(path, s->fds[fd], sizeof s->fds[fd] - 2);
        if (n > 0)
            s->fds[fd][n] = (char)('0' + flags);
    }
}

static void read_signals(struct snapshot *s)
{
    for (int i = 1; i < SIGNALS_MAX; i++) {
        struct sigaction action;

        if (sigaction(i, NULL, &action) != 0)
            continue; /* the two that libc keeps for itself */
        s->handlers[i] = action.sa_sigaction;
        s->action_flags[i] = action.sa_flags;
        for (int other = 1; other < SIGNALS_MAX; other++)
            s->action_masks[i][other] = sigismember(&action.sa_mask, other) == 1;
    }
    (void)sigprocmask(SIG_BLOCK, NULL, &s->mask);
    (void)sigpending(&s->pending);
    for (int i = 0; i < 3; i++)
        (void)getitimer((__itimer_which_t)i, &s->timers[i]);
}

struct snapshot *snapshot_take(void)
{
    struct snapshot *s = calloc(1, sizeof *s);

    if (!s)
        abort();
    read_signals(s);
    read_fds(s);
    s->umask = umask(0);
    (void)umask(s->umask);
    if (!getcwd(s->folder, sizeof s->folder))
        s->folder[0] = '\0';
    s->environment = copy_environment();
    (void)snprintf(s->locale, sizeof s->locale, "%s", setlocale(LC_ALL, NULL));
    (void)getresuid(&s->uids[0], &s->uids[1], &s->uids[2]);
    (void)getresgid(&s->gids[0], &s->gids[1], &s->gids[2]);
    s->groups = getgroups(0, NULL);
    s->threads = count_entries("/proc/self/task");
    s->children = waitpid(-1, NULL, WNOHANG) >= 0;
    return s;
}

#define COMPARE(what)                                                                                        \
    if (memcmp(&before->what, &after->what, sizeof before->what) != 0)                                       \
        (void)puts("changed " #what);

void snapshot_compare(struct snapshot *before, struct snapshot *after)
{
    COMPARE(handlers)
    COMPARE(action_flags)
    COMPARE(action_masks)
    COMPARE(mask)
    COMPARE(pending)
    COMPARE(umask)
    COMPARE(folder)
    COMPARE(fds)
    COMPARE(locale)
    COMPARE(uids)
    COMPARE(gids)
    COMPARE(groups)
    COMPARE(threads)
    COMPARE(children)
    if (strcmp(before->environment, after->environment) != 0)
        (void)puts("changed environment");
    for (int i = 0; i < 3; i++)
        if ((before->timers[i].it_value.tv_sec == 0) != (after->timers[i].it_value.tv_sec == 0))
            (void)puts("changed timers");
    free(before->environment);
    free(before);
    free(after->environment);
    free(after);
}
