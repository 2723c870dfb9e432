/* SPDX-License-Identifier: BSD-2-Clause */
/* Token revocation (RFC 7009): tokens do not outlive the sign-in where the server lets us end them. */
#include "oidc/client_auth.h"
#include "oidc/device_grant.h"

#define TIMEOUT_MS 1500 /* the host may have gone already, and its child must soon follow */

void device_tokens_revoke(struct http *http, const struct device_client *client,
                          const struct discovery *discovery, const struct device_tokens *tokens)
{
    const bool has_refresh = tokens->refresh_token.length > 0;
    const struct secret *token = has_refresh ? &tokens->refresh_token : &tokens->access_token;
    AUTO_CLIENT_FORM struct client_form form = {0};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};

    if (!discovery->revocation_endpoint || token->length == 0)
        return;
    if (!client_form_begin(client, &form) || !client_form_add(&form, "token", token->bytes) ||
        !client_form_add(&form, "token_type_hint", has_refresh ? "refresh_token" : "access_token"))
        return;
    (void)client_form_post(http, discovery->revocation_endpoint, &form, TIMEOUT_MS, &answer);
}
