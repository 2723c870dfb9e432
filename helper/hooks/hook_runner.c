/* SPDX-License-Identifier: BSD-2-Clause */
/* One event at a time. What is not acknowledged comes again, so whatever breaks off here breaks off safely.
 */
#include "hooks/hook_runner.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <syslog.h>

#include "cleanup.h"
#include "clock.h"
#include "frontdesk/paths.h"
#include "frontdesk/wire.h"
#include "hooks/hook_choice.h"
#include "hooks/hook_run.h"
#include "secret.h"
#include "sockets.h"

#define PAUSE_FIRST_MS   2000
#define PAUSE_MAX_MS     (5 * 60 * 1000)
#define CONNECT_FIRST_MS 200
#define CONNECT_MAX_MS   5000
#define LOOK_MS          500 /* in a pause: for a change of the configuration */

struct runner {
    struct hook_signals *signals;
    struct config_watch *watch;
    struct config *config; /* as it was last looked at; held */
    int64_t changed_ms;    /* when it was seen to change, or first seen */
    char socket[PATH_MAX];
    int keeper;                       /* -1: not connected */
    int64_t connected_ms;             /* when that was last tried */
    int64_t connect_pause_ms;         /* the next one; 0: it went well */
    int64_t pause_ms;                 /* likewise, of programs */
    char settled[HOOK_EVENT_ID_SIZE]; /* was told or given up, though perhaps not acknowledged; "": none */
    uint8_t packet[HOOK_PACKET_MAX];
};

static int64_t longer(int64_t pause_ms, int64_t first, int64_t most)
{
    return pause_ms == 0 ? first : pause_ms * 2 < most ? pause_ms * 2 : most;
}

static void look_at_config(struct runner *runner)
{
    struct config *now = config_watch_current(runner->watch);

    if (now == runner->config)
        return;
    runner->changed_ms = boottime_ms();
    config_unref(runner->config);
    runner->config = config_ref(now);
}

static void wait_until(struct runner *runner, int64_t until_ms)
{
    struct pollfd at[1];

    while (!runner->signals->is_over && boottime_ms() < until_ms)
        hook_signals_wait(runner->signals, at, 1, until_ms);
}

static void disconnect(struct runner *runner)
{
    if (runner->keeper >= 0)
        (void)close(runner->keeper);
    runner->keeper = -1;
}

/* The next try comes soon, and ever later. A keeper that is restarted is no news; one that stays away is told
 * once. */
static void try_later(struct runner *runner, const char *why)
{
    const bool it_lasted = runner->keeper >= 0 && boottime_ms() - runner->connected_ms > CONNECT_MAX_MS;
    const int64_t before = it_lasted ? 0 : runner->connect_pause_ms;
    const int64_t pause = longer(before, CONNECT_FIRST_MS, CONNECT_MAX_MS);

    disconnect(runner);
    if (pause == CONNECT_MAX_MS && before != pause && !runner->signals->is_over)
        log_line(LOG_WARNING, "the keeper at %s gives no events: %s", runner->socket, why);
    runner->connect_pause_ms = pause;
    wait_until(runner, boottime_ms() + pause);
}

static void connect_to_keeper(struct runner *runner)
{
    runner->keeper = socket_connect(runner->socket);
    runner->connected_ms = boottime_ms();
    if (runner->keeper < 0)
        try_later(runner, strerror(errno));
}

/* As long as it takes. 0: the keeper went, or we are to end. */
static size_t await_event(struct runner *runner)
{
    const uint8_t next = HOOK_NEXT;
    struct pollfd at[2] = {0};

    if (!packet_send(runner->keeper, &next, sizeof next))
        return 0;
    while (at[1].revents == 0 && !runner->signals->is_over) {
        at[1] = (struct pollfd){.fd = runner->keeper, .events = POLLIN};
        hook_signals_wait(runner->signals, at, 2, INT64_MAX);
    }
    if (runner->signals->is_over)
        return 0;
    return packet_receive(runner->keeper, runner->packet, sizeof runner->packet, 0);
}

static bool read_event(const void *packet, size_t length, struct hook_event_told *ret_event)
{
    struct wire_reader r = wire_read(packet, length);
    struct hook_event_told event = {0};
    const uint8_t *json;
    size_t size;

    if (wire_get_u8(&r) != HOOK_EVENT)
        return false;
    wire_get_string(&r, event.id, sizeof event.id);
    wire_get_string(&r, event.kind, sizeof event.kind);
    json = wire_get_blob(&r, &size);
    if (!wire_end(&r) || size == 0 || memchr(json, '\0', size) || event.id[0] == '\0')
        return false;
    event.json = strndup((const char *)json, size);
    if (!event.json)
        return false;
    *ret_event = event;
    return true;
}

/* why NULL: acknowledged. */
static bool answer(struct runner *runner, const struct hook_event_told *event, const char *why)
{
    char words[HOOK_WORDS_MAX + 1];
    struct wire_writer w = wire_write(runner->packet, sizeof runner->packet);

    wire_put_u8(&w, why ? HOOK_FAILED : HOOK_ACK);
    wire_put_string(&w, event->id);
    if (why)
        wire_put_string(&w, log_text(why, words, sizeof words));
    return packet_send(runner->keeper, runner->packet, wire_written(&w));
}

