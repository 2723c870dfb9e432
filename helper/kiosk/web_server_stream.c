/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Server-sent events: a response without an end, which sleeps while there is nothing to say. The library does
 * not look at one that sleeps, so its hang-up is polled for here: a page that was left ends at once.
 */
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "kiosk/web_server_internal.h"

#define BLOCK_SIZE 1024

static const char beat[] = ":\n\n";
static const char first_words[] = "retry: 2000\n\n"; /* ms until a page that lost it comes again */

static void leave_list(struct web_stream *stream)
{
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (stream->server->streams[i] == stream)
            stream->server->streams[i] = NULL;
}

/* The owner hears of its end once. */
static void close_stream(struct web_stream *stream)
{
    if (!stream->is_open)
        return;
    stream->is_open = false;
    stream->server->owner->closed(stream->server->owner->context, stream);
}

static void free_stream(void *context)
{
    struct web_stream *stream = context;

    close_stream(stream);
    leave_list(stream);
    explicit_bzero(stream, sizeof *stream);
    free(stream);
}

static ssize_t give(void *context, uint64_t position, char *buffer, size_t most)
{
    struct web_stream *stream = context;
    const size_t n = stream->length < most ? stream->length : most;

    (void)position;
    if (n > 0) {
        memcpy(buffer, stream->waiting, n);
        memmove(stream->waiting, stream->waiting + n, stream->length - n);
        explicit_bzero(stream->waiting + stream->length - n, n);
        stream->length -= n;
        return (ssize_t)n;
    }
    if (stream->is_ending)
        return MHD_CONTENT_READER_END_OF_STREAM;
    stream->is_suspended = true;
    MHD_suspend_connection(stream->connection);
    return 0;
}

static void wake(struct web_stream *stream)
{
    if (!stream->is_suspended)
        return;
    stream->is_suspended = false;
    MHD_resume_connection(stream->connection);
}

static bool put(struct web_stream *stream, const char *bytes, size_t length)
{
    if (stream->is_ending)
        return false;
    if (length > sizeof stream->waiting - stream->length) {
        web_stream_end(stream); /* nobody reads there */
        return false;
    }
    memcpy(stream->waiting + stream->length, bytes, length);
    stream->length += length;
    stream->beat_at_ms = stream->server->now_ms + WEB_SILENCE_S * 1000;
    return true;
}

bool web_stream_say(struct web_stream *stream, const char *event, const struct line *line)
{
    const bool said = !line->is_short && put(stream, "event: ", 7) && put(stream, event, strlen(event)) &&
                      put(stream, "\ndata: ", 7) && put(stream, line->bytes, line->length) &&
                      put(stream, "\n\n", 2);

    if (!said)
        web_stream_end(stream);
    wake(stream);
    return said;
}

void web_stream_end(struct web_stream *stream)
{
    stream->is_ending = true;
    wake(stream);
}

static struct web_stream **free_place(struct web_server *server)
{
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (!server->streams[i])
            return &server->streams[i];
    return NULL;
}

/* NULL: no memory, or its owner has no place. */
static struct web_stream *new_stream(struct web_server *server, struct MHD_Connection *connection, int fd)
{
    struct web_stream *stream = calloc(1, sizeof *stream);

    if (!stream)
        return NULL;
    *stream = (struct web_stream){.server = server, .connection = connection, .fd = fd};
    (void)put(stream, first_words, sizeof first_words - 1);
    stream->is_open = server->owner->opened(server->owner->context, stream);
    if (!stream->is_open) {
        free(stream);
        return NULL;
    }
    return stream;
}

bool web_stream_open(struct web_server *server, struct MHD_Connection *connection)
{
    struct web_guest *guest = web_guest_of(server, connection);
    struct web_stream **place = free_place(server);
    struct MHD_Response *response;

    if (guest && place)
        *place = new_stream(server, connection, guest->fd);
    if (!guest || !place || !*place)
        return web_answer_full(connection, server->owner->full(server->owner->context));
    response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, give, *place, free_stream);
    if (!response) {
        free_stream(*place);
        return false;
    }
    guest->is_stream = true;
    return web_answer_stream(connection, response);
}

void web_streams_beat(struct web_server *server)
{
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++) {
        struct web_stream *stream = server->streams[i];

        if (!stream || stream->is_ending || server->now_ms < stream->beat_at_ms)
            continue;
        (void)put(stream, beat, sizeof beat - 1);
        wake(stream);
    }
}

void web_streams_hang_up(struct web_server *server, const struct pollfd *at, size_t count)
{
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        for (size_t n = 0; n < count; n++) {
            struct web_stream *stream = server->streams[i];

            if (!stream || at[n].fd != stream->fd || !(at[n].revents & (POLLRDHUP | POLLHUP | POLLERR)))
                continue;
            close_stream(stream);
            explicit_bzero(stream->waiting, sizeof stream->waiting);
            stream->length = 0;
            web_stream_end(stream);
        }
}

void web_streams_end(struct web_server *server)
{
    for (size_t i = 0; i < WEB_STREAMS_MAX; i++)
        if (server->streams[i]) {
            close_stream(server->streams[i]);
            web_stream_end(server->streams[i]);
        }
}
