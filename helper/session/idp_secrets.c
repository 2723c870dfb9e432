/* SPDX-License-Identifier: BSD-2-Clause */
/* Secrets are sent as they are, in forms, and as Basic credentials; each in one of few spellings. */
#include "session/idp_secrets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/text.h"
#include "jose/base64url.h"
#include "oidc/hide.h"

/* A description was made plain before it came here. */
static void hide_text(char *told, const char *secret)
{
    char plain[LOG_STRING_MAX + 1];

    text_make_plain(secret, plain, sizeof plain);
    hide_secret(told, secret);
    hide_secret(told, plain);
    explicit_bzero(plain, sizeof plain);
}

/* NULL, for want of memory, leaves nothing to be told. */
static void hide_made(char *told, const char *made)
{
    if (made)
        hide_secret(told, made);
    else
        told[0] = '\0';
}

static void hide_spellings(char *told, const char *secret)
{
    AUTO_ERASE char *form = http_form_encode(secret);

    hide_text(told, secret);
    hide_made(told, form);
}

/* Without its padding. NULL: no memory. */
static char *base64_of(const char *text)
{
    const size_t length = strlen(text), size = 4 * (length + 2) / 3 + 1;
    char *encoded = malloc(size);

    if (!encoded || !base64url_encode(text, length, encoded, size)) {
        free(encoded);
        return NULL;
    }
    for (char *c = encoded; *c; c++)
        *c = *c == '-' ? '+' : *c == '_' ? '/' : *c;
    return encoded;
}

static void hide_basic(char *told, const char *user, const char *password)
{
    AUTO_ERASE char *pair = NULL;
    AUTO_ERASE char *credentials = NULL;

    if (user && password && asprintf(&pair, "%s:%s", user, password) < 0)
        pair = NULL;
    credentials = pair ? base64_of(pair) : NULL;
    hide_made(told, credentials);
}

static void hide_client(char *told, const char *client_id, const char *secret)
{
    AUTO_ERASE char *form_id = http_form_encode(client_id);
    AUTO_ERASE char *form_secret = http_form_encode(secret);

    hide_basic(told, client_id, secret);
    hide_basic(told, form_id, form_secret);
    hide_spellings(told, secret);
}

void idp_hide_secrets(const struct idp *idp, char *told)
{
    const struct device_grant *grant = &idp->grant;
    const struct device_tokens *tokens = &idp->tokens;
    const char *const secrets[] = {
        grant->device_code.bytes, grant->user_code,           grant->nonce,
        grant->code_verifier,     tokens->access_token.bytes, tokens->refresh_token.bytes,
        tokens->id_token.bytes};
    const char *client_secret = idp->admission ? idp->admission->client_secret.bytes : NULL;

    if (client_secret && client_secret[0])
        hide_client(told, idp->connection->client_id, client_secret);
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (secrets[i] && secrets[i][0])
            hide_spellings(told, secrets[i]);
    hide_codes(told);
}
