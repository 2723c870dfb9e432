/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a person signs out at the IdP (OpenID Connect RP-Initiated Logout 1.0). */
#ifndef HELPER_LOG_OUT_URL_H
#define HELPER_LOG_OUT_URL_H

#include "connection/connection.h"

/*
 * The endpoint that the connection types, else the one that the child found, with the connection's client_id,
 * by which an IdP knows who sends the person; malloc'd. NULL: none, none that a person may be shown, or no
 * memory. No id_token_hint: a URL on a screen is no place for a token, so the IdP asks the person itself.
 */
char *log_out_url_make(const struct connection *connection, const char *found);

#endif
