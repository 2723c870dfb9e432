/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A sign-in costs a connection to the keeper, a hand-over and a fork; everything slow happens in the child.
 * Limits are on processes: root's sign-ins are counted by the keeper, and other users have few places of
 * their own and may begin few in a minute, so that no user can use up root's.
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
#include "children.h"
#include "cleanup.h"
#include "clock.h"
#include "config/config.h"
#include "http/trust_shelf.h"
#include "kiosk_peer.h"
#include "log.h"
#include "log_quota.h"
#include "sandbox.h"
#include "session/ask.h"
#include "session/session.h"
#include "sockets.h"
#include "token_bucket.h"

#define STARTS_PER_MINUTE 120 /* of a user who is not root: of all phases */
#define STARTS_BURST      60
#define DEATHS_MAX        3     /* by signal ... */
#define DEATHS_WITHIN_MS  60000 /* ... within this time */

_Static_assert(LIMITS_ALL_MAX <= CHILDREN_MAX, "a place for each sign-in that the settings can promise");

struct listener {
    struct listener_options options;
    int signals;
    struct config_watch *watch;
    struct trust_shelf *shelf;
    struct sandbox *sandbox; /* each child's */
    struct children children;
    struct kiosk_peer kiosk;
    struct pollfd at[2 + CHILDREN_MAX];
    struct token_buckets *starts;
    struct log_quota refusals;
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

/* True: too many died by signal. */
static bool reap(struct listener *listener)
{
    bool too_many = false;
    int status;
    pid_t pid;

    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        if (!children_forget(&listener->children, pid) || !WIFSIGNALED(status))
            continue;
        log_line(LOG_ERR, "child %d died by signal %d", pid, WTERMSIG(status));
        too_many |= note_death(listener);
    }
    return too_many;
}

/* A crowd of users never keeps the kiosk's visitors out. */
static bool has_place(struct listener *listener, uid_t uid, size_t most)
{
    return children_have_place(&listener->children, uid, most) ||
           (uid != 0 && children_have_kiosk_place(&listener->children, uid) &&
            kiosk_peer_is(&listener->kiosk, listener->watch, uid, boottime_ms()));
}

/* Cheap, for whoever is not root can have this asked as often as he likes. */
static bool may_begin(struct listener *listener, uid_t uid)
{
    struct token_want want = {.per_minute = STARTS_PER_MINUTE, .burst = STARTS_BURST};
    size_t most = 0;

    if (uid == 0) {
        const struct config *config = config_watch_current(listener->watch);

        if (!config)
            return false;
        most = (size_t)config->limits.sign_ins + config->limits.sign_ins / LIMITS_HERE_SHARE + LIMITS_SPARE;
    }
    (void)snprintf(want.name, sizeof want.name, "%u", uid);
    return has_place(listener, uid, most) &&
           (uid == 0 || token_buckets_take(listener->starts, &want, 1, boottime_ms()) == 1);
}

static void tell_refused(struct listener *listener, uid_t uid)
{
    char line[LOG_QUOTA_KEY_SIZE];

    (void)snprintf(line, sizeof line, "no place for another sign-in of uid %u", uid);
    if (log_quota_take(&listener->refusals, line, boottime_ms()))
        log_line(LOG_WARNING, "%s", line);
}

