/* SPDX-License-Identifier: BSD-2-Clause */
/* Bound without SO_REUSEADDR and never listening: nobody else can have it, and who connects is turned away.
 */
#include "kiosk/localhost.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Nobody can have an address that this machine has not. */
static bool take(const struct sockaddr *address, socklen_t length)
{
    const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error;

    if (fd < 0)
        return errno == EAFNOSUPPORT;
    if (bind(fd, address, length) == 0)
        return true; /* it stays open */
    error = errno;
    (void)close(fd);
    return error == EADDRNOTAVAIL;
}

bool localhost_take(const char *listen)
{
    const char *colon = strrchr(listen, ':');
    const uint16_t port = htons((uint16_t)strtoul(colon ? colon + 1 : "", NULL, 10));
    const struct sockaddr_in four = {
        .sin_family = AF_INET, .sin_port = port, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    const struct sockaddr_in6 six = {
        .sin6_family = AF_INET6, .sin6_port = port, .sin6_addr = IN6ADDR_LOOPBACK_INIT};

    if (strncmp(listen, "127.0.0.1:", 10) == 0)
        return take((const struct sockaddr *)&six, sizeof six);
    if (strncmp(listen, "[::1]:", 6) == 0)
        return take((const struct sockaddr *)&four, sizeof four);
    return false;
}
