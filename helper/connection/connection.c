/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection as a value: what it is called, whom it serves, and its end. */
#include "connection/connection.h"

#include <stdlib.h>
#include <string.h>

bool connection_name_is_valid(const char *name)
{
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    const size_t length = strlen(name);

    return length >= 1 && length <= CONNECTION_NAME_MAX && strspn(name, alphabet) == length &&
           name[0] != '_' && name[0] != '-';
}

bool list_has(char *const *list, const char *word)
{
    for (; *list; list++)
        if (strcmp(*list, word) == 0)
            return true;
    return false;
}

void list_free(char **list)
{
    if (!list)
        return;
    for (char **word = list; *word; word++)
        free(*word);
    free(list);
}

bool connection_is_issuer(const struct connection *connection, const char *issuer)
{
    const size_t length = strlen(connection->issuer);

    if (strcmp(connection->issuer, issuer) == 0)
        return true;
    return connection->issuer_by_url && strncmp(connection->issuer, issuer, length) == 0 &&
           strcmp(issuer + length, "/") == 0;
}

bool connection_serves(const struct connection *connection, const char *service)
{
    return list_has(connection->services, service);
}

void connection_clear(struct connection *connection)
{
    free(connection->name);
    free(connection->issuer);
    free(connection->client_id);
    free(connection->client_secret_file);
    list_free(connection->scopes);
    free(connection->ca_file);
    list_free(connection->signing_algs);
    list_free(connection->extra_audiences);
    free(connection->display_name);
    list_free(connection->services);
    free(connection->username_claim);
    free(connection->username_regex);
    free(connection->name_claim);
    free(connection->email_claim);
    free(connection->groups_claim);
    list_free(connection->allowed_users);
    list_free(connection->allowed_groups);
    list_free(connection->allowed_email_domains);
    *connection = (struct connection){0};
}
