/* SPDX-License-Identifier: BSD-2-Clause */
/* Token revocation (RFC 7009): tokens do not outlive the sign-in where the server lets us end them. */
#include "oidc/client_auth.h"
#include "oidc/device_grant.h"

#define STATUS_SERVER_FAULT 500
#define TIMEOUT_MS          1500 /* the host may have gone already, and its child must soon follow */

/* False: the endpoint is not one that would answer the next request either. */
static bool revoke_token(struct http *http, const struct device_client *client, const char *endpoint,
                         const struct secret *token, const char *type)
{
    AUTO_CLIENT_FORM struct client_form form = {0};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};

    if (token->length == 0)
        return true;
    return client_form_begin(client, &form) && client_form_add(&form, "token", token->bytes) &&
           client_form_add(&form, "token_type_hint", type) &&
           client_form_post(http, endpoint, &form, TIMEOUT_MS, &answer) == REASON_OK &&
           answer.status < STATUS_SERVER_FAULT;
}

void device_tokens_revoke(struct http *http, const struct device_client *client,
                          const struct discovery *discovery, const struct device_tokens *tokens)
{
    const char *endpoint = discovery->revocation_endpoint;

    if (endpoint && revoke_token(http, client, endpoint, &tokens->refresh_token, "refresh_token"))
        (void)revoke_token(http, client, endpoint, &tokens->access_token, "access_token");
}