/* Of what the listener holds, a child needs the memory and its own two sockets. */
__attribute__((noreturn)) static void run_child(struct listener *listener, const struct session *session,
                                                pid_t parent)
{
    sigset_t none;

    (void)close(listener->options.listening);
    (void)close(listener->signals);
    children_close(&listener->children);
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
static int hand_over(struct listener *listener, int module, int lease, const struct ucred *peer)
{
    const int keeper = socket_connect(listener->options.keeper_socket);

    if (keeper >= 0 && ask_hand_over(keeper, module, lease, (unsigned)peer->pid, peer->uid)) {
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

/* The lease is the children's. */
static void fork_child(struct listener *listener, const struct session *session, uid_t peer_uid, int lease)
{
    const pid_t self = getpid(), child = fork();

    if (child == 0) {
        (void)close(lease);
        run_child(listener, session, self);
    }
    if (child > 0) {
        children_add(&listener->children, child, peer_uid, lease, boottime_ms());
        return;
    }
    log_line(LOG_ERR, "cannot fork: %s", strerror(errno));
    (void)close(lease);
}

static void serve_module(struct listener *listener, int module, const struct ucred *peer,
                         const struct config *config)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return;

    AUTO_CLOSE const int keeper = hand_over(listener, module, ends[1], peer);
    const struct session session = {.module = module,
                                    .keeper = keeper,
                                    .config = config,
                                    .trust = trust_shelf_find,
                                    .trust_context = listener->shelf};

    (void)close(ends[1]);
    if (keeper >= 0)
        fork_child(listener, &session, peer->uid, ends[0]);
    else
        (void)close(ends[0]);
}

/* Whatever goes wrong here closes the module's socket: unavailable. */
static void begin_sign_in(struct listener *listener)
{
    AUTO_CLOSE const int module = accept4(listener->options.listening, NULL, NULL, SOCK_CLOEXEC);
    const struct config *config;
    struct ucred peer = {0};

    if (module < 0 || !socket_peer(module, &peer.pid, &peer.uid))
        return;
    if (!may_begin(listener, peer.uid)) {
        tell_refused(listener, peer.uid);
        return;
    }
    config = config_watch_current(listener->watch);
    if (!config)
        return;
    trust_shelf_refresh(listener->shelf, config);
    serve_module(listener, module, &peer, config);
}

/* Until a child's time is up, or refusals that were counted are to be told. */
static int patience(const struct listener *listener, int64_t now_ms)
{
    const int child = children_patience(&listener->children, now_ms);
    const int64_t due = log_quota_due_ms(&listener->refusals);
    const int told = due < 0 ? -1 : due <= now_ms ? 0 : (int)(due - now_ms);

    return child < 0 || (told >= 0 && told < child) ? told : child;
}

/* True: it asks for an end, or too many children died by signal. */
static bool take_signal(struct listener *listener, enum listener_end *ret_end)
{
    struct signalfd_siginfo seen;

    if (read(listener->signals, &seen, sizeof seen) <= 0)
        return false;
    if (seen.ssi_signo != SIGCHLD) {
        *ret_end = LISTENER_ENDED;
        return true;
    }
    if (!reap(listener))
        return false;
    *ret_end = LISTENER_RENEW;
    return true;
}

static bool serve(struct listener *listener, enum listener_end *ret_end)
{
    struct pollfd *at = listener->at;
    const size_t children = children_watch(&listener->children, &at[2]);

    at[0] = (struct pollfd){.fd = listener->signals, .events = POLLIN};
    at[1] = (struct pollfd){.fd = listener->options.listening, .events = POLLIN};
    if (poll(at, 2 + children, patience(listener, boottime_ms())) < 0)
        return errno == EINTR;
    children_look(&listener->children, &at[2], boottime_ms());
    children_end_late(&listener->children, boottime_ms());
    log_quota_settle(&listener->refusals, boottime_ms());
    if (at[0].revents != 0 && take_signal(listener, ret_end))
        return false;
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

static bool prepare(struct listener *listener)
{
    const struct listener_options *options = &listener->options;
    const struct config *config;

    listener->watch = config_watch_new_layers(options->config_dir, options->vendor_dir);
    listener->shelf = trust_shelf_new();
    listener->sandbox = sandbox_prepare(SANDBOX_CHILD, NULL);
    listener->starts = token_buckets_new();
    config = listener->watch ? config_watch_current(listener->watch) : NULL;
    if (!config || !listener->shelf || !listener->sandbox || !listener->starts || !watch_signals(listener))
        return false;
    trust_shelf_refresh(listener->shelf, config);
    children_begin(&listener->children);
    if (options->children)
        children_read(&listener->children, options->children, boottime_ms());
    return true;
}

static void listener_free(struct listener *listener)
{
    children_close(&listener->children);
    if (listener->signals >= 0)
        (void)close(listener->signals);
    token_buckets_free(listener->starts);
    sandbox_free(listener->sandbox);
    trust_shelf_free(listener->shelf);
    config_watch_free(listener->watch);
    free(listener);
}

enum listener_end listener_run(const struct listener_options *options, char **ret_children)
{
    struct listener *listener = calloc(1, sizeof *listener);
    enum listener_end end = LISTENER_FAILED;

    if (!listener)
        return end;
    listener->options = *options;
    listener->signals = -1;
    if (prepare(listener)) {
        (void)reap(listener); /* whoever died while this process renewed itself */
        while (serve(listener, &end))
            ;
    }
    if (end == LISTENER_RENEW)
        *ret_children = children_write(&listener->children, boottime_ms());
    listener_free(listener);
    return end;
}
