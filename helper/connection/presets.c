/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One list a product. What a vendor's documentation or source says is marked "read"; "background" is what is
 * generally known of the product and was not looked up. A default stands here where the product depends on
 * it.
 */
#include "connection/presets.h"

#include <string.h>

/*
 * Read: public clients only, the issuer's trailing slash, no groups claim of its own. Background: no
 * preferred_username, so the address is the name.
 */
static const struct preset_value auth0_values[] = {
    {"client_auth_method", "none"},
    {"username_claim", "email"},
    {NULL, NULL},
};

/* Read: scope and claim `groups`, ID tokens that may lack claims. Background: the login is an address. */
static const struct preset_value okta_values[] = {
    {"scopes", "openid profile email groups"},
    {"userinfo", "auto"},
    {NULL, NULL},
};

/*
 * Read: a public client, which must not send a secret; `groups` are object ids. Background:
 * preferred_username is the user principal name, which looks like an address.
 */
static const struct preset_value entra_values[] = {
    {"client_auth_method", "none"},
    {NULL, NULL},
};

/* Read: the issuer, no groups; the secret is wanted at the token endpoint. Background: as a form field. */
static const struct preset_value google_values[] = {
    {"issuer", "https://accounts.google.com"},
    {"scopes", "openid email profile"},
    {"client_auth_method", "client_secret_post"},
    {"username_claim", "email"},
    {NULL, NULL},
};

/* Read: discovery has the device endpoint, a mapper makes `groups`. */
static const struct preset_value keycloak_values[] = {
    {"groups_claim", "groups"},
    {NULL, NULL},
};

/* Read: the secret counts as a form field only, `groups` needs its scope. */
static const struct preset_value dex_values[] = {
    {"scopes", "openid profile email groups"},
    {"client_auth_method", "client_secret_post"},
    {NULL, NULL},
};

/* Read: the issuer's trailing slash. Background: `groups` comes with the scope profile. */
static const struct preset_value authentik_values[] = {
    {"groups_claim", "groups"},
    {NULL, NULL},
};

/* Read: ID tokens are minimal by design, userinfo has the rest; `groups` needs its scope. */
static const struct preset_value authelia_values[] = {
    {"scopes", "openid profile email groups"},
    {"userinfo", "auto"},
    {NULL, NULL},
};

/* Read: no userinfo claims in ID tokens unless switched on. Background: the object of roles. */
static const struct preset_value zitadel_values[] = {
    {"userinfo", "auto"},
    {"groups_claim", "urn:zitadel:iam:org:project:roles"},
    {NULL, NULL},
};

static const struct preset presets[] = {
    {.name = "auth0",
     .product = "Auth0",
     .values = auth0_values,
     .issuer_has_slash = true,
     .username_is_email = true,
     .hint = "the application is of the type Native with the grant Device Code; applications with "
             "Organizations cannot use it, and no upstream connection can be chosen from here"},
    {.name = "okta",
     .product = "Okta",
     .values = okta_values,
     .username_is_email = true,
     .hint = "the application is of the type Native; a custom authorization server needs a rule that allows "
             "the grant Device Authorization, and groups need a filter in the application"},
    {.name = "entra",
     .product = "Microsoft Entra ID",
     .values = entra_values,
     .username_is_email = true,
     .hint =
         "`Allow public client flows` must be yes; many tenants block the device code flow by Conditional "
         "Access; groups are object ids, and nothing says that an e-mail is verified"},
    {.name = "google",
     .product = "Google",
     .values = google_values,
     .username_is_email = true,
     .hint = "the client is of the type TVs and Limited Input devices, its secret is needed, and there are "
             "no groups"},
    {.name = "keycloak",
     .product = "Keycloak",
     .values = keycloak_values,
     .hint = "the client needs OAuth 2.0 Device Authorization Grant switched on, and groups a mapper"},
    {.name = "dex",
     .product = "Dex",
     .values = dex_values,
     .hint = "the client needs the redirect URI /device/callback; a code lives 300 s, and a refusal on the "
             "phone is never told, so that the prompt waits until then"},
    {.name = "authentik",
     .product = "authentik",
     .values = authentik_values,
     .issuer_has_slash = true,
     .hint =
         "a code lives 60 s (access code validity of the provider) and an address may ask for 20 an hour, "
         "by default; the brand needs a device code flow, the provider a signing key, and a refusal on "
         "the phone is never told"},
    {.name = "authelia",
     .product = "Authelia",
     .values = authelia_values,
     .hint =
         "a client with a secret is registered for client_secret_post: say so in client_auth_method, too"},
    {.name = "zitadel",
     .product = "ZITADEL",
     .values = zitadel_values,
     .hint = "tokens name the project and all its applications as audience: list those in extra_audiences; a "
             "code lives 300 s"},
};

const struct preset *presets_at(size_t i)
{
    return i < sizeof presets / sizeof presets[0] ? &presets[i] : NULL;
}

const struct preset *preset_find(const char *name)
{
    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
        if (strcmp(presets[i].name, name) == 0)
            return &presets[i];
    return NULL;
}
