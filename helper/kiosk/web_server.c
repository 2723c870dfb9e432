/* SPDX-License-Identifier: BSD-2-Clause */
/* One daemon of the library, without threads: it is asked what to poll for, and told when to look. */
#include "kiosk/web_server.h"

#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "kiosk/web_server_internal.h"
#include "log.h"

/* Above 32 kB the library asks the kernel for a connection's memory, and gives it back as it closes. */
#define CONNECTION_MEMORY (64 * 1024)
#define PATIENCE_MS       1000 /* guests are looked at so often at least, while there are any */

/* One request that is being read. */
struct asked {
    enum request_target target;
    char body[REQUEST_BODY_MAX];
    size_t length;
};

/* What request_judge wants to know, picked out of the headers. */
struct picking {
    struct request *request;
    size_t bytes;
};

static enum MHD_Result pick(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct picking *picking = context;
    struct request *request = picking->request;
    const struct {
        const char *name;
        const char **field;
    } wanted[] = {{"Host", &request->host},
                  {"Origin", &request->origin},
                  {"Sec-Fetch-Site", &request->fetch_site},
                  {"Sec-Fetch-Mode", &request->fetch_mode},
                  {"Sec-Fetch-Dest", &request->fetch_dest}};

    (void)kind;
    picking->bytes += strlen(name) + (value ? strlen(value) : 0);
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (strcasecmp(name, wanted[i].name) != 0)
            continue;
        if (*wanted[i].field || !value)
            request->is_odd = true;
        *wanted[i].field = value ? value : "";
    }
    return MHD_YES;
}

static enum MHD_Result note_query(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct request *request = context;

    (void)kind, (void)name, (void)value;
    request->is_odd = true;
    return MHD_NO;
}

static unsigned judge(struct web_server *server, struct MHD_Connection *connection, struct request *request,
                      enum request_target *ret_target)
{
    struct picking picking = {.request = request};
    unsigned status;

    (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, pick, &picking);
    (void)MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, note_query, request);
    if (picking.bytes > REQUEST_HEADERS_MAX)
        return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    status = request_judge(request, server->owner->place, ret_target);
    if (status == 0) {
        struct web_guest *guest = web_guest_of(server, connection);

        if (guest)
            guest->is_known = true;
    }
    return status;
}

/* The first look at a request, when its headers are there. */
static bool begin(struct web_server *server, struct MHD_Connection *connection, struct request *request,
                  void **ret_asked)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
    struct asked *asked;
    enum request_target target;
    const unsigned status = judge(server, connection, request, &target);

    if (status != 0)
        return web_answer_empty(connection, status);
    if (length && strtoull(length, NULL, 10) > REQUEST_BODY_MAX)
        return web_answer_empty(connection, MHD_HTTP_CONTENT_TOO_LARGE);
    asked = calloc(1, sizeof *asked);
    if (!asked)
        return false;
    asked->target = target;
    *ret_asked = asked;
    return true;
}

/* A body of unknown length that grows too long: the connection is closed without an answer. */
static bool take_body(struct asked *asked, const char *bytes, size_t length)
{
    if (length > sizeof asked->body - asked->length)
        return false;
    memcpy(asked->body + asked->length, bytes, length);
    asked->length += length;
    return true;
}

static bool finish(struct web_server *server, struct MHD_Connection *connection, const struct asked *asked)
{
    const struct web_owner *owner = server->owner;
    struct page_file file;

    switch (asked->target) {
    case TARGET_EVENTS:
        return web_stream_open(server, connection);
    case TARGET_ACT:
        return web_answer_empty(connection, owner->act(owner->context, asked->body, asked->length));
    case TARGET_ICON:
        file = owner->icon(owner->context);
        return file.bytes ? web_answer_file(connection, file)
                          : web_answer_empty(connection, MHD_HTTP_NOT_FOUND);
    case TARGET_PAGE:
    case TARGET_STYLE:
    case TARGET_SCRIPT:
        break;
    }
    return web_answer_file(connection, page_file(asked->target));
}

/* The library's own type of a request handler. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *body, size_t *body_size,
                              void **asked)
{
    struct web_server *server = context;
    struct request request = {
        .method = method, .path = path, .is_odd = strcmp(version, MHD_HTTP_VERSION_1_1) != 0};
    bool fine;

    if (!*asked) {
        fine = begin(server, connection, &request, asked);
    } else if (*body_size > 0) {
        fine = take_body(*asked, body, *body_size);
        *body_size = 0;
    } else {
        fine = finish(server, connection, *asked);
    }
    return fine ? MHD_YES : MHD_NO;
}

static void answered(void *context, struct MHD_Connection *connection, void **asked,
                     enum MHD_RequestTerminationCode code)
{
    struct web_server *server = context;
    struct web_guest *guest = web_guest_of(server, connection);

    (void)code;
    free(*asked);
    *asked = NULL;
    if (guest)
        guest->since_ms = server->now_ms;
}

static void came_or_left(void *context, struct MHD_Connection *connection, void **of_connection,
                         enum MHD_ConnectionNotificationCode code)
{
    (void)of_connection;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        web_guest_came(context, connection);
    else
        web_guest_left(context, connection);
}

/* What it says of strangers' requests is of no use to an administrator. */
__attribute__((format(printf, 2, 0))) static void say_nothing(void *context, const char *format,
                                                              va_list words)
{
    (void)context, (void)format, (void)words;
}

struct web_server *web_server_start(const struct listening *listening, const struct web_owner *owner)
{
    struct web_server *server = calloc(1, sizeof *server);

    if (!server)
        return NULL;
    server->owner = owner;
    server->localhost = listening->localhost;
    server->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, handle, server,
        MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, listening->page,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)WEB_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)WEB_SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_COMPLETED, answered, server,
        MHD_OPTION_NOTIFY_CONNECTION, came_or_left, server, MHD_OPTION_END);
    if (!server->daemon) {
        free(server);
        return NULL;
    }
    return server;
}

void web_server_stop(struct web_server *server)
{
    if (!server)
        return;
    web_streams_end(server);
    MHD_stop_daemon(server->daemon);
    if (server->localhost >= 0)
        (void)close(server->localhost);
    free(server);
}

size_t web_server_watch(struct web_server *server, struct pollfd *ret_at)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    size_t count = 0;

    ret_at[count++] = (struct pollfd){.fd = info ? info->epoll_fd : -1, .events = POLLIN};
    if (server->localhost >= 0 && web_guest_of(server, NULL))
        ret_at[count++] = (struct pollfd){.fd = server->localhost, .events = POLLIN};
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (server->streams[i] && !server->streams[i]->is_ending)
            ret_at[count++] = (struct pollfd){.fd = server->streams[i]->fd, .events = POLLRDHUP};
    return count;
}

int web_server_patience(const struct web_server *server, int64_t now_ms)
{
    MHD_UNSIGNED_LONG_LONG timeout;
    bool is_visited = false;

    (void)now_ms;
    if (MHD_get_timeout(server->daemon, &timeout) == MHD_YES && timeout < PATIENCE_MS)
        return (int)timeout;
    for (size_t i = 0; i < WEB_CONNECTIONS_MAX; i++)
        is_visited = is_visited || server->guests[i].connection;
    return is_visited ? PATIENCE_MS : -1;
}

void web_server_run(struct web_server *server, const struct pollfd *at, size_t count, int64_t now_ms)
{
    server->now_ms = now_ms;
    web_streams_hang_up(server, at, count);
    web_streams_beat(server);
    web_guests_hurry(server);
    web_guests_let_in(server);
    (void)MHD_run(server->daemon);
}
