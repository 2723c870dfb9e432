/* SPDX-License-Identifier: BSD-2-Clause */
/* Holds the pages of a device answer against the hosts that the administrator named. */
#include "oidc/verification_page.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "display/text.h"

#define ISSUERS_OWN "issuer"

static bool has_hosts(const struct connection *connection)
{
    return connection && connection->verification_hosts && connection->verification_hosts[0];
}

bool verification_page_is_pinned(const struct connection *connection, const char *url)
{
    size_t length, issuer_length;
    const char *host, *issuer;

    if (!has_hosts(connection))
        return true;
    host = text_url_host(url, &length);
    issuer = text_url_host(connection->issuer, &issuer_length);
    for (char *const *name = connection->verification_hosts; *name; name++)
        if (strcmp(*name, ISSUERS_OWN) == 0
                ? issuer_length == length && strncasecmp(issuer, host, length) == 0
                : strlen(*name) == length && strncasecmp(*name, host, length) == 0)
            return true;
    return false;
}

enum reason verification_page_judge(const struct connection *connection, struct device_grant *grant)
{
    const char *const pages[] = {grant->verification_uri, grant->verification_uri_complete};

    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        size_t length;
        const char *host;

        if (pages[i][0] == '\0' || verification_page_is_pinned(connection, pages[i]))
            continue;
        host = text_url_host(pages[i], &length);
        (void)snprintf(grant->error, sizeof grant->error, "%.*s", (int)length, host);
        return REASON_VERIFICATION_HOST;
    }
    return REASON_OK;
}
