/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sign-in costs a connection to the keeper, a hand-over and a fork; everything slow happens in the child.
 * Caps are on processes: root's sign-ins are counted by the keeper, and other users have few places of their
 * own, so that no user can use up root's.
 */
#include "listener.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "child_limits.h"
#include "cleanup.h"
#include "clock.h"
#include "config/config.h"
#include "http/trust_shelf.h"
#include "log.h"
#include "sandbox.h"
#include "session/ask.h"
#include "session/session.h"
#include "sockets.h"

#define CHILDREN_MAX       4096
#define CHILDREN_SPARE     64 /* above the limit of sign-ins: account phases, and refusals with a sentence */
#define CHILDREN_OF_A_USER 20 /* who is not root */
#define CHILDREN_OF_USERS  100
#define DEATHS_MAX         3     /* by signal ... */
#define DEATHS_WITHIN_MS   60000 /* ... within this time */

struct child {
    pid_t pid;
    uid_t uid; /* of the module's process */
};

struct listener {
    struct listener_options options;
    int signals;
    struct config_watch *watch;
    struct trust_shelf *shelf;
    struct sandbox *sandbox; /* each child's */
    struct child children[CHILDREN_MAX];
    size_t child_count;
    int64_t deaths[DEATHS_MAX]; /* when the last ones were, oldest first; 0: none */
    bool keeper_is_missing;     /* logged */
};

/* True: that was one too many. */
static bool note_death(struct listener *listener)
{
    memmove(&listener->deaths[0], &listener->deaths[1], (DEATHS_MAX - 1) * sizeof listener->deaths[0]);
    listener->deaths[DEATHS_MAX - 1] = boottime_ms();
    return listener->deaths[0] != 0 &&
           listener->deaths[DEATHS_MAX - 1] - listener->deaths[0] < DEATHS_WITHIN_MS;
}

static void forget_child(struct listener *listener, pid_t pid)
{
    for (size_t i = 0; i < listener->child_count; i++) {
        if (listener->children[i].pid == pid) {
            listener->children[i] = listener->children[--listener->child_count];
            return;
        }
    }
}

/* True: too many died by signal. */
static bool reap(struct listener *listener)
{
    bool too_many = false;
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        forget_child(listener, pid);
        if (!WIFSIGNALED(status))
            continue;
        log_line(LOG_ERR, "child %d died by signal %d", pid, WTERMSIG(status));
        too_many |= note_death(listener);
    }
    return too_many;
}

static bool has_place(const struct listener *listener, const struct config *config, uid_t uid)
{
    const size_t most = (size_t)config->limits.sign_ins + CHILDREN_SPARE;
    size_t of_uid = 0, of_users = 0;

    if (listener->child_count >= CHILDREN_MAX)
        return false;
    for (size_t i = 0; i < listener->child_count; i++) {
        of_uid += listener->children[i].uid == uid;
        of_users += listener->children[i].uid != 0;
    }
    return uid == 0 ? listener->child_count - of_users < most
                    : of_uid < CHILDREN_OF_A_USER && of_users < CHILDREN_OF_USERS;
}

/* Of what the listener holds, a child needs the memory and its own two sockets. */
__attribute__((noreturn)) static void run_child(struct listener *listener, const struct session *session,
                                                pid_t parent)
{
    sigset_t none;

    (void)close(listener->options.listening);
    (void)close(listener->signals);
    (void)sigemptyset(&none);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0 || getppid() != parent ||
        sigprocmask(SIG_SETMASK, &none, NULL) != 0)
        _exit(1);
    (void)prctl(PR_SET_NAME, "frontdesk-child", 0, 0, 0);
    if (!child_limits_set() || !sandbox_seal(listener->sandbox)) {
        log_line(LOG_ERR, "the sandbox could not be closed");
        _exit(1);
    }
    _exit(session_run(session));
}

