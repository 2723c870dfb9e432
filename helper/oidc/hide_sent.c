/* SPDX-License-Identifier: BSD-2-Clause */
/* One word after the other is looked for. */
#include "oidc/hide_sent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/text.h"
#include "http/http.h"
#include "jose/base64url.h"
#include "log.h"
#include "oidc/hide.h"
#include "secret.h"

/* NULL, for want of memory, leaves nothing to be told. */
static void hide_made(char *told, const char *made)
{
    if (made)
        hide_secret(told, made);
    else
        told[0] = '\0';
}

void hide_sent(char *told, const char *secret)
{
    AUTO_ERASE char *form = NULL;
    char plain[LOG_STRING_MAX + 1];

    if (secret[0] == '\0')
        return;
    form = http_form_encode(secret);
    text_make_plain(secret, plain, sizeof plain);
    hide_secret(told, secret);
    hide_secret(told, plain);
    hide_made(told, form);
    explicit_bzero(plain, sizeof plain);
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

void hide_client(char *told, const char *client_id, const char *secret)
{
    AUTO_ERASE char *form_id = NULL;
    AUTO_ERASE char *form_secret = NULL;

    if (!secret || secret[0] == '\0')
        return;
    form_id = http_form_encode(client_id);
    form_secret = http_form_encode(secret);
    hide_basic(told, client_id, secret);
    hide_basic(told, form_id, form_secret);
    hide_sent(told, secret);
}
