/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who holds a connection, and for how long: any local user can reach loopback, and one who sends a byte now
 * and then must not keep the page's places.
 */
#include <microhttpd.h>
#include <stddef.h>
#include <sys/socket.h>

#include "kiosk/web_server_internal.h"

#define CROWD   (WEB_CONNECTIONS_MAX - 16) /* beyond so many, strangers have to go */
#define AT_ONCE 4 /* with the ten that the library takes at once, fewer than stay free of the crowd */

static int descriptor_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

    return info ? info->connect_fd : -1;
}

struct web_guest *web_guest_of(struct web_server *server, const struct MHD_Connection *connection)
{
    for (size_t i = 0; i < WEB_CONNECTIONS_MAX; i++)
        if (server->guests[i].connection == connection)
            return &server->guests[i];
    return NULL;
}

/* The library closes it as soon as it is looked at again. */
static void shut(struct web_guest *guest)
{
    guest->is_shut = true;
    (void)shutdown(guest->fd, SHUT_RDWR);
}

static void shut_oldest_stranger(struct web_server *server)
{
    struct web_guest *oldest = NULL;
    size_t count = 0;

    for (size_t i = 0; i < WEB_CONNECTIONS_MAX; i++) {
        struct web_guest *guest = &server->guests[i];

        if (!guest->connection)
            continue;
        count++;
        if (!guest->is_known && !guest->is_shut && (!oldest || guest->since_ms < oldest->since_ms))
            oldest = guest;
    }
    if (count > CROWD && oldest)
        shut(oldest);
}

void web_guest_came(struct web_server *server, struct MHD_Connection *connection)
{
    struct web_guest *guest;

    shut_oldest_stranger(server);
    guest = web_guest_of(server, NULL);
    if (guest)
        *guest = (struct web_guest){
            .connection = connection, .fd = descriptor_of(connection), .since_ms = server->now_ms};
}

void web_guest_left(struct web_server *server, const struct MHD_Connection *connection)
{
    struct web_guest *guest = web_guest_of(server, connection);

    if (guest)
        *guest = (struct web_guest){0};
}

void web_guests_hurry(struct web_server *server)
{
    for (size_t i = 0; i < WEB_CONNECTIONS_MAX; i++) {
        struct web_guest *guest = &server->guests[i];

        if (guest->connection && !guest->is_stream && !guest->is_shut &&
            server->now_ms - guest->since_ms > WEB_REQUEST_S * 1000)
            shut(guest);
    }
}

/* Whoever comes by the second socket is treated like the others: what they may have is judged by what they
 * ask. */
void web_guests_let_in(struct web_server *server)
{
    for (int i = 0; i < AT_ONCE && server->localhost >= 0 && web_guest_of(server, NULL); i++) {
        struct sockaddr_storage from;
        socklen_t length = sizeof from;
        const int fd =
            accept4(server->localhost, (struct sockaddr *)&from, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0)
            return;
        (void)MHD_add_connection(server->daemon, fd, (const struct sockaddr *)&from, length);
    }
}
