/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only door to libmicrohttpd: HTTP/1.1 on its listening sockets, in the caller's thread and at the
 * caller's pace. Which request may have what is request.h's to say; here are limits, headers and event
 * streams.
 *
 * A stream (server-sent events) is one open page. What is said into it lies in memory that is erased as soon
 * as it has been handed to the connection, whose own memory goes back to the kernel when it closes.
 */
#ifndef HELPER_KIOSK_WEB_SERVER_H
#define HELPER_KIOSK_WEB_SERVER_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/line.h"
#include "kiosk/listening.h"
#include "kiosk/page_files.h"
#include "kiosk/request.h"

#define WEB_CONNECTIONS_MAX 64
#define WEB_REQUEST_S       20 /* for a request from its beginning to its answer's end */
#define WEB_SILENCE_S       10 /* without any byte, where bytes are due; and between two beats of a stream */
#define WEB_STREAMS_MAX     8

struct web_server;
struct web_stream;

/* Whom it serves; called from within web_server_run. */
struct web_owner {
    void *context;
    const struct request_place *place;
    bool (*opened)(void *context, struct web_stream *stream); /* false: no place for one more */
    const struct line *(*full)(void *context); /* the data of `hello` for whom there is no place */
    void (*closed)(void *context, struct web_stream *stream);
    unsigned (*act)(void *context, const char *body, size_t length); /* the status to answer */
    struct page_file (*icon)(void *context);                         /* bytes NULL: none */
};

/* The listening sockets are the server's from now on. NULL: said by errno. */
struct web_server *web_server_start(const struct listening *listening, const struct web_owner *owner);
void web_server_stop(struct web_server *server);

/* What to poll for, WEB_STREAMS_MAX + 2 at most, and for how long (ms; -1: for ever). Then run. */
size_t web_server_watch(struct web_server *server, struct pollfd *ret_at);
int web_server_patience(const struct web_server *server, int64_t now_ms);
void web_server_run(struct web_server *server, const struct pollfd *at, size_t count, int64_t now_ms);

/* An event with its data. False: too much is waiting already, and the stream ends. */
bool web_stream_say(struct web_stream *stream, const char *event, const struct line *line);

/* After what has been said. */
void web_stream_end(struct web_stream *stream);

#endif
