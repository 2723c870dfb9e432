/* SPDX-License-Identifier: BSD-2-Clause */
/* See auth0_export.h. Values stand in the body where they are not Auth0's own defaults. */
#include "connection/auth0_export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "config/settings.h"
#include "connection/presets.h"

#define WELL_KNOWN ".well-known/openid-configuration"

bool auth0_has_place(const char *key, const char **ret_why)
{
    static const struct {
        const char *key, *why; /* why NULL: it has a place */
    } known[] = {
        {"enabled", NULL},
        {"issuer", NULL},
        {"preset", NULL}, /* what it fills in stands in the body */
        {"okta_domain", NULL},
        {"okta_auth_server", NULL}, /* part of the issuer */
        {"client_id", NULL},
        {"client_auth_method", NULL},
        {"client_auth_signing_alg", NULL},
        {"client_assertion_audience", NULL},
        {"scopes", NULL},
        {"device_authorization_endpoint", NULL},
        {"token_endpoint", NULL},
        {"jwks_uri", NULL},
        {"userinfo_endpoint", NULL},
        {"end_session_endpoint", NULL},
        {"revocation_endpoint", NULL},
        {"extra_params", NULL},
        {"pkce", NULL},
        {"signing_algs", NULL},
        {"display_name", NULL},
        {"domain_aliases", NULL},
        {"username_claim", NULL},
        {"name_claim", NULL},
        {"email_claim", NULL},
        {"groups_claim", NULL},
        {"sync_profile", NULL},
        {"client_secret_file", "a secret is never given out: type it in again at the other side"},
        {"services", "applications are named by id there (enabled_clients): enable them at the other side"},
        {"icon", "a file of this machine; the other side wants a URL (icon_url)"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].key, key) == 0) {
            *ret_why = known[i].why;
            return known[i].why == NULL;
        }
    *ret_why = "the other side has no field for it";
    return false;
}

/* The org's own server of a domain: what the strategy okta is about. */
static bool is_okta(const struct connection *connection)
{
    return connection->okta_domain && !connection->okta_auth_server && connection->preset &&
           strcmp(connection->preset->name, "okta") == 0;
}

/* NULL is left out. */
static bool add(struct json_document *object, const char *name, const char *value)
{
    return !value || json_add_string(object, name, value);
}

/* An object with nothing in it is left out, too. */
static bool add_child(struct json_document *object, const char *name, const struct json_document *child)
{
    AUTO_FREE char *text = json_print(json_top(child));

    return text && (strcmp(text, "{}") == 0 || json_add_object(object, name, json_top(child)));
}

/* The word that a choice's value is written as, NULL for the default's. */
static const char *word_of(const char *key, int value)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, key, NULL);

    for (const struct setting_word *word = setting ? setting->words : NULL; word && word->word; word++)
        if (word->value == value)
            return strcmp(word->word, setting->fallback) == 0 ? NULL : word->word;
    return NULL;
}

static bool add_place(struct json_document *options, const struct connection *connection)
{
    const char *issuer = connection->issuer;
    const size_t length = strlen(issuer);
    AUTO_FREE char *discovery = NULL;

    if (is_okta(connection))
        return add(options, "domain", connection->okta_domain);
    discovery =
        setting_sentence("%s%s" WELL_KNOWN, issuer, length > 0 && issuer[length - 1] == '/' ? "" : "/");
    return discovery &&
           ((connection_is_explicit(connection) && !connection->issuer_by_url) ||
            add(options, "discovery_url", discovery)) &&
           (connection->issuer_by_url || add(options, "issuer", issuer));
}

/* Auth0 has no device grant at its upstreams: its manual metadata is where such an endpoint can stand. */
static bool add_endpoints(struct json_document *options, const struct connection *connection)
{
    AUTO_JSON struct json_document *metadata = json_new();

    return metadata && add(options, "token_endpoint", connection->token_endpoint) &&
           add(options, "jwks_uri", connection->jwks_uri) &&
           add(options, "userinfo_endpoint", connection->userinfo_endpoint) &&
           add(metadata, "device_authorization_endpoint", connection->device_authorization_endpoint) &&
           add(metadata, "end_session_endpoint", connection->end_session_endpoint) &&
           add(metadata, "revocation_endpoint", connection->revocation_endpoint) &&
           add_child(options, "oidc_metadata", metadata);
}

