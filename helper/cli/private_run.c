/* SPDX-License-Identifier: BSD-2-Clause */
/* Forks, drops, closes what is not theirs, confines: in this order, before a byte of anybody else's is read.
 */
#include "cli/private_run.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child_limits.h"
#include "cli/login/session_events.h"
#include "cli/output.h"
#include "http/http.h"
#include "keeper/keeper.h"
#include "sandbox.h"
#include "secret.h"
#include "session/ask.h"
#include "session/session.h"

#define PATIENCE_MS 3000 /* for processes whose sockets were closed */
#define KEEP_MAX    3

static bool keep_only(const int *keep, size_t count)
{
    unsigned low = STDERR_FILENO + 1;

    for (;;) {
        unsigned next = UINT_MAX;

        for (size_t i = 0; i < count; i++)
            if (keep[i] >= 0 && (unsigned)keep[i] >= low && (unsigned)keep[i] < next)
                next = (unsigned)keep[i];
        if (next == UINT_MAX)
            return close_range(low, UINT_MAX, 0) == 0;
        if (next > low && close_range(low, next - 1, 0) != 0)
            return false;
        low = next + 1;
    }
}

/* No terminal: neither to read what is typed nor to write over what is shown, but for the log. */
static bool leave_terminal(void)
{
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    return null >= 0 && dup2(null, STDIN_FILENO) >= 0 && dup2(null, STDOUT_FILENO) >= 0;
}

/* A new process's first steps: user, descriptors, signals. */
static bool settle(const struct cli_users *users, const struct user_ids *ids, const int *keep, size_t count)
{
    sigset_t none;

    (void)sigemptyset(&none);
    if (users->drop && !users_become(ids))
        return false;
    return secret_forbid_dumps() && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && leave_terminal() &&
           keep_only(keep, count) && sigprocmask(SIG_SETMASK, &none, NULL) == 0;
}

static const struct confined_trust *trust_of(const struct confined_trusts *trusts, const char *ca_file)
{
    for (size_t i = 0; i < trusts->count; i++) {
        const char *known = trusts->at[i].ca_file;

        if (ca_file && known ? strcmp(ca_file, known) == 0 : ca_file == known)
            return &trusts->at[i];
    }
    return NULL;
}

static void load_trust(const struct connection *connection, struct confined_trusts *trusts)
{
    struct confined_trust *trust = &trusts->at[trusts->count];

    if (trust_of(trusts, connection->ca_file))
        return;
    trust->ca_file = connection->ca_file;
    trust->trust = tls_trust_load(connection->ca_file, &trust->error);
    trusts->count++;
}

/* Before the sandbox closes: afterwards files may be out of reach. */
static void load_trusts(const struct confined_plan *plan, struct confined_trusts *trusts)
{
    if (plan->connection)
        load_trust(plan->connection, trusts);
    for (size_t i = 0; !plan->connection && i < plan->config->connection_count; i++)
        if (plan->config->connections[i].enabled)
            load_trust(&plan->config->connections[i], trusts);
}

static int run_confined(const struct confined_plan *plan, int output)
{
    const int keep[KEEP_MAX] = {output, plan->keep[0], plan->keep[1]};
    struct confined_trusts trusts = {0};

    if (!settle(plan->users, &plan->users->helper, keep, KEEP_MAX) || !http_warm())
        return 1;
    load_trusts(plan, &trusts);
    if (!child_limits_set() || !sandbox_enter(SANDBOX_CHILD, NULL))
        return 1;
    return plan->work(plan->context, &trusts, output);
}

bool confined_start(const struct confined_plan *plan, struct confined *ret_confined)
{
    int ends[2];
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid = fork();
    if (pid == 0)
        _exit(run_confined(plan, ends[1]));
    (void)close(ends[1]);
    if (pid < 0) {
        (void)close(ends[0]);
        return false;
    }
    *ret_confined = (struct confined){.pid = pid, .output = ends[0]};
    return true;
}

static int run_keeper(const struct private_plan *plan, int socket)
{
    const struct keeper_options options = {
        .config_dir = plan->cli->config_dir,
        .vendor_dir = plan->cli->vendor_dir,
        .state_dir = plan->cli->state_dir,
        .audit_file = plan->cli->audit_file,
        .dry_run = !plan->commit,
        .private_peer = true,
        .child_uid = plan->users->drop ? plan->users->helper.uid : geteuid(),
    };
    struct keeper *keeper;

    if (!settle(plan->users, &plan->users->keeper, &socket, 1) ||
        !sandbox_enter_keeper(options.state_dir, options.dry_run ? NULL : options.audit_file))
        return KEEPER_EXIT_NOT_STARTED;
    keeper = keeper_new(&options);
    if (!keeper)
        return KEEPER_EXIT_NOT_STARTED;
    return keeper_serve_one(keeper, socket);
}

