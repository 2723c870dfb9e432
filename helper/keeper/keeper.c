/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One loop over the listening socket and every sign-in. A decision takes milliseconds, so one thread decides
 * them one after the other, and no two of them ever race for a name.
 */
#include "keeper/keeper.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "keeper/begun.h"
#include "keeper/hook_peers.h"
#include "keeper/kiosk.h"
#include "keeper/sign_in.h"
#include "keeper/state.h"
#include "keeper/tickets.h"
#include "members/store.h"
#include "sockets.h"

#define SIGN_INS_MAX LIMITS_ALL_MAX /* beyond it they wait in the queue of the socket */
#define FILES_EACH   3              /* descriptors of one: its child's, its module's, its lease */
#define OTHER_FILES  64             /* descriptors of this process that are not sign-ins' */

/* A key that cannot be had makes tags poorer, and shuts nobody out. */
static void find_identity_key(struct keeper *keeper)
{
    const struct keeper_options *options = &keeper->options;
    AUTO_FREE char *why = NULL;

    keeper->has_identity_key =
        identity_key_open(options->state_dir, !options->dry_run, &keeper->identity_key, &why);
    if (keeper->has_identity_key || options->dry_run)
        return;
    log_line(LOG_WARNING, "until the next start, tags of identities compare only with each other: %s",
             why ? why : "out of memory");
    keeper->has_identity_key = identity_key_random(&keeper->identity_key);
}

struct keeper *keeper_new(const struct keeper_options *options)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);
    AUTO_FREE char *why = NULL;
    enum reason reason;

    if (!keeper)
        return NULL;
    keeper->options = *options;
    keeper->members = (struct members){.state_dir = options->state_dir, .dry_run = options->dry_run};
    keeper->watch = config_watch_new_layers(options->config_dir, options->vendor_dir);
    if (!tickets_read_boot(keeper->boot)) {
        log_line(LOG_ERR, "cannot start: the kernel does not tell which boot this is");
        keeper_free(keeper);
        return NULL;
    }
    keeper->cache = document_cache_new();
    keeper->starts = token_buckets_new();
    keeper->members.store = store_open_or_later(options->state_dir, &why);
    if (!keeper->watch || !keeper->cache || !keeper->starts || !keeper->members.store) {
        log_line(LOG_ERR, "cannot start: %s", why ? why : "out of memory");
        keeper_free(keeper);
        return NULL;
    }
    find_identity_key(keeper);
    begun_recover(keeper);
    /* Faults are logged now, not when the first person is refused. */
    (void)config_watch_current(keeper->watch);
    /* It goes on, so that people are told why, and lets them in again as soon as the store is mended. */
    if (why)
        log_line(LOG_ERR, "nobody can sign in: %s", why);
    reason = options->dry_run || why ? REASON_OK : members_publish_if_stale(&keeper->members);
    if (reason != REASON_OK)
        log_line(LOG_WARNING, "the index could not be brought up to date: %s", reason_code(reason));
    keeper->check_ins_at_ms = INT64_MAX;
    if (!options->dry_run && !options->private_peer)
        kiosk_settle(keeper);
    return keeper;
}

void keeper_free(struct keeper *keeper)
{
    if (!keeper)
        return;
    for (struct sign_in *s = keeper->sign_ins; s; s = s->next)
        s->ended_by = "keeper_ended";
    while (keeper->sign_ins)
        sign_in_free(keeper, keeper->sign_ins);
    hook_peers_free(keeper->hooks);
    store_close(keeper->members.store);
    config_watch_free(keeper->watch);
    document_cache_free(keeper->cache);
    token_buckets_free(keeper->starts);
    explicit_bzero(&keeper->identity_key, sizeof keeper->identity_key);
    free(keeper);
}

static void accept_child(struct keeper *keeper, int listening_socket)
{
    AUTO_CLOSE int child = accept4(listening_socket, NULL, NULL, SOCK_CLOEXEC);
    pid_t pid;
    uid_t uid;

    if (child < 0 || !socket_peer(child, &pid, &uid))
        return;
    if (uid != keeper->options.child_uid)
        log_line(LOG_WARNING, "refused a connection of uid %u", uid);
    else if (sign_in_new(keeper, child))
        child = -1;
}

/* Until a sign-in ends, refusals that were counted are to be told, check-ins may be over, or hooks are due.
 */