/* By the configuration, and by the program where that is chosen. */
static enum hook_outcome tell_program(struct runner *runner, const struct hook_event_told *event,
                                      struct hook_why *why)
{
    const char *program = NULL;

    look_at_config(runner);
    switch (hook_choose(runner->config, event->kind, boottime_ms() - runner->changed_ms, &program)) {
    case HOOK_CHOSEN:
        return hook_run(runner->signals, program, event, runner->config->kiosk.hook_timeout, why);
    case HOOK_UNWANTED:
        hook_why_set(why, "[kiosk] on_%s names no program", event->kind);
        return HOOK_GIVEN_UP;
    case HOOK_UNCLEAR:
        break;
    }
    hook_why_set(why, "%s",
                 runner->config->broken ? "frontdesk.conf is broken" : "no program is named any more");
    return HOOK_AGAIN;
}

/* What the program is on the disk: who mends it need not wait. */
static struct stat state_of(const struct runner *runner, const char *kind)
{
    struct stat status = {0};
    const char *program = NULL;

    if (hook_choose(runner->config, kind, 0, &program) != HOOK_CHOSEN || stat(program, &status) != 0)
        return (struct stat){0};
    return status;
}

static bool has_changed(const struct stat *before, const struct stat *now)
{
    return before->st_ino != now->st_ino || before->st_ctim.tv_sec != now->st_ctim.tv_sec ||
           before->st_ctim.tv_nsec != now->st_ctim.tv_nsec;
}

static void pause_after(struct runner *runner, const struct hook_event_told *event)
{
    const struct config *before;
    struct stat program, now;
    int64_t until;

    look_at_config(runner);
    before = runner->config;
    program = now = state_of(runner, event->kind);
    runner->pause_ms = longer(runner->pause_ms, PAUSE_FIRST_MS, PAUSE_MAX_MS);
    until = boottime_ms() + runner->pause_ms;
    while (!runner->signals->is_over && boottime_ms() < until && runner->config == before &&
           !has_changed(&program, &now)) {
        const int64_t look = boottime_ms() + LOOK_MS;

        wait_until(runner, look < until ? look : until);
        look_at_config(runner);
        now = state_of(runner, event->kind);
    }
}

static void tell_failure(const struct runner *runner, const struct hook_event_told *event, const char *why)
{
    const int64_t pause = longer(runner->pause_ms, PAUSE_FIRST_MS, PAUSE_MAX_MS);

    log_line(LOG_WARNING, "event %s (%s) could not be told, and is tried again in %lld s: %s", event->id,
             event->kind, (long long)pause / 1000, why);
}

/* False: the keeper did not hear of it, or we are to end. */
static bool handle(struct runner *runner, const struct hook_event_told *event)
{
    struct hook_why why = {""};
    enum hook_outcome outcome = HOOK_DONE;

    if (strcmp(event->id, runner->settled) != 0)
        outcome = tell_program(runner, event, &why);
    if (outcome == HOOK_CUT_OFF)
        return false;
    if (outcome == HOOK_AGAIN) {
        tell_failure(runner, event, why.text);
        if (!answer(runner, event, why.text))
            return false;
        pause_after(runner, event);
        return true;
    }
    if (outcome == HOOK_GIVEN_UP)
        log_line(LOG_WARNING, "event %s (%s) is given up: %s", event->id, event->kind, why.text);
    else
        log_line(LOG_DEBUG, "event %s (%s) was told", event->id, event->kind);
    memcpy(runner->settled, event->id, sizeof runner->settled);
    runner->pause_ms = 0;
    return answer(runner, event, NULL);
}

static void serve_one(struct runner *runner)
{
    struct hook_event_told event = {0};
    const size_t length = await_event(runner);

    if (length > 0 && read_event(runner->packet, length, &event)) {
        runner->connect_pause_ms = 0;
        if (!handle(runner, &event))
            disconnect(runner);
    } else
        try_later(runner, "it ends the connection, which is the user frontdesk-hooks' alone");
    /* who was here is nobody's to find later */
    erase_and_free(event.json);
    explicit_bzero(runner->packet, sizeof runner->packet);
}

int hook_runner_serve(const struct hook_options *options, struct hook_signals *signals)
{
    AUTO_FREE struct runner *runner = calloc(1, sizeof *runner);

    if (!runner || snprintf(runner->socket, sizeof runner->socket, "%s/%s", options->runtime_dir,
                            FD_HOOKS_SOCKET_NAME) >= (int)sizeof runner->socket)
        return 1;
    runner->signals = signals;
    runner->keeper = -1;
    runner->watch = config_watch_new_layers(options->config_dir, options->vendor_dir);
    if (!runner->watch)
        return 1;
    look_at_config(runner);
    while (!signals->is_over) {
        if (runner->keeper < 0)
            connect_to_keeper(runner);
        if (runner->keeper >= 0 && !signals->is_over)
            serve_one(runner);
    }
    disconnect(runner);
    config_unref(runner->config);
    config_watch_free(runner->watch);
    return 0;
}
