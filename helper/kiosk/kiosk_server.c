/* SPDX-License-Identifier: BSD-2-Clause */
/* One poll for everything: no two things ever happen at once here. */
#include "kiosk/kiosk_server.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <syslog.h>
#include <unistd.h>

#include "clock.h"
#include "kiosk/icon.h"
#include "kiosk/kiosk_state.h"
#include "kiosk/screen.h"
#include "log.h"

#define SETTINGS_LOOK_MS 5000 /* how often they are compared with the files */

/* The signals, the web, its streams, the screen, its readers, and a worker for each viewer. */
#define WATCHED_MAX (1 + (2 + WEB_STREAMS_MAX) + (1 + SCREEN_READERS_MAX) + WEB_STREAMS_MAX)

const struct connection *kiosk_connection(const struct config *config)
{
    const struct connection *found = NULL;

    for (size_t i = 0; i < config->connection_count; i++) {
        const struct connection *connection = &config->connections[i];

        if (!connection->enabled || !connection_serves(connection, KIOSK_SERVICE))
            continue;
        if (config->kiosk.connection && strcmp(config->kiosk.connection, connection->name) != 0)
            continue;
        if (found)
            return NULL;
        found = connection;
    }
    return found;
}

static struct viewer *viewer_of(struct kiosk *kiosk, const struct web_stream *stream)
{
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (kiosk->viewers[i].stream == stream)
            return &kiosk->viewers[i];
    return NULL;
}

static bool opened(void *context, struct web_stream *stream)
{
    struct kiosk *kiosk = context;
    struct viewer *viewer = viewer_of(kiosk, NULL);

    return viewer && viewer_begin(kiosk, viewer, stream);
}

static const struct line *full(void *context)
{
    return tell_full(context);
}

static void closed(void *context, struct web_stream *stream)
{
    struct kiosk *kiosk = context;
    struct viewer *viewer = viewer_of(kiosk, stream);

    if (viewer)
        viewer_end(kiosk, viewer);
}

static unsigned act(void *context, const char *body, size_t length)
{
    struct kiosk *kiosk = context;
    enum request_action action;
    char id[REQUEST_VIEWER_SIZE];

    if (!request_read_act(body, length, id, &action))
        return 400;
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (kiosk->viewers[i].stream && strcmp(kiosk->viewers[i].id, id) == 0)
            return viewer_act(kiosk, &kiosk->viewers[i], action) ? 204 : 409;
    return 403;
}

static struct page_file icon(void *context)
{
    const struct kiosk *kiosk = context;

    return kiosk->icon;
}

/* What changed in the files counts for whoever comes next. */
static void look_at_settings(struct kiosk *kiosk)
{
    struct config *current = config_watch_current(kiosk->watch);

    if (current == kiosk->config)
        return;
    config_unref(kiosk->config);
    kiosk->config = config_ref(current);
    icon_free(&kiosk->icon);
    kiosk->icon = icon_read(kiosk_connection(current));
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (kiosk->viewers[i].stream)
            viewer_renew(kiosk, &kiosk->viewers[i]);
}

/* A worker's place in the list, behind all others; found again by its descriptor. */
static size_t watch_workers(const struct kiosk *kiosk, struct pollfd *ret_at)
{
    size_t count = 0;

    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (kiosk->viewers[i].stream && kiosk->viewers[i].worker.pid > 0)
            ret_at[count++] = (struct pollfd){.fd = kiosk->viewers[i].worker.socket, .events = POLLIN};
    return count;
}

static void run_viewers(struct kiosk *kiosk, const struct pollfd *at, size_t count)
{
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++) {
        struct viewer *viewer = &kiosk->viewers[i];

        for (size_t n = 0; n < count; n++)
            if (at[n].revents != 0 && viewer->stream && viewer->worker.pid > 0 &&
                viewer->worker.socket == at[n].fd) {
                viewer_hear(kiosk, viewer);
                break;
            }
        if (viewer->stream)
            viewer_look(kiosk, viewer);
    }
}

/* Milliseconds until somebody's time is up, `most` at most. */
static int patience(const struct kiosk *kiosk, int most)
{
    int64_t least = most;

    for (size_t i = 0; i < WEB_STREAMS_MAX; i++) {
        const struct viewer *viewer = &kiosk->viewers[i];
        const int64_t left = viewer->until_ms - kiosk->now_ms;

        if (viewer->stream && viewer->until_ms > 0 && left < least)
            least = left > 0 ? left : 0;
    }
    return (int)least;
}

/* False: a signal said that it is over. */
static bool run_once(struct kiosk *kiosk, struct web_server *web, int signals)
{
    struct pollfd at[WATCHED_MAX] = {{.fd = signals, .events = POLLIN}};
    const size_t web_count = web_server_watch(web, at + 1);
    const size_t screen_count = screen_watch(kiosk->screen, at + 1 + web_count);
    struct pollfd *const workers = at + 1 + web_count + screen_count;
    const size_t worker_count = watch_workers(kiosk, workers);
    const int web_patience = web_server_patience(web, kiosk->now_ms);
    const int most = web_patience >= 0 && web_patience < SETTINGS_LOOK_MS ? web_patience : SETTINGS_LOOK_MS;

    if (poll(at, (nfds_t)(1 + web_count + screen_count + worker_count), patience(kiosk, most)) < 0 &&
        errno != EINTR)
        return false;
    kiosk->now_ms = boottime_ms();
    if (at[0].revents != 0)
        return false;
    look_at_settings(kiosk);
    run_viewers(kiosk, workers, worker_count);
    screen_run(kiosk->screen, kiosk->viewers, WEB_STREAMS_MAX);
    web_server_run(web, at + 1, web_count, kiosk->now_ms);
    return true;
}

static int watch_signals(void)
{
    sigset_t ends;

    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGHUP);
    if (sigprocmask(SIG_BLOCK, &ends, NULL) != 0)
        return -1;
    return signalfd(-1, &ends, SFD_CLOEXEC | SFD_NONBLOCK);
}

static int serve(struct kiosk *kiosk, const struct server_plan *plan)
{
    const struct web_owner owner = {.context = kiosk,
                                    .place = &plan->place,
                                    .opened = opened,
                                    .full = full,
                                    .closed = closed,
                                    .act = act,
                                    .icon = icon};
    const int signals = watch_signals();
    struct web_server *web = signals >= 0 ? web_server_start(&plan->listening, &owner) : NULL;

    if (!web) {
        log_line(LOG_ERR, "cannot serve: %s", strerror(errno));
        return 1;
    }
    log_line(LOG_NOTICE, "serving the page on %s", plan->place.hosts[0]);
    while (run_once(kiosk, web, signals))
        ;
    web_server_stop(web);
    (void)close(signals);
    return 0;
}

int server_run(const struct server_plan *plan)
{
    struct kiosk *kiosk = calloc(1, sizeof *kiosk);
    int status = 1;

    if (!kiosk)
        return 1;
    kiosk->watch = plan->watch;
    kiosk->plan = plan->workers;
    kiosk->names = plan->listening.is_localhost ? &plan->place : NULL;
    kiosk->now_ms = boottime_ms();
    kiosk->screen = screen_new(plan->screen);
    kiosk->config = config_ref(config_watch_current(plan->watch));
    kiosk->icon = icon_read(kiosk_connection(kiosk->config));
    if (kiosk->screen)
        status = serve(kiosk, plan);
    icon_free(&kiosk->icon);
    screen_free(kiosk->screen);
    config_unref(kiosk->config);
    explicit_bzero(kiosk, sizeof *kiosk);
    free(kiosk);
    return status;
}