static int milliseconds_left(const struct keeper *keeper)
{
    const int64_t now = boottime_ms(), counted = log_quota_due_ms(&keeper->refusals);
    int64_t first = counted < 0 ? INT64_MAX : counted;

    for (const struct sign_in *s = keeper->sign_ins; s; s = s->next)
        if (s->ends_at * 1000 < first)
            first = s->ends_at * 1000;
    if (keeper->check_ins_at_ms < first)
        first = keeper->check_ins_at_ms;
    if (hook_peers_due_ms(keeper) < first)
        first = hook_peers_due_ms(keeper);
    if (first == INT64_MAX)
        return -1;
    return first <= now ? 0 : (int)(first - now < INT_MAX ? first - now : INT_MAX);
}

/* False: over. The module's end comes first: what its child still asks would be for nobody. */
static bool serve_sign_in(struct keeper *keeper, struct sign_in *sign_in, const struct pollfd at[2])
{
    if (at[1].revents != 0) {
        sign_in->ended_by = reason_code(REASON_CANCELLED);
        return false;
    }
    if (sign_in->ends_at <= boottime_s()) {
        sign_in->ended_by = reason_code(REASON_TIMEOUT);
        return false;
    }
    return at[0].revents == 0 || sign_in_take(keeper, sign_in);
}

/*
 * One round. `at` has room for the two fixed descriptors, two of each sign-in and those of hooks, who come
 * last. False: a signal asks for the end.
 */
static bool serve_round(struct keeper *keeper, int listening_socket, int signals, struct pollfd *at)
{
    const bool has_room = keeper->sign_in_count < keeper->sign_in_max;
    struct sign_in *s, *next;
    size_t n = 2, hooks;

    at[0] = (struct pollfd){.fd = signals, .events = POLLIN};
    at[1] = (struct pollfd){.fd = has_room ? listening_socket : -1, .events = POLLIN};
    for (s = keeper->sign_ins; s; s = s->next) {
        at[n++] = (struct pollfd){.fd = s->child, .events = POLLIN};
        at[n++] = (struct pollfd){.fd = s->module, .events = POLLRDHUP};
    }
    hooks = n;
    n += hook_peers_watch(keeper, &at[n]);
    if (poll(at, n, milliseconds_left(keeper)) < 0)
        return errno == EINTR;
    if (at[0].revents != 0)
        return false;
    log_quota_settle(&keeper->refusals, boottime_ms());
    if (keeper->check_ins_at_ms <= boottime_ms())
        kiosk_settle(keeper);
    n = 2;
    for (s = keeper->sign_ins; s; s = next, n += 2) {
        next = s->next;
        if (!serve_sign_in(keeper, s, &at[n]))
            sign_in_free(keeper, s);
    }
    if (at[1].revents != 0)
        accept_child(keeper, listening_socket);
    hook_peers_serve(keeper, &at[hooks]);
    return true;
}

/* FILES_EACH descriptors each; the limit is raised as far as it goes. */
static size_t sign_ins_that_fit(void)
{
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < OTHER_FILES + FILES_EACH)
        return 1;
    return limit.rlim_cur - OTHER_FILES > FILES_EACH * SIGN_INS_MAX
               ? SIGN_INS_MAX
               : (limit.rlim_cur - OTHER_FILES) / FILES_EACH;
}

static void tell_if_few(const struct keeper *keeper)
{
    const struct config *config = config_watch_current(keeper->watch);

    if (config && keeper->sign_in_max < config->limits.sign_ins)
        log_line(LOG_WARNING, "there are descriptors for %zu sign-ins, and sign_ins is %u: LimitNOFILE",
                 keeper->sign_in_max, config->limits.sign_ins);
}

static struct pollfd *room_for(size_t sign_ins)
{
    return calloc(2 + 2 * sign_ins + HOOK_POLLS_MAX, sizeof(struct pollfd));
}

int keeper_serve(struct keeper *keeper, int listening_socket)
{
    AUTO_FREE struct pollfd *at = room_for(SIGN_INS_MAX);
    sigset_t ends;
    AUTO_CLOSE int signals = -1;

    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    if (!at || sigprocmask(SIG_BLOCK, &ends, NULL) != 0 ||
        (signals = signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK)) < 0)
        return 1;
    keeper->sign_in_max = sign_ins_that_fit();
    tell_if_few(keeper);
    while (serve_round(keeper, listening_socket, signals, at))
        ;
    return 0;
}

int keeper_serve_one(struct keeper *keeper, int connected_socket)
{
    AUTO_FREE struct pollfd *at = room_for(1);

    if (!at || !sign_in_new(keeper, connected_socket)) {
        (void)close(connected_socket);
        return 1;
    }
    while (keeper->sign_ins)
        if (!serve_round(keeper, -1, -1, at))
            return 1;
    return 0;
}
