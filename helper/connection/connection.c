/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection as a value: what it is called, whom it serves, and its end. */
#include "connection/connection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "connection/presets.h"

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

void name_values_free(struct name_value *list)
{
    if (!list)
        return;
    for (struct name_value *pair = list; pair->name; pair++) {
        free(pair->name);
        free(pair->value);
    }
    free(list);
}

bool connection_is_explicit(const struct connection *connection)
{
    return connection->device_authorization_endpoint && connection->token_endpoint && connection->jwks_uri;
}

/* The claim that a preset's product is known by; where the preset names none, that of the table. */
static const char *username_claim_of(const struct preset *preset)
{
    for (const struct preset_value *value = preset->values; value->key; value++)
        if (strcmp(value->key, "username_claim") == 0)
            return value->value;
    return "preferred_username";
}

bool connection_username_is_email(const struct connection *connection)
{
    const struct preset *preset = connection->preset;

    return strcmp(connection->username_claim, connection->email_claim) == 0 ||
           (preset && preset->username_is_email &&
            strcmp(connection->username_claim, username_claim_of(preset)) == 0);
}

bool connection_serves(const struct connection *connection, const char *service)
{
    return list_has(connection->services, service);
}

static void clear_endpoints(struct connection *connection)
{
    free(connection->device_authorization_endpoint);
    free(connection->token_endpoint);
    free(connection->jwks_uri);
    free(connection->userinfo_endpoint);
    free(connection->end_session_endpoint);
    free(connection->revocation_endpoint);
}

static void clear_policy(struct connection *connection)
{
    list_free(connection->allowed_users);
    list_free(connection->allowed_groups);
    list_free(connection->allowed_email_domains);
    list_free(connection->allowed_tenants);
    name_values_free(connection->required_claims);
    list_free(connection->required_acr);
    list_free(connection->required_amr);
    list_free(connection->locations);
}

void connection_clear(struct connection *connection)
{
    free(connection->name);
    free(connection->issuer);
    free(connection->okta_domain);
    free(connection->okta_auth_server);
    free(connection->client_id);
    free(connection->client_secret_file);
    free(connection->client_key_id);
    list_free(connection->scopes);
    clear_endpoints(connection);
    list_free(connection->endpoint_hosts);
    list_free(connection->verification_hosts);
    free(connection->idp_id);
    name_values_free(connection->extra_params);
    free(connection->ca_file);
    free(connection->proxy);
    list_free(connection->signing_algs);
    list_free(connection->extra_audiences);
    free(connection->display_name);
    free(connection->icon);
    list_free(connection->services);
    list_free(connection->domain_aliases);
    free(connection->username_claim);
    free(connection->username_regex);
    free(connection->name_claim);
    free(connection->email_claim);
    free(connection->groups_claim);
    clear_policy(connection);
    name_values_free(connection->group_map);
    free(connection->user_map_file);
    free(connection->shared_account);
    *connection = (struct connection){0};
}

char *list_join(char *const *list)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return NULL;
    for (size_t i = 0; list[i]; i++)
        (void)fprintf(stream, "%s%s", i ? " " : "", list[i]);
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}
