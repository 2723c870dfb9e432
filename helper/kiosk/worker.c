/* SPDX-License-Identifier: BSD-2-Clause */
/* Started with nothing but its socket and a few words; ended by a signal that cannot be held up. */
#include "kiosk/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "sockets.h"

#define QR_SIDE_MAX 177

extern char **environ;

/* Its end of the pair becomes descriptor 3; all others of ours are closed on exec. */
static bool spawn(const struct worker_plan *plan, char *const *argv, int theirs, pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    int error;

    (void)sigemptyset(&none);
    (void)sigfillset(&all);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    if (posix_spawnattr_init(&attributes) != 0) {
        (void)posix_spawn_file_actions_destroy(&actions);
        return false;
    }
    error = posix_spawn_file_actions_adddup2(&actions, theirs, WORKER_FD);
    if (error == 0)
        error = posix_spawnattr_setsigmask(&attributes, &none);
    if (error == 0)
        error = posix_spawnattr_setsigdefault(&attributes, &all);
    if (error == 0)
        error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (error == 0)
        error = posix_spawn(ret_pid, plan->program, &actions, &attributes, argv, environ);
    (void)posix_spawnattr_destroy(&attributes);
    (void)posix_spawn_file_actions_destroy(&actions);
    errno = error;
    return error == 0;
}

bool worker_start(const struct worker_plan *plan, uint32_t confirm_after_s, struct worker *ret_worker)
{
    char program[] = "frontdesk-kiosk", sign_in[] = "--sign-in", debug[] = "--debug";
    char confirm_after[40], log[40];
    char *argv[] = {program, sign_in, confirm_after, log, plan->debug ? debug : NULL, NULL};
    struct worker worker = {0};
    int ends[2];
    bool started;

    (void)snprintf(confirm_after, sizeof confirm_after, "--confirm-after=%" PRIu32, confirm_after_s);
    (void)snprintf(log, sizeof log, "--log=%s", plan->log);
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    started = spawn(plan, argv, ends[1], &worker.pid);
    (void)close(ends[1]);
    if (!started) {
        (void)close(ends[0]);
        return false;
    }
    worker.socket = ends[0];
    *ret_worker = worker;
    return true;
}

void worker_end(struct worker *worker)
{
    if (worker->pid <= 0)
        return;
    (void)kill(worker->pid, SIGKILL);
    while (waitpid(worker->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    (void)close(worker->socket);
    *worker = (struct worker){.socket = -1};
}

bool worker_confirm(const struct worker *worker)
{
    return packet_send(worker->socket, WORKER_CONFIRM, sizeof WORKER_CONFIRM - 1);
}

struct json_document *worker_hear(const struct worker *worker)
{
    char *packet = malloc(WORKER_PACKET_MAX);
    const size_t length = packet ? packet_receive(worker->socket, packet, WORKER_PACKET_MAX, 0) : 0;
    struct json_document *document = length > 0 ? json_parse(packet, length) : NULL;

    if (packet) {
        explicit_bzero(packet, length);
        free(packet);
    }
    return document;
}

bool worker_qr_is_whole(const struct json_value *qr)
{
    const size_t side = json_array_length(qr);

    for (size_t i = 0; i < side; i++) {
        const char *row;
        size_t length;

        if (!json_string(json_array_at(qr, i), &row, &length) || length != side || strspn(row, "01") != side)
            return false;
    }
    return side > 0 && side <= QR_SIDE_MAX;
}
