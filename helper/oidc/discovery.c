/* SPDX-License-Identifier: BSD-2-Clause */
/* Provider metadata: fetched, judged, and turned into the few fields a sign-in needs. */
#include "oidc/discovery.h"

#include <string.h>
#include <strings.h>

#include "display/text.h"
#include "jose/jws.h"
#include "oidc/endpoint_hosts.h"

#define WELL_KNOWN       "/.well-known/openid-configuration"
#define WELL_KNOWN_OAUTH "/.well-known/oauth-authorization-server"
#define TENANT           "{tenantid}"
#define HTTPS            "https://"
#define STATUS_OK        200
#define STATUS_NOT_FOUND 404
#define STATUS_BUSY      429
#define METHOD_S256      "S256"

/* A member that holds an URL, and where it goes. */
struct endpoint {
    const char *name;
    const char *typed; /* the connection's; NULL: the document says */
    const char **place;
    enum { ENDPOINT_REQUIRED, ENDPOINT_OPTIONAL, ENDPOINT_FOR_SHOW } need;
};

char *discovery_url(const char *issuer)
{
    size_t length = strlen(issuer);
    char *url = NULL;

    if (length > 0 && issuer[length - 1] == '/')
        length--;
    if (asprintf(&url, "%.*s%s", (int)length, issuer, WELL_KNOWN) < 0)
        return NULL;
    return url;
}

char *discovery_oauth_url(const char *issuer)
{
    const char *host = strstr(issuer, "://");
    const char *path = host ? strchr(host + strlen("://"), '/') : NULL;
    const size_t length = path ? (size_t)(path - issuer) : strlen(issuer);
    size_t path_length = path ? strlen(path) : 0;
    char *url = NULL;

    if (path_length > 0 && path[path_length - 1] == '/')
        path_length--;
    if (asprintf(&url, "%.*s%s%.*s", (int)length, issuer, WELL_KNOWN_OAUTH, (int)path_length,
                 path ? path : "") < 0)
        return NULL;
    return url;
}

static enum reason fetch(struct http *http, const char *url, struct http_answer *ret_answer)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    const struct http_request request = {.url = url, .timeout_ms = HTTP_REQUEST_MAX_MS};
    const enum reason reason = url ? http_perform(http, &request, &answer) : REASON_INTERNAL;

    if (reason != REASON_OK)
        return reason;
    *ret_answer = answer;
    answer = (struct http_answer){0};
    return REASON_OK;
}

static enum reason fetch_anywhere(struct http *http, const char *issuer, struct http_answer *ret_answer)
{
    AUTO_FREE char *url = discovery_url(issuer);
    AUTO_FREE char *oauth_url = discovery_oauth_url(issuer);
    const enum reason reason = fetch(http, url, ret_answer);

    if (ret_answer->status != STATUS_NOT_FOUND) /* it is 0 where no answer came */
        return reason;
    http_answer_erase(ret_answer);
    return fetch(http, oauth_url, ret_answer);
}

enum reason discovery_fetch(struct http *http, const char *issuer, struct http_answer *ret_answer)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    AUTO_JSON struct json_document *document = NULL;
    const enum reason reason = fetch_anywhere(http, issuer, &answer);

    if (reason != REASON_OK)
        return reason;
    if (answer.status != STATUS_OK)
        return answer.status == STATUS_BUSY ? REASON_IDP_BUSY : REASON_IDP_STATUS;
    document = json_parse(answer.body, answer.length);
    if (!document)
        return REASON_IDP_BAD_JSON;
    *ret_answer = answer;
    answer = (struct http_answer){0};
    return REASON_OK;
}

long discovery_lifetime(const struct http_answer *answer)
{
    if (answer->lifetime_s < 0)
        return DISCOVERY_DEFAULT_LIFE_S;
    return answer->lifetime_s < DISCOVERY_MAX_LIFE_S ? answer->lifetime_s : DISCOVERY_MAX_LIFE_S;
}

static enum reason check_url(const char *url, size_t length)
{
    if (strncasecmp(url, HTTPS, strlen(HTTPS)) != 0)
        return REASON_ENDPOINT_NOT_HTTPS;
    return text_is_safe_https_url(url, length, DISCOVERY_URL_MAX) ? REASON_OK : REASON_DISCOVERY_INVALID;
}

static enum reason take_endpoint(const struct json_value *top, const struct connection *connection,
                                 const struct endpoint *endpoint)
{
    const struct json_value *value = json_get(top, endpoint->name);
    const char *url = endpoint->typed;
    size_t length = url ? strlen(url) : 0;
    enum reason reason;

    if (!url && (!value || json_string_is(value, "")))
        return endpoint->need == ENDPOINT_REQUIRED ? REASON_DISCOVERY_INVALID : REASON_OK;
    if (!url && !json_string(value, &url, &length))
        reason = REASON_DISCOVERY_INVALID;
    else
        reason = check_url(url, length);
    if (reason == REASON_OK && !endpoint->typed && !endpoint_host_is_allowed(connection, url))
        reason = REASON_ENDPOINT_NOT_ALLOWED;
    if (reason == REASON_OK)
        *endpoint->place = url;
    return endpoint->need == ENDPOINT_FOR_SHOW ? REASON_OK : reason;
}

