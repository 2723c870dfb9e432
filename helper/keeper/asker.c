/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses are read as the library reads them; what is none is a name, and names are ASCII. */
#include "keeper/asker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "ascii.h"

#define PREFIX_BYTES 8 /* of an IPv6 address: a /64 */

static void copy_name(const char *text, char ret_name[ASKER_NAME_SIZE])
{
    (void)snprintf(ret_name, ASKER_NAME_SIZE, "%s", text);
}

/* Without its brackets and its zone, as sshd and others write it. */
static bool read_ipv6(const char *rhost, struct in6_addr *ret_address)
{
    char text[INET6_ADDRSTRLEN];
    const char *start = rhost[0] == '[' ? rhost + 1 : rhost;
    const size_t length = strcspn(start, "]%");

    if (length >= sizeof text)
        return false;
    memcpy(text, start, length);
    text[length] = '\0';
    return inet_pton(AF_INET6, text, ret_address) == 1;
}

static bool name_of_ipv6(struct in6_addr *address, char ret_name[ASKER_NAME_SIZE])
{
    char text[INET6_ADDRSTRLEN];

    if (IN6_IS_ADDR_V4MAPPED(address))
        return inet_ntop(AF_INET, &address->s6_addr[12], ret_name, ASKER_NAME_SIZE) != NULL;
    memset(&address->s6_addr[PREFIX_BYTES], 0, sizeof address->s6_addr - PREFIX_BYTES);
    if (!inet_ntop(AF_INET6, address, text, sizeof text))
        return false;
    (void)snprintf(ret_name, ASKER_NAME_SIZE, "%s/64", text);
    return true;
}

void asker_host(const char *rhost, char ret_name[ASKER_NAME_SIZE])
{
    struct in6_addr six;
    struct in_addr four;
    size_t length;

    if (inet_pton(AF_INET, rhost, &four) == 1 && inet_ntop(AF_INET, &four, ret_name, ASKER_NAME_SIZE))
        return;
    if (read_ipv6(rhost, &six) && name_of_ipv6(&six, ret_name))
        return;
    copy_name(rhost, ret_name);
    for (char *c = ret_name; *c; c++)
        *c = ascii_lower(*c);
    length = strlen(ret_name);
    if (length > 1 && ret_name[length - 1] == '.')
        ret_name[length - 1] = '\0';
}

struct asker asker_of(const struct login *login, bool unprivileged, uint32_t uid)
{
    struct asker asker = {.kind = ASKER_PROGRAM};

    if (unprivileged) {
        asker.kind = ASKER_UNPRIVILEGED;
        (void)snprintf(asker.name, sizeof asker.name, "%u", uid);
    } else if (login->rhost[0] != '\0') {
        asker.kind = ASKER_REMOTE;
        asker_host(login->rhost, asker.name);
    } else if (login->ruser[0] != '\0') {
        asker.kind = ASKER_LOCAL_USER;
        copy_name(login->ruser, asker.name);
    } else if (login->tty[0] != '\0') {
        asker.kind = ASKER_CONSOLE;
    }
    return asker;
}

bool asker_is(const struct asker *asker, const struct asker *other)
{
    return asker->kind == other->kind && strcmp(asker->name, other->name) == 0;
}
