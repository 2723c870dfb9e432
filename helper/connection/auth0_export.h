/* SPDX-License-Identifier: BSD-2-Clause */
/* The way back: a connection of ours as the Management API's body, as far as it has a place for it. */
#ifndef HELPER_AUTH0_EXPORT_H
#define HELPER_AUTH0_EXPORT_H

#include "connection/auth0_notes.h"
#include "connection/connection.h"
#include "json/json.h"

/*
 * The body, without the client secret. auth0_import makes the same connection of it, but for the secret and
 * for settings that auth0_has_place knows no place for. NULL: no memory.
 */
struct json_document *auth0_export(const struct connection *connection);

/* Is this setting (a canonical key) part of the body? False: *ret_why says what becomes of it. */
bool auth0_has_place(const char *key, const char **ret_why);

#endif
