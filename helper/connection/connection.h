/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One registration at one identity provider, as connections.d/NAME.conf says. Fields are the settings of that
 * name; lists are NULL-terminated arrays, never NULL themselves (an empty list has only the NULL).
 */
#ifndef HELPER_CONNECTION_H
#define HELPER_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "secret.h"

#define CONNECTION_NAME_MAX 63   /* [a-z0-9][a-z0-9_-]* */
#define CLIENT_SECRET_MAX   4096 /* bytes */

enum client_auth { CLIENT_AUTH_AUTO, CLIENT_AUTH_NONE, CLIENT_AUTH_BASIC, CLIENT_AUTH_POST };
enum pkce { PKCE_AUTO, PKCE_S256, PKCE_OFF };
enum userinfo_mode { USERINFO_AUTO, USERINFO_ALWAYS, USERINFO_NEVER };

struct connection {
    char *name;
    bool enabled;
    char *issuer;       /* as typed, less /.well-known/openid-configuration: connection_is_issuer compares */
    bool issuer_by_url; /* that suffix was typed, before which an issuer's own last slash is dropped */
    char *client_id;
    char *client_secret_file; /* NULL: none */
    enum client_auth client_auth_method;
    char **scopes; /* openid among them */
    enum pkce pkce;
    char *ca_file; /* NULL: the system's */
    char **signing_algs;
    char **extra_audiences; /* of ID tokens, besides client_id */
    char *display_name;
    char **services;
    char *username_claim, *username_regex, *name_claim, *email_claim, *groups_claim; /* regex NULL: none */
    enum userinfo_mode userinfo;
    char **allowed_users, **allowed_groups, **allowed_email_domains;
    bool allow_all;
    bool create_users;
};

/* [a-z0-9][a-z0-9_-]*, at most CONNECTION_NAME_MAX bytes. */
bool connection_name_is_valid(const char *name);

/*
 * Octet for octet. Where the document's URL was typed, which is the same for an issuer with and without a
 * slash at its end (OIDC Discovery 4.1), both are this connection's issuer: the document says which.
 */
bool connection_is_issuer(const struct connection *connection, const char *issuer);

bool connection_serves(const struct connection *connection, const char *service);

/*
 * Reads client_secret_file for the keeper: absolute path, O_NOFOLLOW, regular, one trailing newline cut; root
 * or FD_KEEPER_USER owns it (0640 root:frontdesk, or 0400/0600 frontdesk), or this process's own user does
 * (0400, 0600) when it is neither root nor FD_KEEPER_USER. True, and an empty secret, when the connection
 * names no file; false, and *ret_why (malloc'd) the sentence for the log, when it cannot be used.
 */
bool connection_read_secret(const struct connection *connection, struct secret *ret_secret, char **ret_why);

void connection_clear(struct connection *connection);

/* True when the NULL-terminated list holds the word. */
bool list_has(char *const *list, const char *word);
void list_free(char **list);

#endif
