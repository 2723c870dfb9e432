/* SPDX-License-Identifier: BSD-2-Clause */
/* See auth0_fields.h. Facts are those of the Management API and its SDKs; options grow, so that what is not
 * in these tables is told as unknown and never stops an import. */
#include "connection/auth0_fields.h"

#include <string.h>

#define KEPT(field, shape, key)                                                                              \
    {                                                                                                        \
        .name = (field), .type = (shape), .fate = AUTH0_KEPT, .words = (key)                                 \
    }
#define NEEDLESS(field, shape, to)                                                                           \
    {                                                                                                        \
        .name = (field), .type = (shape), .fate = AUTH0_NOT_NEEDED, .words = (to)                            \
    }
#define LOST(field, shape, to)                                                                               \
    {                                                                                                        \
        .name = (field), .type = (shape), .fate = AUTH0_LOST, .words = (to)                                  \
    }
#define WITHIN(field, table)                                                                                 \
    {                                                                                                        \
        .name = (field), .type = AUTH0_OBJECT, .take = AUTH0_TAKE_FIELDS, .fields = (table)                  \
    }
#define TAKEN(field, shape, key, way)                                                                        \
    {                                                                                                        \
        .name = (field), .type = (shape), .fate = AUTH0_KEPT, .words = (key), .take = (way)                  \
    }
#define TAKEN_LATE(field, shape, key, way)                                                                   \
    {                                                                                                        \
        .name = (field), .type = (shape), .fate = AUTH0_KEPT, .words = (key), .take = (way), .late = true    \
    }

static const char no_browser[] = "the device grant needs no page of the identity provider's on this machine";
static const char from_discovery[] = "what the identity provider offers is asked at each sign-in";

const struct auth0_field auth0_claims[] = {
    KEPT("email", AUTH0_ANY, "email_claim"),
    KEPT("name", AUTH0_ANY, "name_claim"),
    KEPT("preferred_username", AUTH0_ANY, "username_claim"),
    KEPT("username", AUTH0_ANY, "username_claim"),
    KEPT("groups", AUTH0_ANY, "groups_claim"),
    LOST("email_verified", AUTH0_ANY, "always read as the claim email_verified"),
    LOST("nickname", AUTH0_ANY, "a member has one name: that of username_claim"),
    LOST("given_name", AUTH0_ANY, "a member has one full name: that of name_claim"),
    LOST("family_name", AUTH0_ANY, "a member has one full name: that of name_claim"),
    LOST("picture", AUTH0_ANY, "members have no pictures"),
    {0},
};

static const struct auth0_field attribute_map[] = {
    TAKEN("mapping_mode", AUTH0_STRING, NULL, AUTH0_TAKE_MAPPING_MODE),
    LOST("userinfo_scope", AUTH0_STRING,
         "one token is asked for: name the scopes in `scopes` when they are missing there"),
    TAKEN("attributes", AUTH0_OBJECT, NULL, AUTH0_TAKE_CLAIMS),
    {0},
};

static const struct auth0_field connection_settings[] = {
    TAKEN("pkce", AUTH0_STRING, "pkce", AUTH0_TAKE_PKCE),
    {0},
};

static const struct auth0_field metadata[] = {
    KEPT("issuer", AUTH0_STRING, "issuer"),
    KEPT("device_authorization_endpoint", AUTH0_STRING, "device_authorization_endpoint"),
    KEPT("token_endpoint", AUTH0_STRING, "token_endpoint"),
    KEPT("jwks_uri", AUTH0_STRING, "jwks_uri"),
    KEPT("userinfo_endpoint", AUTH0_STRING, "userinfo_endpoint"),
    KEPT("end_session_endpoint", AUTH0_STRING, "end_session_endpoint"),
    KEPT("revocation_endpoint", AUTH0_STRING, "revocation_endpoint"),
    TAKEN("id_token_signing_alg_values_supported", AUTH0_STRINGS, "signing_algs", AUTH0_TAKE_ALGS),
    NEEDLESS("authorization_endpoint", AUTH0_STRING, no_browser),
    NEEDLESS("registration_endpoint", AUTH0_STRING, "the client is registered already"),
    NEEDLESS("introspection_endpoint", AUTH0_STRING, "tokens are verified here"),
    NEEDLESS("pushed_authorization_request_endpoint", AUTH0_STRING, no_browser),
    NEEDLESS("check_session_iframe", AUTH0_STRING, no_browser),
    {0},
};