static enum reason take_endpoints(const struct json_value *top, const struct connection *connection,
                                  struct discovery *discovery, const char **ret_field)
{
    const struct endpoint endpoints[] = {
        {"token_endpoint", connection->token_endpoint, &discovery->token_endpoint, ENDPOINT_REQUIRED},
        {"jwks_uri", connection->jwks_uri, &discovery->jwks_uri, ENDPOINT_REQUIRED},
        {"device_authorization_endpoint", connection->device_authorization_endpoint,
         &discovery->device_authorization_endpoint, ENDPOINT_OPTIONAL},
        {"userinfo_endpoint", connection->userinfo_endpoint, &discovery->userinfo_endpoint,
         ENDPOINT_OPTIONAL},
        {"revocation_endpoint", connection->revocation_endpoint, &discovery->revocation_endpoint,
         ENDPOINT_OPTIONAL},
        {"end_session_endpoint", connection->end_session_endpoint, &discovery->end_session_endpoint,
         ENDPOINT_FOR_SHOW},
    };

    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        const enum reason reason = take_endpoint(top, connection, &endpoints[i]);

        if (reason != REASON_OK) {
            *ret_field = endpoints[i].name;
            return reason;
        }
    }
    if (!discovery->device_authorization_endpoint) {
        *ret_field = "device_authorization_endpoint";
        return REASON_NO_DEVICE_ENDPOINT;
    }
    return REASON_OK;
}

/* An optional list; false when it is there and no list. */
static bool take_list(const struct json_value *top, const char *name, const struct json_value **ret_list,
                      const char **ret_field)
{
    const struct json_value *list = json_get(top, name);

    if (list && !json_is_array(list)) {
        *ret_field = name;
        return false;
    }
    *ret_list = list;
    return true;
}

static bool list_names(const struct json_value *list, const char *word)
{
    for (size_t i = 0; i < json_array_length(list); i++)
        if (json_string_is(json_array_at(list, i), word))
            return true;
    return false;
}

static bool list_names_alg(const struct json_value *list, const char *alg)
{
    for (size_t i = 0; i < json_array_length(list); i++) {
        const char *name = "";

        (void)json_string(json_array_at(list, i), &name, NULL); /* what is no string names none */
        if (jws_alg_is_same(name, alg))
            return true;
    }
    return false;
}

static enum reason take_all(const struct json_value *top, const struct connection *connection,
                            struct discovery *discovery, const char **ret_field)
{
    const struct json_value *challenge_methods = NULL;
    enum reason reason;
    size_t length;

    *ret_field = "issuer";
    if (!json_string(json_get(top, "issuer"), &discovery->issuer, &length))
        return REASON_DISCOVERY_INVALID;
    if (!connection_is_issuer(connection, discovery->issuer))
        return REASON_ISSUER_MISMATCH;
    discovery->issuer_is_exact = !strstr(discovery->issuer, TENANT);
    reason = take_endpoints(top, connection, discovery, ret_field);
    if (reason != REASON_OK)
        return reason;
    if (!take_list(top, "id_token_signing_alg_values_supported", &discovery->signing_algs, ret_field) ||
        !take_list(top, "token_endpoint_auth_methods_supported", &discovery->client_auth_methods,
                   ret_field) ||
        !take_list(top, "token_endpoint_auth_signing_alg_values_supported", &discovery->client_signing_algs,
                   ret_field) ||
        !take_list(top, "code_challenge_methods_supported", &challenge_methods, ret_field))
        return REASON_DISCOVERY_INVALID;
    discovery->pkce_s256 = list_names(challenge_methods, METHOD_S256);
    return REASON_OK;
}

enum reason discovery_parse(const char *text, size_t length, const struct connection *connection,
                            struct discovery *ret_discovery, const char **ret_field)
{
    AUTO_DISCOVERY struct discovery discovery = {0};
    const char *field = NULL;
    enum reason reason;

    if (length > DISCOVERY_MAX)
        return REASON_IDP_TOO_LARGE;
    discovery.document = json_parse(text, length);
    if (!discovery.document)
        return REASON_IDP_BAD_JSON;
    reason = take_all(json_top(discovery.document), connection, &discovery, &field);
    if (reason != REASON_OK) {
        if (ret_field)
            *ret_field = field;
        return reason;
    }
    *ret_discovery = discovery;
    discovery = (struct discovery){0};
    return REASON_OK;
}

enum reason discovery_from_connection(const struct connection *connection, struct discovery *ret_discovery,
                                      const char **ret_field)
{
    struct discovery discovery = {.issuer = connection->issuer};
    const char *field = "issuer";
    enum reason reason = REASON_DISCOVERY_INVALID;

    if (connection->issuer)
        reason = take_endpoints(NULL, connection, &discovery, &field);
    if (reason == REASON_OK)
        *ret_discovery = discovery;
    else if (ret_field)
        *ret_field = field;
    return reason;
}

void discovery_clear(struct discovery *discovery)
{
    json_free(discovery->document);
    *discovery = (struct discovery){0};
}

char **discovery_signing_algs(const struct discovery *discovery, char *const *configured)
{
    size_t count = 0, kept = 0;
    char **algs;

    while (configured[count])
        count++;
    algs = calloc(count + 1, sizeof *algs);
    if (!algs)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (!discovery->signing_algs || list_names_alg(discovery->signing_algs, configured[i]))
            algs[kept++] = configured[i];
    return algs;
}