struct session_work {
    const struct private_plan *plan;
    int module, keeper;
};

static const struct tls_trust *find_trust(void *context, const char *ca_file)
{
    const struct confined_trust *trust = trust_of(context, ca_file);

    return trust ? trust->trust : NULL;
}

static int run_session(void *context, const struct confined_trusts *trusts, int output)
{
    const struct session_work *work = context;
    struct confined_trusts found = *trusts;
    struct event_sink sink = {.fd = output,
                              .show_claims = work->plan->show_claims,
                              .location = work->plan->config->machine.location};
    const struct session session = {
        .module = work->module,
        .keeper = work->keeper,
        .config = work->plan->config,
        .trust = find_trust,
        .trust_context = &found,
        .observer = {.context = &sink,
                     .prompt = session_events_prompt,
                     .claims = session_events_claims,
                     .scopes_lost = session_events_scopes_lost},
    };

    return session_run(&session);
}

/* Ends of the two conversations: [0] of the module's is ours, [1] goes to child and keeper. */
struct ends {
    int module[2], keeper[2];
};

static bool make_ends(struct ends *ret_ends)
{
    const int type = SOCK_SEQPACKET | SOCK_CLOEXEC, on = 1;

    if (socketpair(AF_UNIX, type, 0, ret_ends->module) != 0)
        return false;
    if (setsockopt(ret_ends->module[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0 &&
        socketpair(AF_UNIX, type, 0, ret_ends->keeper) == 0)
        return true;
    (void)close(ret_ends->module[0]);
    (void)close(ret_ends->module[1]);
    return false;
}

static bool start_both(const struct private_plan *plan, const struct ends *ends, struct private_run *run)
{
    struct session_work work = {.plan = plan, .module = ends->module[1], .keeper = ends->keeper[0]};
    const struct confined_plan child = {
        .users = plan->users,
        .config = plan->config,
        .connection = plan->connection,
        .keep = {work.module, work.keeper},
        .work = run_session,
        .context = &work,
    };

    if (!ask_hand_over(ends->keeper[0], ends->module[1], -1, (unsigned)getpid(), geteuid()))
        return false;
    run->keeper = fork();
    if (run->keeper == 0)
        _exit(run_keeper(plan, ends->keeper[1]));
    return run->keeper > 0 && confined_start(&child, &run->child);
}

bool private_run_start(const struct private_plan *plan, struct private_run *ret_run)
{
    struct private_run run = {.child = {.pid = -1, .output = -1}, .keeper = -1, .module = -1};
    struct ends ends;
    bool started;

    if (!make_ends(&ends)) {
        output_error("cannot start: %s", strerror(errno));
        return false;
    }
    started = start_both(plan, &ends, &run);
    (void)close(ends.module[1]);
    (void)close(ends.keeper[0]);
    (void)close(ends.keeper[1]);
    run.module = ends.module[0];
    /* From here on this process only relays bytes of the child, and needs no power for that. */
    if (started && plan->users->drop)
        started = users_become(&plan->users->helper);
    if (!started) {
        output_error("cannot start the processes of a sign-in");
        (void)private_run_end(&run);
        return false;
    }
    *ret_run = run;
    return true;
}

/* Exit status, or -1 when it did not end by itself. A child of the same user is ended by force. */
static int wait_for(pid_t pid)
{
    const struct timespec pause = {.tv_nsec = 10 * 1000 * 1000};
    int status;

    if (pid <= 0)
        return -1;
    for (int waited = 0; waitpid(pid, &status, WNOHANG) == 0; waited += 10) {
        if (waited >= PATIENCE_MS) {
            if (kill(pid, SIGKILL) != 0)
                return -1;
            waited = 0;
        }
        (void)nanosleep(&pause, NULL);
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int private_run_end(struct private_run *run)
{
    if (run->module >= 0)
        (void)close(run->module);
    if (run->child.output >= 0)
        (void)close(run->child.output);
    (void)wait_for(run->child.pid);
    const int status = wait_for(run->keeper);

    *run = (struct private_run){.child = {.pid = -1, .output = -1}, .keeper = -1, .module = -1};
    return status;
}
