/* SPDX-License-Identifier: BSD-2-Clause */
/* Who wrote the program is root; what it was told by others is in its input alone. */
#include "hooks/hook_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "clock.h"
#include "hooks/hook_family.h"
#include "hooks/hook_output.h"
#include "trusted_path.h"

#define STATUS_NOT_RUN 127

enum { AT_SIGNALS, AT_INPUT, AT_OUTPUT, AT_COUNT };

struct run {
    struct hook_signals *signals;
    const struct hook_event_told *event;
    pid_t pid;
    int input, output; /* our ends; input -1: all is written, or nobody reads */
    size_t written;
    struct hook_output said;
};

/* Root's alone: what anybody else could write would run as us, with what we know. */
static bool may_run(const char *program, struct hook_why *why)
{
    struct path_fault fault;
    struct stat status;

    if (!path_is_trusted(program, &fault))
        hook_why_set(why, "%s %s", fault.where, fault.why);
    else if (stat(program, &status) != 0)
        hook_why_set(why, "%s: %s", program, strerror(errno));
    else if (!S_ISREG(status.st_mode) || access(program, X_OK) != 0)
        hook_why_set(why, "%s is no program that this user may run", program);
    else
        return true;
    return false;
}

/* What the environment of ours says of a name, as an entry of another; "": nothing. */
static void take_over(const char *name, const char *fallback, char *ret_entry, size_t size)
{
    const char *value = getenv(name);

    if (!value)
        value = fallback;
    if (!value || (size_t)snprintf(ret_entry, size, "%s=%s", name, value) >= size)
        ret_entry[0] = '\0';
}

/* In the child. Nothing of ours stays: no descriptor, no signal, no variable. */
static _Noreturn void become(const char *program, const struct hook_event_told *event, const int ends[2])
{
    static const struct rlimit no_core;
    char path[] = "PATH=/usr/bin:/bin", event_entry[sizeof "FRONTDESK_EVENT=" + HOOK_EVENT_ID_SIZE];
    char language[64], credentials[PATH_MAX];
    char *const argv[] = {strdupa(program), NULL};
    char *environment[5] = {path, event_entry};
    size_t known = 2;
    sigset_t none;

    (void)sigemptyset(&none);
    (void)snprintf(event_entry, sizeof event_entry, "FRONTDESK_EVENT=%s", event->id);
    take_over("LANG", "C.UTF-8", language, sizeof language);
    take_over("CREDENTIALS_DIRECTORY", NULL, credentials, sizeof credentials);
    if (language[0] != '\0')
        environment[known++] = language;
    if (credentials[0] != '\0')
        environment[known] = credentials;
    if (setsid() < 0 || dup2(ends[0], STDIN_FILENO) < 0 || dup2(ends[1], STDOUT_FILENO) < 0 ||
        dup2(ends[1], STDERR_FILENO) < 0 || close_range(STDERR_FILENO + 1, UINT_MAX, 0) != 0 ||
        setrlimit(RLIMIT_CORE, &no_core) != 0)
        _exit(STATUS_NOT_RUN);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)signal(SIGXFSZ, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
    (void)execve(program, argv, environment);
    (void)dprintf(STDERR_FILENO, "cannot be run: %s\n", strerror(errno));
    _exit(STATUS_NOT_RUN);
}

/* Our two ends do not wait; the program's do. */
static bool start(struct run *run, const char *program)
{
    const pid_t parent = getpid();
    int input[2], output[2];

    if (pipe2(input, O_CLOEXEC) != 0)
        return false;
    if (pipe2(output, O_CLOEXEC) != 0) {
        (void)close(input[0]);
        (void)close(input[1]);
        return false;
    }
    run->pid = fork();
    if (run->pid == 0) {
        /* a program is not left behind when this process dies, or the next one would run it beside itself */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
            _exit(STATUS_NOT_RUN);
        become(program, run->event, (const int[]){input[0], output[1]});
    }
    (void)close(input[0]);
    (void)close(output[1]);
    run->input = input[1];
    run->output = output[0];
    if (run->pid > 0 && fcntl(run->input, F_SETFL, O_NONBLOCK) == 0 &&
        fcntl(run->output, F_SETFL, O_NONBLOCK) == 0)
        return true;
    if (run->pid > 0)
        (void)hook_family_end(run->pid);
    (void)close(run->input);
    (void)close(run->output);
    return false;
}

static void close_input(struct run *run)
{
    if (run->input >= 0)
        (void)close(run->input);
    run->input = -1;
}

/* A program need not read what it is told. */
static void write_some(struct run *run)
{
    const size_t length = strlen(run->event->json);
    const char *from = run->written < length ? run->event->json + run->written : "\n";
    const ssize_t n = write(run->input, from, run->written < length ? length - run->written : 1);

    if (n > 0)
        run->written += (size_t)n;
    if ((n < 0 && errno != EAGAIN && errno != EINTR) || run->written > length)
        close_input(run);
}

/* Until the program ended, its time is over, or ours. */
static void attend(struct run *run, int64_t until_ms)
{
    struct pollfd at[AT_COUNT];
    bool is_output_open = true;

    while (!hook_family_head_ended(run->pid) && !run->signals->is_over && boottime_ms() < until_ms) {
        at[AT_INPUT] = (struct pollfd){.fd = run->input, .events = POLLOUT};
        at[AT_OUTPUT] = (struct pollfd){.fd = is_output_open ? run->output : -1, .events = POLLIN};
        hook_signals_wait(run->signals, at, AT_COUNT, until_ms);
        if (at[AT_INPUT].revents != 0)
            write_some(run);
        if (at[AT_OUTPUT].revents != 0)
            hook_output_take(&run->said, run->output);
        is_output_open = is_output_open && (at[AT_OUTPUT].revents & POLLIN || at[AT_OUTPUT].revents == 0);
    }
}

static enum hook_outcome judge(const struct run *run, int status, struct hook_why *why)
{
    const bool exited = WIFEXITED(status);
    const char *last = run->said.last;

    if (exited && WEXITSTATUS(status) == 0)
        return HOOK_DONE;
    hook_why_set(why, "%s %d%s%s", exited ? "exit status" : "ended by signal",
                 exited ? WEXITSTATUS(status) : WTERMSIG(status), last[0] != '\0' ? ": " : "", last);
    return exited && WEXITSTATUS(status) == HOOK_STATUS_NEVER ? HOOK_GIVEN_UP : HOOK_AGAIN;
}

enum hook_outcome hook_run(struct hook_signals *signals, const char *program,
                           const struct hook_event_told *event, uint32_t timeout_s, struct hook_why *ret_why)
{
    struct run run = {.signals = signals, .event = event, .said = {.event_id = event->id}};
    bool ended;
    int status;

    if (!may_run(program, ret_why))
        return HOOK_AGAIN;
    if (!start(&run, program)) {
        hook_why_set(ret_why, "%s cannot be started: %s", program, strerror(errno));
        return HOOK_AGAIN;
    }
    attend(&run, boottime_ms() + (int64_t)timeout_s * 1000);
    ended = hook_family_head_ended(run.pid);
    status = hook_family_end(run.pid);
    hook_output_take(&run.said, run.output);
    hook_output_end(&run.said);
    close_input(&run);
    (void)close(run.output);
    if (ended)
        return judge(&run, status, ret_why);
    hook_why_set(ret_why, "killed after %u s%s%s", timeout_s, run.said.last[0] != '\0' ? ": " : "",
                 run.said.last);
    return signals->is_over ? HOOK_CUT_OFF : HOOK_AGAIN;
}
