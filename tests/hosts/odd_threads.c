/* SPDX-License-Identifier: BSD-2-Clause */
/* Hosts with more than one thread, with children, and with signals of their own. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "odd_host.h"

#define ROUNDS    5
#define FLOOD_US  500
#define CHILD_WAS 7

struct person {
    const struct odd *odd;
    const char *name;
    int wrong;
};

/* Each thread is somebody else, and the helper's word for it is in its own handle's environment. */
static int enters_as_oneself(const struct odd *odd, const char *name)
{
    pam_handle_t *pamh = odd_start(odd, name, NULL);
    const int code = pam_authenticate(pamh, 0);
    const char *ticket = pam_getenv(pamh, "FRONTDESK_SESSION");
    const int ok = code == PAM_SUCCESS && ticket && strcmp(ticket, name) == 0 &&
                   pam_acct_mgmt(pamh, 0) == PAM_SUCCESS &&
                   pam_setcred(pamh, PAM_ESTABLISH_CRED) == PAM_SUCCESS &&
                   pam_open_session(pamh, 0) == PAM_SUCCESS && pam_close_session(pamh, 0) == PAM_SUCCESS;

    (void)pam_end(pamh, code);
    return ok;
}

static void *enter(void *context)
{
    struct person *person = context;

    for (int i = 0; i < ROUNDS; i++)
        if (!enters_as_oneself(person->odd, person->name))
            person->wrong++;
    return NULL;
}

void odd_threads(const struct odd *odd, int count)
{
    static const char *const names[] = {"alice", "bruno", "first", "last", "wide"};
    pthread_t *threads = calloc((size_t)count, sizeof *threads);
    struct person *people = calloc((size_t)count, sizeof *people);

    if (!threads || !people)
        odd_fail("calloc");
    for (int i = 0; i < count; i++) {
        people[i] = (struct person){.odd = odd, .name = names[(size_t)i % (sizeof names / sizeof names[0])]};
        if (pthread_create(&threads[i], NULL, enter, &people[i]) != 0)
            odd_fail("pthread_create");
    }
    for (int i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
        odd_report(odd, "wrong", people[i].wrong);
    }
    free(threads);
    free(people);
}

/* As sshd does it: the handle is made here, used in a child, and ended on both sides. */
void odd_forked(const struct odd *odd, int nothing)
{
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);
    const pid_t child = fork();
    int status = 0;

    (void)nothing;
    if (child == 0) {
        const int code = pam_authenticate(pamh, 0);

        odd_report(odd, "auth", code);
        odd_report(odd, "end", pam_end(pamh, code | PAM_DATA_SILENT));
        _exit(0);
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
        odd_fail("child");
    odd_report(odd, "account", pam_acct_mgmt(pamh, 0));
    odd_report(odd, "setcred", pam_setcred(pamh, PAM_ESTABLISH_CRED));
    odd_report(odd, "open", pam_open_session(pamh, 0));
    odd_report(odd, "end", pam_end(pamh, PAM_SUCCESS));
}

static void on_signal(int number)
{
    (void)number;
}

/* The dispositions of SIGCHLD: default, ignored, a handler that wants no zombies, a handler, blocked. */
static void dispose(int how)
{
    struct sigaction action = {.sa_handler = how == 0   ? SIG_DFL
                                             : how == 1 ? SIG_IGN
                                                        : on_signal,
                               .sa_flags = how == 2 ? SA_NOCLDWAIT : 0};
    sigset_t set;

    if (how == 4) {
        (void)sigemptyset(&set);
        (void)sigaddset(&set, SIGCHLD);
        (void)sigprocmask(SIG_BLOCK, &set, NULL);
    }
    if (sigaction(SIGCHLD, &action, NULL) != 0)
        odd_fail("sigaction");
}

/* The host's own child ends meanwhile, and is still the host's to wait for where it would have been. */
void odd_children(const struct odd *odd, int how)
{
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);
    siginfo_t info = {0};
    pid_t child;
    int status = 0;

    dispose(how);
    child = fork();
    if (child == 0)
        _exit(CHILD_WAS);
    if (how != 1 && how != 2)
        (void)waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
    odd_all_phases(odd, pamh);
    if (waitpid(child, &status, 0) == child)
        odd_report(odd, "child", WEXITSTATUS(status));
    else
        odd_report(odd, "no child", errno == ECHILD);
}

static const int numbers[] = {SIGALRM, SIGUSR1, SIGTERM, SIGHUP, SIGWINCH};
#define NUMBER_COUNT (sizeof numbers / sizeof numbers[0])

/* For as long as the host is there. */
static _Noreturn void flood(pid_t host)
{
    for (size_t i = 0; getppid() == host && kill(host, numbers[i % NUMBER_COUNT]) == 0; i++)
        (void)usleep(FLOOD_US);
    _exit(0);
}

/* Signals without pause, from outside, for as long as the module works. */
void odd_signals(const struct odd *odd, int nothing)
{
    const struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: calls are interrupted */
    pam_handle_t *pamh = odd_start(odd, "alice", NULL);
    const pid_t host = getpid();
    pid_t child;

    (void)nothing;
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        (void)sigaction(numbers[i], &action, NULL);
    child = fork();
    if (child == 0)
        flood(host);
    odd_all_phases(odd, pamh);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
}
