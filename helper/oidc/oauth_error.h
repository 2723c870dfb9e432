/* SPDX-License-Identifier: BSD-2-Clause */
/* The `error` member of OAuth answers (RFC 6749 5.2), made harmless for the log. */
#ifndef HELPER_OAUTH_ERROR_H
#define HELPER_OAUTH_ERROR_H

#include <stdbool.h>
#include <stddef.h>

#include "json/json.h"

#define OAUTH_ERROR_MAX       63  /* bytes kept */
#define OAUTH_DESCRIPTION_MAX 159 /* likewise; for the log, never for a person */

/* False: there is none. A member of another type than string is an error, too: "malformed". */
bool oauth_error(const struct json_value *top, char ret_error[OAUTH_ERROR_MAX + 1]);

/* error_description, made harmless; "" when there is none. */
void oauth_error_description(const struct json_value *top, char ret_text[OAUTH_DESCRIPTION_MAX + 1]);

/* The server does not want this client: a matter for the administrator, not for the person. */
bool oauth_error_is_clients(const char *error);

#endif
