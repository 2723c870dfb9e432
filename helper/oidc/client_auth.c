/* SPDX-License-Identifier: BSD-2-Clause */
/* Client authentication: which method, and what it adds to a request. */
#include "oidc/client_auth.h"

#include <string.h>

#include "jose/signing_key.h"
#include "oidc/client_assertion.h"

#define STATUS_UNAUTHORIZED 401

/* RFC 8414 section 2: a server that lists no method takes client_secret_basic. */
static bool server_takes(const struct json_value *methods, const char *method)
{
    for (size_t i = 0; i < json_array_length(methods); i++)
        if (json_string_is(json_array_at(methods, i), method))
            return true;
    return false;
}

static enum reason choose_method(enum client_auth configured, const struct secret *secret,
                                 const struct discovery *discovery, enum client_auth *ret_method)
{
    const struct json_value *methods = discovery->client_auth_methods;

    if (configured != CLIENT_AUTH_AUTO)
        *ret_method = configured;
    else if (secret->length == 0)
        *ret_method = CLIENT_AUTH_NONE;
    else if (signing_key_is_pem(secret->bytes, secret->length))
        *ret_method = CLIENT_AUTH_PRIVATE_KEY_JWT;
    else if (!methods || server_takes(methods, "client_secret_basic"))
        *ret_method = CLIENT_AUTH_BASIC;
    else if (server_takes(methods, "client_secret_post"))
        *ret_method = CLIENT_AUTH_POST;
    else
        return REASON_NO_CLIENT_AUTH;
    return REASON_OK;
}

/* A private key never travels, and nothing else signs. */
static enum reason prepare_proof(struct device_client *client, const struct connection *connection,
                                 const struct discovery *discovery)
{
    const struct secret *secret = client->secret;
    const bool sends_secret = client->method == CLIENT_AUTH_BASIC || client->method == CLIENT_AUTH_POST;

    if (sends_secret && signing_key_is_pem(secret->bytes, secret->length))
        return REASON_CLIENT_KEY_UNUSABLE;
    if (client->method != CLIENT_AUTH_PRIVATE_KEY_JWT)
        return REASON_OK;
    client->signing_alg = client_assertion_alg(connection->client_auth_signing_alg, secret, discovery);
    client->key_id = connection->client_key_id;
    client->assertion_audience = connection->client_assertion_audience == ASSERTION_ISSUER
                                     ? discovery->issuer
                                     : discovery->token_endpoint;
    return client->signing_alg ? REASON_OK : REASON_CLIENT_KEY_UNUSABLE;
}

enum reason device_client_make(const struct connection *connection, const struct secret *secret,
                               const struct discovery *discovery, enum client_spelling spelling,
                               struct device_client *ret_client)
{
    struct device_client client = {
        .client_id = connection->client_id,
        .secret = secret,
        .spelling = spelling,
        .scopes = connection->scopes,
        .extra_params = connection->extra_params,
        .pkce = connection->pkce,
        .connection = connection,
    };
    enum reason reason = choose_method(connection->client_auth_method, secret, discovery, &client.method);

    if (reason == REASON_OK)
        reason = prepare_proof(&client, connection, discovery);
    if (reason == REASON_OK)
        *ret_client = client;
    return reason;
}

static const char *secret_text(const struct device_client *client)
{
    return client->secret->bytes ? client->secret->bytes : "";
}

static bool add_basic(const struct device_client *client, struct client_form *form)
{
    const bool is_raw = client->spelling == CLIENT_SPELLING_RAW;

    form->basic_user = is_raw ? strdup(client->client_id) : http_form_encode(client->client_id);
    form->basic_password = is_raw ? strdup(secret_text(client)) : http_form_encode(secret_text(client));
    return form->basic_user && form->basic_password;
}

static bool add_assertion(const struct device_client *client, struct client_form *form)
{
    AUTO_ERASE char *assertion = client_assertion_new(client);

    return assertion && http_form_add(&form->form, "client_assertion_type", CLIENT_ASSERTION_TYPE) &&
           http_form_add(&form->form, "client_assertion", assertion);
}

static bool add_proof(const struct device_client *client, struct client_form *form)
{
    switch (client->method) {
    case CLIENT_AUTH_NONE:
        return true;
    case CLIENT_AUTH_BASIC:
        return add_basic(client, form);
    case CLIENT_AUTH_POST:
        return http_form_add(&form->form, "client_secret", secret_text(client));
    case CLIENT_AUTH_PRIVATE_KEY_JWT:
        return add_assertion(client, form);
    case CLIENT_AUTH_AUTO:
        break;
    }
    return false;
}

static bool is_spelled_otherwise(const char *text)
{
    AUTO_ERASE char *encoded = http_form_encode(text);

    return encoded && strcmp(encoded, text) != 0;
}

/* Raw, a client_id cannot have a colon: Basic ends it there (RFC 7617). */
static bool has_two_spellings(const struct device_client *client)
{
    return client->method == CLIENT_AUTH_BASIC && !strchr(client->client_id, ':') &&
           (is_spelled_otherwise(client->client_id) || is_spelled_otherwise(secret_text(client)));
}

static enum client_spelling other_spelling(enum client_spelling spelling)
{
    return spelling == CLIENT_SPELLING_FORM ? CLIENT_SPELLING_RAW : CLIENT_SPELLING_FORM;
}

bool client_is_respelled(struct device_client *client, bool was_refused)
{
    if (client->trial == TRIAL_RUNS) {
        client->trial = was_refused ? TRIAL_LOST : TRIAL_WON;
        if (was_refused)
            client->spelling = other_spelling(client->spelling);
        return false;
    }
    if (!was_refused || client->trial != TRIAL_NONE || !has_two_spellings(client))
        return false;
    client->trial = TRIAL_RUNS;
    client->spelling = other_spelling(client->spelling);
    return true;
}

bool client_was_refused(long status, const char *error)
{
    return strcmp(error, "invalid_client") == 0 || (status == STATUS_UNAUTHORIZED && error[0] == '\0');
}

bool client_form_begin(const struct device_client *client, struct client_form *ret_form)
{
    AUTO_CLIENT_FORM struct client_form form = {0};

    if (!http_form_add(&form.form, "client_id", client->client_id) || !add_proof(client, &form))
        return false;
    *ret_form = form;
    form = (struct client_form){0};
    return true;
}

bool client_form_add(struct client_form *form, const char *name, const char *value)
{
    return http_form_add(&form->form, name, value);
}

enum reason client_form_post(struct http *http, const char *url, const struct client_form *form,
                             long timeout_ms, struct http_answer *ret_answer)
{
    const struct http_request request = {.url = url,
                                         .form = form->form.text,
                                         .basic_user = form->basic_user,
                                         .basic_password = form->basic_password,
                                         .timeout_ms = timeout_ms,
                                         .defers_busy = form->is_poll};

    return http_perform(http, &request, ret_answer);
}

void client_form_erase(struct client_form *form)
{
    http_form_erase(&form->form);
    erase_and_free(form->basic_user);
    erase_and_free(form->basic_password);
    *form = (struct client_form){0};
}