/* Connected to the keeper, which has the module's socket; -1: it cannot be reached. */
static int hand_over(struct listener *listener, int module, const struct child *peer)
{
    const int keeper = socket_connect(listener->options.keeper_socket);

    if (keeper >= 0 && ask_hand_over(keeper, module, (unsigned)peer->pid, peer->uid)) {
        listener->keeper_is_missing = false;
        return keeper;
    }
    if (!listener->keeper_is_missing)
        log_line(LOG_ERR, "the keeper cannot be reached at %s: %s", listener->options.keeper_socket,
                 strerror(errno));
    listener->keeper_is_missing = true;
    if (keeper >= 0)
        (void)close(keeper);
    return -1;
}

/* Whatever goes wrong here closes the module's socket: unavailable. */
static void begin_sign_in(struct listener *listener)
{
    AUTO_CLOSE const int module = accept4(listener->options.listening, NULL, NULL, SOCK_CLOEXEC);
    const pid_t self = getpid();
    const struct config *config = config_watch_current(listener->watch);
    struct child peer;

    if (module < 0 || !config || !socket_peer(module, &peer.pid, &peer.uid))
        return;
    if (!has_place(listener, config, peer.uid)) {
        log_line(LOG_WARNING, "no place for another sign-in of uid %u", peer.uid);
        return;
    }
    trust_shelf_refresh(listener->shelf, config);

    AUTO_CLOSE const int keeper = hand_over(listener, module, &peer);
    const struct session session = {.module = module,
                                    .keeper = keeper,
                                    .config = config,
                                    .trust = trust_shelf_find,
                                    .trust_context = listener->shelf};
    const pid_t child = keeper < 0 ? -1 : fork();

    if (child == 0)
        run_child(listener, &session, self);
    if (child > 0)
        listener->children[listener->child_count++] = (struct child){.pid = child, .uid = peer.uid};
    else if (keeper >= 0)
        log_line(LOG_ERR, "cannot fork: %s", strerror(errno));
}

static bool serve(struct listener *listener, enum listener_end *ret_end)
{
    struct pollfd at[] = {{.fd = listener->signals, .events = POLLIN},
                          {.fd = listener->options.listening, .events = POLLIN}};
    struct signalfd_siginfo signal_seen;

    if (poll(at, 2, -1) < 0)
        return errno == EINTR;
    if (at[0].revents != 0 && read(listener->signals, &signal_seen, sizeof signal_seen) > 0) {
        if (signal_seen.ssi_signo != SIGCHLD) {
            *ret_end = LISTENER_ENDED;
            return false;
        }
        if (reap(listener)) {
            *ret_end = LISTENER_RENEW;
            return false;
        }
    }
    if (at[1].revents != 0)
        begin_sign_in(listener);
    return true;
}

static bool watch_signals(struct listener *listener)
{
    sigset_t watched;

    (void)sigemptyset(&watched);
    (void)sigaddset(&watched, SIGCHLD);
    (void)sigaddset(&watched, SIGTERM);
    (void)sigaddset(&watched, SIGINT);
    listener->signals = signalfd(-1, &watched, SFD_CLOEXEC | SFD_NONBLOCK);
    return listener->signals >= 0 && sigprocmask(SIG_SETMASK, &watched, NULL) == 0;
}

enum listener_end listener_run(const struct listener_options *options)
{
    struct listener *listener = calloc(1, sizeof *listener);
    enum listener_end end = LISTENER_FAILED;
    const struct config *config;

    if (!listener)
        return end;
    listener->options = *options;
    listener->signals = -1;
    listener->watch = config_watch_new_layers(options->config_dir, options->vendor_dir);
    listener->shelf = trust_shelf_new();
    listener->sandbox = sandbox_prepare(SANDBOX_CHILD, NULL);
    config = listener->watch ? config_watch_current(listener->watch) : NULL;
    if (config && listener->shelf && listener->sandbox && watch_signals(listener)) {
        trust_shelf_refresh(listener->shelf, config);
        (void)reap(listener); /* whoever died while this process renewed itself */
        while (serve(listener, &end))
            ;
    }
    if (listener->signals >= 0)
        (void)close(listener->signals);
    sandbox_free(listener->sandbox);
    trust_shelf_free(listener->shelf);
    config_watch_free(listener->watch);
    free(listener);
    return end;
}