static bool add_client(struct json_document *options, const struct connection *connection)
{
    AUTO_JSON struct json_document *settings = json_new();
    AUTO_FREE char *scopes = list_join(connection->scopes);
    const char *pkce = word_of("pkce", (int)connection->pkce);

    return settings && scopes && add(options, "client_id", connection->client_id) &&
           add(options, "scope", scopes) &&
           add(options, "token_endpoint_auth_method",
               word_of("client_auth_method", (int)connection->client_auth_method)) &&
           add(options, "token_endpoint_auth_signing_alg",
               word_of("client_auth_signing_alg", (int)connection->client_auth_signing_alg)) &&
           add(options, "token_endpoint_jwtca_aud_format",
               word_of("client_assertion_audience", (int)connection->client_assertion_audience)) &&
           json_add_strings(options, "id_token_signed_response_algs", connection->signing_algs) &&
           add(settings, "pkce", pkce && strcmp(pkce, "off") == 0 ? "disabled" : pkce) &&
           add_child(options, "connection_settings", settings);
}

static bool add_params(struct json_document *options, const struct connection *connection)
{
    AUTO_JSON struct json_document *params = json_new();

    for (const struct name_value *param = connection->extra_params; params && param->name; param++) {
        AUTO_JSON struct json_document *value = json_new();

        if (!value || !add(value, "value", param->value) || !add_child(params, param->name, value))
            return false;
    }
    return params && add_child(options, "upstream_params", params);
}

static bool add_claim(struct json_document *attributes, const char *attribute, const char *key,
                      const char *claim)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, key, NULL);
    AUTO_FREE char *template = setting_sentence("${context.tokenset.%s}", claim);

    if (setting && setting->fallback && strcmp(setting->fallback, claim) == 0)
        return true;
    return template && add(attributes, attribute, template);
}

static bool add_claims(struct json_document *options, const struct connection *connection)
{
    AUTO_JSON struct json_document *map = json_new(), *attributes = json_new();

    if (!map || !attributes ||
        !add_claim(attributes, "preferred_username", "username_claim", connection->username_claim) ||
        !add_claim(attributes, "name", "name_claim", connection->name_claim) ||
        !add_claim(attributes, "email", "email_claim", connection->email_claim) ||
        !add_claim(attributes, "groups", "groups_claim", connection->groups_claim) ||
        !add_child(map, "attributes", attributes))
        return false;
    if (json_get(json_top(map), "attributes") && !add(map, "mapping_mode", "use_map"))
        return false;
    return add_child(options, "attribute_map", map);
}

static bool add_options(struct json_document *body, const struct connection *connection)
{
    AUTO_JSON struct json_document *options = json_new();

    return options && (is_okta(connection) || add(options, "type", "back_channel")) &&
           add_place(options, connection) && add_endpoints(options, connection) &&
           add_client(options, connection) &&
           add(options, "set_user_root_attributes", word_of("sync_profile", (int)connection->sync_profile)) &&
           (!connection->domain_aliases[0] ||
            json_add_strings(options, "domain_aliases", connection->domain_aliases)) &&
           add_params(options, connection) && add_claims(options, connection) &&
           add_child(body, "options", options);
}

struct json_document *auth0_export(const struct connection *connection)
{
    struct json_document *body = json_new();
    AUTO_JSON struct json_document *authentication = json_new();

    if (body && authentication && json_add_string(body, "strategy", is_okta(connection) ? "okta" : "oidc") &&
        json_add_string(body, "name", connection->name) &&
        json_add_string(body, "display_name", connection->display_name) &&
        json_add_boolean(authentication, "active", connection->enabled) &&
        add_child(body, "authentication", authentication) && add_options(body, connection))
        return body;
    json_free(body);
    return NULL;
}
