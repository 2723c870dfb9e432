/* SPDX-License-Identifier: BSD-2-Clause */
/* The device authorization request (RFC 8628 3.1). */
#include "oidc/device_grant.h"

#include <string.h>

#include "jose/hash.h"
#include "oidc/client_auth.h"
#include "oidc/device_answer.h"
#include "oidc/verification_page.h"

#define RANDOM_BYTES        32
#define STATUS_SERVER_FAULT 500
#define MS_PER_S            1000

static bool wants_pkce(const struct device_client *client, const struct discovery *discovery)
{
    return client->pkce == PKCE_S256 || (client->pkce == PKCE_AUTO && discovery->pkce_s256);
}

static bool add_scopes(struct client_form *form, char *const *scopes)
{
    AUTO_FREE char *joined = NULL;
    size_t size = 1;

    for (size_t i = 0; scopes[i]; i++)
        size += strlen(scopes[i]) + 1;
    joined = calloc(1, size);
    if (!joined)
        return false;
    for (size_t i = 0, at = 0; scopes[i]; i++)
        at += (size_t)snprintf(joined + at, size - at, "%s%s", i > 0 ? " " : "", scopes[i]);
    return client_form_add(form, "scope", joined);
}

static bool add_pkce(struct client_form *form, struct device_grant *grant)
{
    char challenge[HASH_SHA256_TEXT_SIZE];

    return secret_random_text(RANDOM_BYTES, grant->code_verifier, sizeof grant->code_verifier) &&
           hash_sha256_text(grant->code_verifier, challenge, sizeof challenge) &&
           client_form_add(form, "code_challenge", challenge) &&
           client_form_add(form, "code_challenge_method", "S256");
}

/* Where a server reads one in the query string only (Entra: the language of its page). */
static bool is_of_query(const char *name)
{
    return strcmp(name, "mkt") == 0;
}

static bool add_extra_params(struct client_form *form, const struct name_value *extra)
{
    for (; extra && extra->name; extra++)
        if (!is_of_query(extra->name) && !client_form_add(form, extra->name, extra->value))
            return false;
    return true;
}

/* The endpoint with what belongs into its query string; malloc'd. */
static char *device_url(const struct device_client *client, const struct discovery *discovery)
{
    const char *endpoint = discovery->device_authorization_endpoint;
    AUTO_HTTP_FORM struct http_form query = {0};
    char *url = NULL;

    for (const struct name_value *extra = client->extra_params; extra && extra->name; extra++)
        if (is_of_query(extra->name) && !http_form_add(&query, extra->name, extra->value))
            return NULL;
    if (!query.text)
        return strdup(endpoint);
    if (asprintf(&url, "%s%c%s", endpoint, strchr(endpoint, '?') ? '&' : '?', query.text) < 0)
        return NULL;
    return url;
}

static bool make_request(const struct device_client *client, bool pkce, struct device_grant *grant,
                         struct client_form *form)
{
    return client_form_begin(client, form) && add_scopes(form, client->scopes) &&
           secret_random_text(RANDOM_BYTES, grant->nonce, sizeof grant->nonce) &&
           client_form_add(form, "nonce", grant->nonce) && (!pkce || add_pkce(form, grant)) &&
           add_extra_params(form, client->extra_params);
}

static enum reason ask_for_code(struct http *http, const struct device_client *client, const char *url,
                                bool pkce, struct device_grant *ret_grant, long *ret_status)
{
    AUTO_CLIENT_FORM struct client_form form = {0};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    enum reason reason;

    *ret_grant = (struct device_grant){0};
    *ret_status = 0;
    if (!make_request(client, pkce, ret_grant, &form))
        return REASON_INTERNAL;
    reason = client_form_post(http, url, &form, HTTP_REQUEST_MAX_MS, &answer);
    if (reason != REASON_OK)
        return reason;
    *ret_status = answer.status;
    reason = device_answer_read(&answer, boottime_ms(), ret_grant);
    return reason == REASON_OK ? verification_page_judge(client->connection, ret_grant) : reason;
}

/* A server in trouble has not looked at the client. */
static bool was_looked_at(enum reason reason, long status)
{
    return status != 0 && reason != REASON_IDP_BUSY && status < STATUS_SERVER_FAULT;
}

static bool names_pkce(const struct device_grant *grant)
{
    return strcmp(grant->error, "invalid_request") == 0 && strstr(grant->description, "code_challenge");
}

enum reason device_grant_start(struct http *http, struct device_client *client,
                               const struct discovery *discovery, struct device_grant *ret_grant)
{
    AUTO_FREE char *url = device_url(client, discovery);
    bool pkce = wants_pkce(client, discovery), again = true;
    enum reason reason = REASON_INTERNAL;
    long status;

    *ret_grant = (struct device_grant){0};
    while (url && again) {
        device_grant_erase(ret_grant);
        reason = ask_for_code(http, client, url, pkce, ret_grant, &status);
        again = was_looked_at(reason, status) &&
                client_is_respelled(client, client_was_refused(status, ret_grant->error));
        if (pkce && client->pkce == PKCE_AUTO && names_pkce(ret_grant)) {
            pkce = false;
            again = true;
        }
    }
    return reason;
}

void device_grant_limit_life(struct device_grant *grant, uint32_t seconds)
{
    if (seconds == 0 || (long)seconds >= grant->expires_in_s)
        return;
    grant->expires_at_ms -= (int64_t)(grant->expires_in_s - (long)seconds) * MS_PER_S;
    grant->expires_in_s = (long)seconds;
}

void device_grant_erase(struct device_grant *grant)
{
    secret_erase(&grant->device_code);
    explicit_bzero(grant, sizeof *grant);
}

void device_tokens_erase(struct device_tokens *tokens)
{
    secret_erase(&tokens->id_token);
    secret_erase(&tokens->access_token);
    secret_erase(&tokens->refresh_token);
}
