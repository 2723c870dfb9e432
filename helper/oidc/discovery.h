/* SPDX-License-Identifier: BSD-2-Clause */
/* What an issuer says of itself (OIDC Discovery 1.0 section 4, RFC 8414, RFC 8628 section 4). */
#ifndef HELPER_DISCOVERY_H
#define HELPER_DISCOVERY_H

#include <stdbool.h>

#include "cleanup.h"
#include "connection/connection.h"
#include "http/http.h"
#include "reason.h"
#include "json/json.h"

#define DISCOVERY_MAX            (128 * 1024)   /* bytes of the document */
#define DISCOVERY_DEFAULT_LIFE_S 600            /* when the server says nothing of caching (RFC 9111 4.2.2) */
#define DISCOVERY_MAX_LIFE_S     (24 * 60 * 60) /* whatever the server says */
#define DISCOVERY_URL_MAX        512            /* bytes of each endpoint */

/* Strings are the document's, or the connection's where it types them: both outlive what is read here. */
struct discovery {
    struct json_document *document; /* NULL: the connection says everything itself */
    const char *issuer;
    bool issuer_is_exact; /* ID tokens name it octet for octet; else connection_is_token_issuer judges */
    const char *device_authorization_endpoint; /* https, all of them */
    const char *token_endpoint;
    const char *jwks_uri;
    const char *userinfo_endpoint;                /* NULL: none */
    const char *revocation_endpoint;              /* NULL: none */
    const char *end_session_endpoint;             /* NULL: none */
    const struct json_value *signing_algs;        /* id_token_signing_alg_values_supported; NULL: not said */
    const struct json_value *client_auth_methods; /* token_endpoint_auth_methods_supported; NULL: not said */
    const struct json_value *client_signing_algs; /* token_endpoint_auth_signing_alg_values_supported */
    bool pkce_s256;                               /* code_challenge_methods_supported lists S256 */
};

/*
 * Without a document, for a connection_is_explicit: endpoints as typed, no other; every algorithm that is
 * configured; a secret goes by Basic, and PKCE is off, unless the connection says otherwise.
 * REASON_DISCOVERY_INVALID, and *ret_field, when one that is needed was not typed.
 */
enum reason discovery_from_connection(const struct connection *connection, struct discovery *ret_discovery,
                                      const char **ret_field);

/*
 * Judges a document: its issuer must be the connection's (connection_is_issuer) before anything else counts
 * (REASON_ISSUER_MISMATCH), required fields must be there (_DISCOVERY_INVALID, _NO_DEVICE_ENDPOINT) and
 * endpoints https (_ENDPOINT_NOT_HTTPS) and where the connection lets them be (_ENDPOINT_NOT_ALLOWED). What
 * the connection types stands in place of what the document says, and the document may then leave it out. An
 * end_session_endpoint that is no good is none. *ret_field (static, may be NULL) names the field at fault;
 * *ret_discovery is written on REASON_OK only.
 */
enum reason discovery_parse(const char *text, size_t length, const struct connection *connection,
                            struct discovery *ret_discovery, const char **ret_field);
void discovery_clear(struct discovery *discovery);

/* issuer + "/.well-known/openid-configuration" with exactly one slash between; malloc'd. */
char *discovery_url(const char *issuer);

/* Where RFC 8414 3.1 puts it: behind the host, before the issuer's path; malloc'd. */
char *discovery_oauth_url(const char *issuer);

/* Fetches the document; where its place answers 404, from the place of RFC 8414. *ret_answer holds text and
 * lifetime on REASON_OK; status 200 and JSON were checked. */
enum reason discovery_fetch(struct http *http, const char *issuer, struct http_answer *ret_answer);

/* Seconds a document or key set may be kept: the server's word, the default when it said nothing, the
 * maximum. */
long discovery_lifetime(const struct http_answer *answer);

/* Algorithms allowed by the connection that the issuer also lists (all of them when it lists none). NULL: no
   memory; an empty list: REASON_NO_SIGNING_ALG. The array is malloc'd, its strings are the connection's. */
char **discovery_signing_algs(const struct discovery *discovery, char *const *configured);

static inline void cleanup_discovery(struct discovery *discovery)
{
    discovery_clear(discovery);
}

#define AUTO_DISCOVERY CLEANUP(cleanup_discovery)

#endif
