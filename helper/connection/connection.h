/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One registration at one identity provider, as connections.d/NAME.conf says. Fields are the settings of that
 * name; lists are NULL-terminated arrays, never NULL themselves (an empty list has only the NULL).
 */
#ifndef HELPER_CONNECTION_H
#define HELPER_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "secret.h"

#define CONNECTION_NAME_MAX 63          /* [a-z0-9][a-z0-9_-]* */
#define CLIENT_SECRET_MAX   (16 * 1024) /* bytes: of a private key in PEM */

enum client_auth {
    CLIENT_AUTH_AUTO,
    CLIENT_AUTH_NONE,
    CLIENT_AUTH_BASIC,
    CLIENT_AUTH_POST,
    CLIENT_AUTH_PRIVATE_KEY_JWT, /* client_secret_file then holds the private key, PEM */
};
enum client_signing_alg {
    CLIENT_SIGNING_AUTO,
    CLIENT_SIGNING_RS256,
    CLIENT_SIGNING_PS256,
    CLIENT_SIGNING_ES256
};
enum assertion_audience { ASSERTION_TOKEN_ENDPOINT, ASSERTION_ISSUER };
enum pkce { PKCE_AUTO, PKCE_S256, PKCE_OFF };
enum userinfo_mode { USERINFO_AUTO, USERINFO_ALWAYS, USERINFO_NEVER };
enum sync_profile { SYNC_ON_EACH_LOGIN, SYNC_ON_FIRST_LOGIN, SYNC_NEVER_ON_LOGIN };

/* One entry of a list that an entry with name NULL ends; never NULL itself. */
struct name_value {
    char *name, *value;
};

struct connection {
    char *name;
    bool enabled;
    const struct preset *preset; /* NULL: none; its values stand in the fields below already */
    char *issuer;                /* as typed, or from okta_domain, less /.well-known/openid-configuration */
    bool issuer_by_url;          /* with and without a slash at its end: see connection_is_issuer */
    char *okta_domain, *okta_auth_server; /* NULL: none; issuer was made of them */
    char *client_id;
    char *client_secret_file; /* NULL: none */
    enum client_auth client_auth_method;
    enum client_signing_alg client_auth_signing_alg;   /* of private_key_jwt */
    char *client_key_id;                               /* its `kid`; NULL: none */
    enum assertion_audience client_assertion_audience; /* its `aud` */
    char **scopes;                                     /* openid among them */
    /* Issuer metadata that overrides discovery; NULL: discovery says. */
    char *device_authorization_endpoint, *token_endpoint, *jwks_uri, *userinfo_endpoint,
        *end_session_endpoint, *revocation_endpoint;
    char **endpoint_hosts;           /* lower case: further hosts that discovery may name; empty: any */
    char **verification_hosts;       /* lower case; "issuer" stands for the issuer's; empty: any */
    char *idp_id;                    /* never sent without a gateway; NULL: none */
    struct name_value *extra_params; /* of the device request, allow-listed names */
    enum pkce pkce;
    char *ca_file; /* NULL: the system's */
    char *proxy;   /* http://HOST:PORT; NULL: none */
    char **signing_algs;
    char **extra_audiences; /* of ID tokens, besides client_id */
    char **allowed_tenants; /* values of `tid`; empty: any, and no issuer with a {tenantid} */
    char *display_name;
    char *icon; /* absolute path; NULL: none */
    char **services;
    char **domain_aliases;                                                           /* lower case */
    char *username_claim, *username_regex, *name_claim, *email_claim, *groups_claim; /* regex NULL: none */
    enum userinfo_mode userinfo;
    char **allowed_users, **allowed_groups, **allowed_email_domains;
    struct name_value *required_claims; /* dotted path, value; all must hold */
    bool allow_all;
    char **required_acr; /* any of them */
    char **required_amr; /* all of them */
    uint32_t max_age;    /* seconds; 0: any age */
    bool require_nonce;  /* an ID token without one is refused */
    bool create_users;
    enum sync_profile sync_profile;
    struct name_value *group_map; /* the IdP's group, a local group; several lines may have the same name */
    char *user_map_file;          /* NULL: none; read at each sign-in (user_map.h) */
    char *shared_account;         /* NULL: none */
    char **locations;             /* "*": everywhere */
};

/* [a-z0-9][a-z0-9_-]*, at most CONNECTION_NAME_MAX bytes. */
bool connection_name_is_valid(const char *name);

/*
 * May a discovery document name this issuer? Octet for octet. Where the document's URL was typed, which is
 * the same for an issuer with and without a slash at its end (OIDC Discovery 4.1), or where the preset's
 * product always has the slash, both are this connection's: the document says which. With allowed_tenants, an
 * issuer of ours with the path segment common, organizations or consumers may be named with {tenantid} in its
 * place.
 */
bool connection_is_issuer(const struct connection *connection, const char *issuer);

/*
 * May an ID token with this `tid` (NULL: none) have this `iss`? As above, but with {tenantid} replaced by
 * tid, which is [A-Za-z0-9.-]{1,64}. Whether that tenant is allowed is policy's to say.
 */
bool connection_is_token_issuer(const struct connection *connection, const char *iss, const char *tid);

/* Does the issuer serve the tenants of Entra ID at large, so that allowed_tenants must say which count? */
bool connection_needs_tenants(const struct connection *connection);

/* Everything a sign-in needs is typed, so no discovery document is fetched: device, token and key URLs. */
bool connection_is_explicit(const struct connection *connection);

/* Is what username_claim holds an address, as far as the claim's name and the preset tell? */
bool connection_username_is_email(const struct connection *connection);

bool connection_serves(const struct connection *connection, const char *service);

/*
 * Reads client_secret_file for the keeper: absolute path, O_NOFOLLOW, regular, one trailing newline cut; root
 * or FD_KEEPER_USER owns it (0640 root:frontdesk, or 0400/0600 frontdesk), or this process's own user does
 * (0400, 0600) when it is neither root nor FD_KEEPER_USER. A secret is one line; with private_key_jwt, or
 * auto and a file that begins as PEM, it is a private key in PEM, not encrypted. True, and an empty secret,
 * when the connection names no file; false, and *ret_why (malloc'd) the sentence for the log, when it cannot
 * be used.
 */
bool connection_read_secret(const struct connection *connection, struct secret *ret_secret, char **ret_why);

/* One line of text: what a form or a header carries and nobody typed by mistake (RFC 6749 A.2). */
bool client_secret_is_line(const char *text, size_t length);

void connection_clear(struct connection *connection);

/* True when the NULL-terminated list holds the word. */
bool list_has(char *const *list, const char *word);
void list_free(char **list);
/* Its words with spaces between; malloc'd, NULL: no memory. */
char *list_join(char *const *list);

void name_values_free(struct name_value *list); /* NULL is fine */

#endif
