/* SPDX-License-Identifier: BSD-2-Clause */
/* Client authentication: which method, and what it adds to a request. */
#include "oidc/client_auth.h"

/* RFC 8414 section 2: a server that lists no method takes client_secret_basic. */
static bool server_takes(const struct json_value *methods, const char *method)
{
    for (size_t i = 0; i < json_array_length(methods); i++)
        if (json_string_is(json_array_at(methods, i), method))
            return true;
    return false;
}

enum reason device_client_method(enum client_auth configured, const struct secret *secret,
                                 const struct discovery *discovery, enum client_auth *ret_method)
{
    const struct json_value *methods = discovery->client_auth_methods;
    enum client_auth method;

    if (configured != CLIENT_AUTH_AUTO)
        method = configured;
    else if (secret->length == 0)
        method = CLIENT_AUTH_NONE;
    else if (!methods || server_takes(methods, "client_secret_basic"))
        method = CLIENT_AUTH_BASIC;
    else if (server_takes(methods, "client_secret_post"))
        method = CLIENT_AUTH_POST;
    else
        return REASON_NO_CLIENT_AUTH;
    *ret_method = method;
    return REASON_OK;
}

static const char *secret_text(const struct device_client *client)
{
    return client->secret->bytes ? client->secret->bytes : "";
}

static bool add_proof(const struct device_client *client, struct client_form *form)
{
    if (client->method == CLIENT_AUTH_POST)
        return http_form_add(&form->form, "client_secret", secret_text(client));
    if (client->method == CLIENT_AUTH_BASIC) {
        form->basic_user = http_form_encode(client->client_id);
        form->basic_password = http_form_encode(secret_text(client));
        return form->basic_user && form->basic_password;
    }
    return true;
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
                                         .timeout_ms = timeout_ms};

    return http_perform(http, &request, ret_answer);
}

void client_form_erase(struct client_form *form)
{
    http_form_erase(&form->form);
    erase_and_free(form->basic_user);
    erase_and_free(form->basic_password);
    *form = (struct client_form){0};
}