static const struct auth0_field options[] = {
    TAKEN("type", AUTH0_STRING, NULL, AUTH0_TAKE_CHANNEL),
    KEPT("issuer", AUTH0_STRING, "issuer"),
    TAKEN_LATE("discovery_url", AUTH0_STRING, "issuer", AUTH0_TAKE_DISCOVERY),
    {.name = "oidc_metadata",
     .type = AUTH0_OBJECT,
     .take = AUTH0_TAKE_FIELDS,
     .fields = metadata,
     .late = true},
    TAKEN_LATE("domain", AUTH0_STRING, "okta_domain", AUTH0_TAKE_DOMAIN),
    KEPT("client_id", AUTH0_STRING, "client_id"),
    TAKEN("client_secret", AUTH0_STRING, "client_secret_file", AUTH0_TAKE_SECRET),
    KEPT("scope", AUTH0_STRING, "scopes"),
    KEPT("scopes", AUTH0_STRING, "scopes"),
    NEEDLESS("authorization_endpoint", AUTH0_STRING, no_browser),
    KEPT("token_endpoint", AUTH0_STRING, "token_endpoint"),
    KEPT("userinfo_endpoint", AUTH0_STRING, "userinfo_endpoint"),
    KEPT("jwks_uri", AUTH0_STRING, "jwks_uri"),
    KEPT("token_endpoint_auth_method", AUTH0_STRING, "client_auth_method"),
    KEPT("token_endpoint_auth_signing_alg", AUTH0_STRING, "client_auth_signing_alg"),
    KEPT("token_endpoint_jwtca_aud_format", AUTH0_STRING, "client_assertion_audience"),
    TAKEN("id_token_signed_response_algs", AUTH0_STRINGS, "signing_algs", AUTH0_TAKE_ALGS),
    WITHIN("connection_settings", connection_settings),
    NEEDLESS("send_back_channel_nonce", AUTH0_BOOLEAN, "every device request carries a nonce"),
    KEPT("set_user_root_attributes", AUTH0_STRING, "sync_profile"),
    WITHIN("attribute_map", attribute_map),
    KEPT("domain_aliases", AUTH0_STRINGS, "domain_aliases"),
    LOST("icon_url", AUTH0_STRING,
         "nothing is fetched at a sign-in: put the image on this machine and name it "
         "in `icon`"),
    NEEDLESS("tenant_domain", AUTH0_STRING, "the issuer says which tenant it is"),
    TAKEN("upstream_params", AUTH0_OBJECT, "extra_params", AUTH0_TAKE_UPSTREAM),
    NEEDLESS("non_persistent_attrs", AUTH0_STRINGS, "no claim is stored but name and e-mail"),
    NEEDLESS("schema_version", AUTH0_STRING, "it describes the object, not the connection"),
    LOST("dpop_signing_alg", AUTH0_STRING, "tokens are not bound by DPoP; they end with the sign-in"),
    NEEDLESS("enable_pushed_authorization_requests", AUTH0_BOOLEAN, no_browser),
    NEEDLESS("pushed_authorization_request_endpoint", AUTH0_STRING, no_browser),
    LOST("id_token_session_expiry_supported", AUTH0_BOOLEAN,
         "the length of a session is the host's, not the token's"),
    NEEDLESS("federated_connections_access_tokens", AUTH0_OBJECT, "tokens do not outlive the sign-in"),
    {0},
};

static const struct auth0_field authentication[] = {
    KEPT("active", AUTH0_BOOLEAN, "enabled"),
    {0},
};

const struct auth0_field auth0_top[] = {
    TAKEN("strategy", AUTH0_STRING, "preset", AUTH0_TAKE_STRATEGY),
    TAKEN("name", AUTH0_STRING, "the file's name", AUTH0_TAKE_NAME),
    KEPT("display_name", AUTH0_STRING, "display_name"),
    WITHIN("options", options),
    WITHIN("authentication", authentication),
    LOST("show_as_button", AUTH0_BOOLEAN, "every connection that is enabled for a service is offered there"),
    NEEDLESS("id", AUTH0_STRING, "the name is what identifies a connection"),
    NEEDLESS("realms", AUTH0_STRINGS, "the name is what identifies a connection"),
    LOST("enabled_clients", AUTH0_STRINGS, "applications are PAM services here: name them in `services`"),
    NEEDLESS("is_domain_connection", AUTH0_BOOLEAN, "there are no third-party applications here"),
    LOST("metadata", AUTH0_OBJECT, "a connection has no fields of its owner's here"),
    NEEDLESS("connected_accounts", AUTH0_OBJECT, "tokens do not outlive the sign-in"),
    NEEDLESS("provisioning_ticket_url", AUTH0_STRING, "it belongs to Auth0's tenant"),
    {0},
};

const struct auth0_field *auth0_field_find(const struct auth0_field *table, const char *name)
{
    static const struct auth0_field offered = {
        .type = AUTH0_ANY, .fate = AUTH0_NOT_NEEDED, .words = from_discovery};
    static const char suffix[] = "_supported";
    const size_t length = strlen(name);

    for (const struct auth0_field *field = table; field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    if (table == metadata && length > sizeof suffix - 1 &&
        strcmp(name + length - (sizeof suffix - 1), suffix) == 0)
        return &offered;
    return NULL;
}
