/* SPDX-License-Identifier: BSD-2-Clause */
/* Error codes of OAuth answers. */
#include "oidc/oauth_error.h"

#include <stdio.h>
#include <string.h>

#include "display/text.h"

bool oauth_error(const struct json_value *top, char ret_error[OAUTH_ERROR_MAX + 1])
{
    const struct json_value *value = json_get(top, "error");
    const char *text = "malformed";
    size_t length;

    if (!value)
        return false;
    if (!json_string(value, &text, &length) || length == 0)
        text = "malformed";
    (void)snprintf(ret_error, OAUTH_ERROR_MAX + 1, "%s", text);
    for (char *c = ret_error; *c; c++)
        if (*c <= ' ' || *c > '~')
            *c = '?';
    return true;
}

void oauth_error_description(const struct json_value *top, char ret_text[OAUTH_DESCRIPTION_MAX + 1])
{
    const char *text = "";

    (void)json_string(json_get(top, "error_description"), &text, NULL);
    text_make_plain(text, ret_text, OAUTH_DESCRIPTION_MAX + 1);
}

bool oauth_error_is_clients(const char *error)
{
    return strcmp(error, "invalid_client") == 0 || strcmp(error, "unauthorized_client") == 0;
}
