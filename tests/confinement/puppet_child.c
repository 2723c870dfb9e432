/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real helper with another session: listener, hand-over, fork, limits and sandbox are those that are
 * shipped, and what runs in the child, where the session would, is a puppet. Its strings are where its first
 * connection's issuer listens: the network is what a child has.
 */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "puppet.h"
#include "session/session.h"

int session_run(const struct session *session)
{
    const char *issuer = session->config->connection_count > 0 ? session->config->connections[0].issuer : ":";
    const struct sockaddr_in at = {.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                   .sin_port = htons((uint16_t)strtoul(strrchr(issuer, ':') + 1, NULL, 10))};
    const int64_t facts[PUPPET_FACTS] = {session->keeper, session->module};
    const int strings = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (strings < 0 || connect(strings, (const struct sockaddr *)&at, sizeof at) != 0)
        return 1;
    puppet_obey(strings, facts);
    return 0;
}
