/* SPDX-License-Identifier: BSD-2-Clause */
/* Shared by the web server's parts only. */
#ifndef HELPER_KIOSK_WEB_SERVER_INTERNAL_H
#define HELPER_KIOSK_WEB_SERVER_INTERNAL_H

#include "kiosk/web_server.h"

struct MHD_Connection;
struct MHD_Daemon;
struct MHD_Response;

#define STREAM_WAITING_MAX (2 * LINE_MAX_BYTES)

struct web_stream {
    struct web_server *server;
    struct MHD_Connection *connection;
    int fd;
    char waiting[STREAM_WAITING_MAX];
    size_t length;
    int64_t beat_at_ms;
    bool is_suspended, is_ending, is_open; /* is_open: the owner has it */
};

/* A connection that is open, streams among them. */
struct web_guest {
    struct MHD_Connection *connection; /* NULL: free */
    int fd;
    int64_t since_ms; /* it came, or its last request was answered */
    bool is_known;    /* has shown the token */
    bool is_stream;
    bool is_shut;
};

struct web_server {
    struct MHD_Daemon *daemon;
    int localhost; /* the second socket, which the library does not listen to; -1: none */
    const struct web_owner *owner;
    int64_t now_ms;
    struct web_stream *streams[WEB_STREAMS_MAX];
    struct web_guest guests[WEB_CONNECTIONS_MAX];
};

/* web_server_answer.c: all answers have the same headers. False: the connection is to be closed. */
bool web_answer_empty(struct MHD_Connection *connection, unsigned status);
bool web_answer_file(struct MHD_Connection *connection, struct page_file file);
bool web_answer_full(struct MHD_Connection *connection, const struct line *hello);
bool web_answer_stream(struct MHD_Connection *connection, struct MHD_Response *response);

/* web_server_stream.c */
bool web_stream_open(struct web_server *server, struct MHD_Connection *connection);
void web_streams_beat(struct web_server *server);
void web_streams_hang_up(struct web_server *server, const struct pollfd *at, size_t count);
void web_streams_end(struct web_server *server);

/* web_server_guests.c */
void web_guest_came(struct web_server *server, struct MHD_Connection *connection);
void web_guest_left(struct web_server *server, const struct MHD_Connection *connection);
struct web_guest *web_guest_of(struct web_server *server, const struct MHD_Connection *connection);
void web_guests_hurry(struct web_server *server);
void web_guests_let_in(struct web_server *server);

#endif
