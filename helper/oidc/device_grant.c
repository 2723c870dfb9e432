/* SPDX-License-Identifier: BSD-2-Clause */
/* The device authorization request (RFC 8628 3.1). */
#include "oidc/device_grant.h"

#include <string.h>

#include "jose/hash.h"
#include "oidc/client_auth.h"
#include "oidc/device_answer.h"

#define RANDOM_BYTES 32

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

static bool make_request(const struct device_client *client, const struct discovery *discovery,
                         struct device_grant *grant, struct client_form *form)
{
    return client_form_begin(client, form) && add_scopes(form, client->scopes) &&
           secret_random_text(RANDOM_BYTES, grant->nonce, sizeof grant->nonce) &&
           client_form_add(form, "nonce", grant->nonce) &&
           (!wants_pkce(client, discovery) || add_pkce(form, grant));
}

enum reason device_grant_start(struct http *http, const struct device_client *client,
                               const struct discovery *discovery, struct device_grant *ret_grant)
{
    AUTO_CLIENT_FORM struct client_form form = {0};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    enum reason reason;

    *ret_grant = (struct device_grant){0};
    if (!make_request(client, discovery, ret_grant, &form))
        return REASON_INTERNAL;
    reason =
        client_form_post(http, discovery->device_authorization_endpoint, &form, HTTP_REQUEST_MAX_MS, &answer);
    if (reason != REASON_OK)
        return reason;
    return device_answer_read(&answer, boottime_ms(), ret_grant);
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
