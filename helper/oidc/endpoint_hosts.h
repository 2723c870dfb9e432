/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a discovery document may send us. The issuer's host, the endpoints that are typed and endpoint_hosts
 * are root's word: they may be anywhere, this machine included. Any other host is the document's word: it is
 * refused where endpoint_hosts are set, and else http.h keeps it away from this machine and what is beside
 * it.
 */
#ifndef HELPER_ENDPOINT_HOSTS_H
#define HELPER_ENDPOINT_HOSTS_H

#include <stdbool.h>

#include "connection/connection.h"

/* May the document name this endpoint, a safe https URL? Any port. */
bool endpoint_host_is_allowed(const struct connection *connection, const char *url);

/* The hosts that are root's word, for http_set_known_hosts; list_free. NULL: no memory. */
char **endpoint_hosts_known(const struct connection *connection);

#endif
