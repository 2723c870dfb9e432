/* SPDX-License-Identifier: BSD-2-Clause */
/* Provider metadata: fetched, judged, and turned into the few fields a sign-in needs. */
#include "oidc/discovery.h"

#include <string.h>
#include <strings.h>

#include "display/text.h"
#include "jose/jws.h"

#define WELL_KNOWN  "/.well-known/openid-configuration"
#define HTTPS       "https://"
#define STATUS_OK   200
#define STATUS_BUSY 429
#define METHOD_S256 "S256"

/* A member that holds an URL, and where it goes. */
struct endpoint {
    const char *name;
    const char **place;
    bool required;
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

enum reason discovery_fetch(struct http *http, const char *issuer, struct http_answer *ret_answer)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    AUTO_FREE char *url = discovery_url(issuer);
    AUTO_JSON struct json_document *document = NULL;
    enum reason reason;

    if (!url)
        return REASON_INTERNAL;
    reason =
        http_perform(http, &(struct http_request){.url = url, .timeout_ms = HTTP_REQUEST_MAX_MS}, &answer);
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

static enum reason take_endpoint(const struct json_value *top, const struct endpoint *endpoint)
{
    const struct json_value *value = json_get(top, endpoint->name);
    const char *url;
    size_t length;

    if (!value || json_string_is(value, ""))
        return endpoint->required ? REASON_DISCOVERY_INVALID : REASON_OK;
    if (!json_string(value, &url, &length))
        return REASON_DISCOVERY_INVALID;
    if (strncasecmp(url, HTTPS, strlen(HTTPS)) != 0)
        return REASON_ENDPOINT_NOT_HTTPS;
    if (!text_is_safe_https_url(url, length, DISCOVERY_URL_MAX))
        return REASON_DISCOVERY_INVALID;
    *endpoint->place = url;
    return REASON_OK;
}

static enum reason take_endpoints(const struct json_value *top, struct discovery *discovery,
                                  const char **ret_field)
{
    const struct endpoint endpoints[] = {
        {"token_endpoint", &discovery->token_endpoint, true},
        {"jwks_uri", &discovery->jwks_uri, true},
        {"device_authorization_endpoint", &discovery->device_authorization_endpoint, false},
        {"userinfo_endpoint", &discovery->userinfo_endpoint, false},
        {"revocation_endpoint", &discovery->revocation_endpoint, false},
    };

    for (size_t i = 0; i < sizeof endpoints / sizeof endpoints[0]; i++) {
        const enum reason reason = take_endpoint(top, &endpoints[i]);

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
        const char *name;

        if (json_string(json_array_at(list, i), &name, NULL) && jws_alg_is_same(name, alg))
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
    reason = take_endpoints(top, discovery, ret_field);
    if (reason != REASON_OK)
        return reason;
    if (!take_list(top, "id_token_signing_alg_values_supported", &discovery->signing_algs, ret_field) ||
        !take_list(top, "token_endpoint_auth_methods_supported", &discovery->client_auth_methods,
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
