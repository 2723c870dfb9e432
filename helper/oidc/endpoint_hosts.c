/* SPDX-License-Identifier: BSD-2-Clause */
#include "oidc/endpoint_hosts.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "display/text.h"

static bool is_at(const char *url, const char *name)
{
    size_t length;
    const char *host = text_url_host(url, &length);

    return strlen(name) == length && strncasecmp(name, host, length) == 0;
}

static bool are_at_one_host(const char *url, const char *other)
{
    size_t length, other_length;
    const char *host = text_url_host(url, &length), *other_host = text_url_host(other, &other_length);

    return length == other_length && strncasecmp(host, other_host, length) == 0;
}

bool endpoint_host_is_allowed(const struct connection *connection, const char *url)
{
    char *const *name = connection->endpoint_hosts;

    if (!name || !name[0] || are_at_one_host(url, connection->issuer))
        return true;
    for (; *name; name++)
        if (is_at(url, *name))
            return true;
    return false;
}

char **endpoint_hosts_known(const struct connection *connection)
{
    const char *const urls[] = {
        connection->issuer,
        connection->device_authorization_endpoint,
        connection->token_endpoint,
        connection->jwks_uri,
        connection->userinfo_endpoint,
        connection->revocation_endpoint,
    };
    const size_t url_count = sizeof urls / sizeof urls[0];
    size_t count = 0, named = 0, length;
    char **hosts;

    while (connection->endpoint_hosts && connection->endpoint_hosts[named])
        named++;
    hosts = calloc(url_count + named + 1, sizeof *hosts);
    for (size_t i = 0; hosts && i < url_count + named; i++) {
        const char *host = i < url_count ? urls[i] : connection->endpoint_hosts[i - url_count];

        if (!host)
            continue;
        length = strlen(host);
        if (i < url_count)
            host = text_url_host(host, &length);
        hosts[count] = strndup(host, length);
        if (!hosts[count++]) {
            list_free(hosts);
            return NULL;
        }
    }
    return hosts;
}
