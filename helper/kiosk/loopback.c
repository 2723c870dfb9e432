/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses are compared as the kernel has them: their text can be written in more than one way. */
#include "kiosk/loopback.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set_four(struct loopback *place, struct in_addr address, in_port_t port)
{
    struct sockaddr_in *four = (struct sockaddr_in *)&place->address;

    memset(place, 0, sizeof *place);
    *four = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = port, .sin_addr = address};
    place->length = sizeof *four;
}

static void set_six(struct loopback *place, in_port_t port)
{
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&place->address;

    memset(place, 0, sizeof *place);
    *six =
        (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = port, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    place->length = sizeof *six;
}

bool loopback_read(const char *text, struct loopback *ret_place)
{
    const char *colon = strrchr(text, ':');
    const size_t length = colon ? (size_t)(colon - text) : 0;
    const in_port_t port = htons((uint16_t)strtoul(colon ? colon + 1 : "", NULL, 10));
    char host[INET_ADDRSTRLEN];
    struct in_addr address;

    if (length == 0 || length >= sizeof host)
        return false;
    memcpy(host, text, length);
    host[length] = '\0';
    if (strcmp(host, "[::1]") == 0) {
        set_six(ret_place, port);
        return true;
    }
    if (inet_pton(AF_INET, host, &address) != 1)
        return false;
    set_four(ret_place, address, port);
    return true;
}

bool loopback_of(int fd, struct loopback *ret_place)
{
    struct loopback place = {.length = sizeof place.address};

    if (getsockname(fd, (struct sockaddr *)&place.address, &place.length) != 0)
        return false;
    *ret_place = place;
    return true;
}

bool loopback_is(const struct loopback *one, const struct loopback *other)
{
    return one->length == other->length && memcmp(&one->address, &other->address, one->length) == 0;
}

bool loopback_other(const struct loopback *one, struct loopback *ret_other)
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)&one->address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&one->address;
    const struct in_addr address = {htonl(INADDR_LOOPBACK)};

    if (one->address.ss_family == AF_INET6) {
        set_four(ret_other, address, six->sin6_port);
        return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr);
    }
    set_six(ret_other, four->sin_port);
    return one->address.ss_family == AF_INET && four->sin_addr.s_addr == address.s_addr;
}

void loopback_text(const struct loopback *place, char ret_text[LOOPBACK_TEXT_SIZE])
{
    const struct sockaddr_in *four = (const struct sockaddr_in *)&place->address;
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&place->address;
    char address[INET6_ADDRSTRLEN] = "";

    if (place->address.ss_family == AF_INET) {
        (void)inet_ntop(AF_INET, &four->sin_addr, address, sizeof address);
        (void)snprintf(ret_text, LOOPBACK_TEXT_SIZE, "%s:%u", address, ntohs(four->sin_port));
    } else if (place->address.ss_family == AF_INET6) {
        (void)inet_ntop(AF_INET6, &six->sin6_addr, address, sizeof address);
        (void)snprintf(ret_text, LOOPBACK_TEXT_SIZE, "[%s]:%u", address, ntohs(six->sin6_port));
    } else {
        (void)snprintf(ret_text, LOOPBACK_TEXT_SIZE, "no address of a network");
    }
}
