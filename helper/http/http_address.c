/* SPDX-License-Identifier: BSD-2-Clause */
/* Prefixes in two tables. Private networks (10/8 and its like) are where many identity providers live. */
#include "http/http_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define BYTE_BITS  8
#define IPV4_BYTES 4

struct prefix {
    uint8_t bytes[12];
    unsigned bits;
};

static const struct prefix local_ipv4[] = {
    {{0}, 8},         /* unspecified: this host */
    {{127}, 8},       /* loopback */
    {{169, 254}, 16}, /* link-local */
    {{224}, 3},       /* multicast, reserved, broadcast */
};
static const struct prefix local_ipv6[] = {
    {{0xfc}, 7},       /* unique-local */
    {{0xfe, 0x80}, 9}, /* link-local, and site-local before it went out of use */
    {{0xff}, 8},       /* multicast */
};
/* What an IPv4 address stands behind: mapped, compatible (:: and ::1 are of these), translated (NAT64), 6to4.
 */
static const struct prefix wrapping[] = {
    {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}, 96},
    {{0}, 96},
    {{0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0}, 96},
    {{0, 0x64, 0xff, 0x9b}, 96},
    {{0x20, 0x02}, 16},
};

static bool has_prefix(const uint8_t *address, const struct prefix *prefix)
{
    const unsigned whole = prefix->bits / BYTE_BITS, rest = prefix->bits % BYTE_BITS;

    if (memcmp(address, prefix->bytes, whole) != 0)
        return false;
    return rest == 0 || (address[whole] ^ prefix->bytes[whole]) >> (BYTE_BITS - rest) == 0;
}

static bool ipv4_is_local(const uint8_t address[IPV4_BYTES])
{
    for (size_t i = 0; i < sizeof local_ipv4 / sizeof local_ipv4[0]; i++)
        if (has_prefix(address, &local_ipv4[i]))
            return true;
    return false;
}

static bool ipv6_is_local(const struct in6_addr *address)
{
    const uint8_t *bytes = address->s6_addr;

    for (size_t i = 0; i < sizeof local_ipv6 / sizeof local_ipv6[0]; i++)
        if (has_prefix(bytes, &local_ipv6[i]))
            return true;
    for (size_t i = 0; i < sizeof wrapping / sizeof wrapping[0]; i++)
        if (has_prefix(bytes, &wrapping[i]) && ipv4_is_local(bytes + wrapping[i].bits / BYTE_BITS))
            return true;
    return false;
}

bool http_address_is_local(const struct sockaddr *address)
{
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;

    switch (address->sa_family) {
    case AF_INET:
        memcpy(&ipv4, address, sizeof ipv4);
        return ipv4_is_local((const uint8_t *)&ipv4.sin_addr);
    case AF_INET6:
        memcpy(&ipv6, address, sizeof ipv6);
        return ipv6_is_local(&ipv6.sin6_addr);
    default:
        return true;
    }
}

bool http_host_is_local(const char *host)
{
    struct in_addr ipv4;
    struct in6_addr ipv6;

    if (inet_pton(AF_INET, host, &ipv4) == 1)
        return ipv4_is_local((const uint8_t *)&ipv4);
    return inet_pton(AF_INET6, host, &ipv6) == 1 && ipv6_is_local(&ipv6);
}
