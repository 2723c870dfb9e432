/* SPDX-License-Identifier: BSD-2-Clause */
/* Which addresses a stranger's word must not lead us to: this machine, and what is right beside it. */
#ifndef HELPER_HTTP_ADDRESS_H
#define HELPER_HTTP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/*
 * Loopback, link-local (a cloud's metadata service), unique-local, unspecified, multicast and broadcast
 * addresses, also where an IPv6 address only wraps one of IPv4. Anything that is neither IPv4 nor IPv6 counts
 * as local, too.
 */
bool http_address_is_local(const struct sockaddr *address);

/* The same for a host that is written as an address ("127.0.0.1", "::1"); false for a name. */
bool http_host_is_local(const char *host);

#endif
