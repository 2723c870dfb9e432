/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims for the screen of an administrator: enough to set a connection up, and nobody's private data. */
#ifndef HELPER_CLI_REDACT_H
#define HELPER_CLI_REDACT_H

#include <stdbool.h>

#include "connection/connection.h"
#include "json/json.h"

/*
 * Claims of the protocol, and those that the connection's rules and groups are about, may be shown; all
 * others say something of the person.
 */
bool claim_is_public(const struct connection *connection, const char *name);

/*
 * What stands for a private value, as JSON: of a text its first character, of an e-mail address the domain,
 * too; of everything else its kind. malloc'd, NULL: no memory.
 */
char *claim_redact(const struct json_value *value);

#endif
