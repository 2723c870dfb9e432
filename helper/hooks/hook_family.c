/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process group is left by whoever wants to. But a child whose parent dies becomes the child of the nearest
 * subreaper, and that is this process, which has one program at a time.
 */
#include "hooks/hook_family.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "clock.h"
#include "log.h"

#define PATIENCE_MS 2000     /* for killed processes to be gone */
#define NAP_NS      10000000 /* between two looks */

bool hook_family_begin(void)
{
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
}

bool hook_family_head_ended(pid_t program)
{
    siginfo_t ended = {0};

    return waitid(P_PID, (id_t)program, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 && ended.si_pid == program;
}

static void kill_children(void)
{
    AUTO_FCLOSE FILE *children = fopen("/proc/thread-self/children", "re");
    int child;

    while (children && fscanf(children, "%d", &child) == 1)
        (void)kill(child, SIGKILL);
}

/* False: there are children still. */
static bool bury(void)
{
    pid_t pid;

    do
        pid = waitpid(-1, NULL, WNOHANG);
    while (pid > 0 || (pid < 0 && errno == EINTR));
    return pid < 0;
}

int hook_family_end(pid_t program)
{
    const struct timespec nap = {.tv_nsec = NAP_NS};
    const int64_t until = boottime_ms() + PATIENCE_MS;
    int status = 0;

    (void)kill(-program, SIGKILL);
    while (waitpid(program, &status, 0) < 0 && errno == EINTR)
        ;
    kill_children();
    while (!bury()) {
        if (boottime_ms() > until) {
            log_line(LOG_WARNING, "what the program started could not be ended");
            break;
        }
        (void)nanosleep(&nap, NULL);
        kill_children();
    }
    return status;
}
