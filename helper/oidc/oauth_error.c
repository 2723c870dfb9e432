/* SPDX-License-Identifier: BSD-2-Clause */
/* Error codes of OAuth answers. */
#include "oidc/oauth_error.h"

#include <stdio.h>
#include <string.h>

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

bool oauth_error_is_clients(const char *error)
{
    return strcmp(error, "invalid_client") == 0 || strcmp(error, "unauthorized_client") == 0;
}
