/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether an issuer is a connection's: octet for octet, but for the two liberties that products force on us.
 */
#include <string.h>

#include "connection/connection.h"
#include "connection/presets.h"

#define TENANT_SEGMENT "{tenantid}"
#define TID_MAX        64 /* bytes */

/* The first path segment that stands for any tenant, as in "https://host/organizations/v2.0"; NULL: there is
 * none. */
static const char *find_segment(const char *issuer)
{
    static const char *const words[] = {"common", "organizations", "consumers"};
    const char *host = strstr(issuer, "://");
    const char *segment = host ? strchr(host + 3, '/') : NULL;

    for (; segment; segment = strchr(segment, '/')) {
        const size_t length = strcspn(++segment, "/");

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (strlen(words[i]) == length && memcmp(words[i], segment, length) == 0)
                return segment;
    }
    return NULL;
}

/* Are they the same? With `slash_is_free` a slash at the end of either does not count. */
static bool tail_is(const char *ours, const char *theirs, bool slash_is_free)
{
    size_t our_length = strlen(ours), their_length = strlen(theirs);

    if (slash_is_free) {
        our_length -= our_length > 0 && ours[our_length - 1] == '/';
        their_length -= their_length > 0 && theirs[their_length - 1] == '/';
    }
    return our_length == their_length && memcmp(ours, theirs, our_length) == 0;
}

static bool slash_is_free(const struct connection *connection)
{
    return connection->issuer_by_url || (connection->preset && connection->preset->issuer_has_slash);
}

/* Is `issuer` ours with `tenant` in the place of the segment that stands for any? */
static bool is_of_tenant(const struct connection *connection, const char *issuer, const char *tenant)
{
    const bool has_tenants = connection->allowed_tenants && connection->allowed_tenants[0];
    const char *segment = has_tenants ? find_segment(connection->issuer) : NULL;
    const char *after;
    size_t before, length;

    if (!segment)
        return false;
    after = segment + strcspn(segment, "/");
    before = (size_t)(segment - connection->issuer);
    length = strlen(tenant);
    return strncmp(issuer, connection->issuer, before) == 0 &&
           strncmp(issuer + before, tenant, length) == 0 &&
           tail_is(after, issuer + before + length, slash_is_free(connection));
}

bool connection_is_issuer(const struct connection *connection, const char *issuer)
{
    return tail_is(connection->issuer, issuer, slash_is_free(connection)) ||
           is_of_tenant(connection, issuer, TENANT_SEGMENT);
}

static bool tid_is_valid(const char *tid)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    const size_t length = strlen(tid);

    return length >= 1 && length <= TID_MAX && strspn(tid, alphabet) == length && strcmp(tid, ".") != 0 &&
           strcmp(tid, "..") != 0;
}

bool connection_is_token_issuer(const struct connection *connection, const char *iss, const char *tid)
{
    return tail_is(connection->issuer, iss, slash_is_free(connection)) ||
           (tid && tid_is_valid(tid) && is_of_tenant(connection, iss, tid));
}

bool connection_needs_tenants(const struct connection *connection)
{
    static const char *const hosts[] = {"https://login.microsoftonline.com/",
                                        "https://login.microsoftonline.us/",
                                        "https://login.partner.microsoftonline.cn/"};

    if (!find_segment(connection->issuer))
        return false;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (strncmp(connection->issuer, hosts[i], strlen(hosts[i])) == 0)
            return true;
    return false;
}
