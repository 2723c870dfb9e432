/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims for the screen of an administrator: enough to set a connection up, and nobody's private data. */
#ifndef HELPER_CLI_REDACT_H
#define HELPER_CLI_REDACT_H

#include <stdbool.h>
#include <stdio.h>

#include "connection/connection.h"
#include "json/json.h"

/*
 * Claims of the protocol, and those that the connection's rules and groups are about, may be shown; all
 * others say something of the person. path: a claim's name; of one within another, names with dots between.
 */
bool claim_is_public(const struct connection *connection, const char *path);

/*
 * What stands for a private value, as JSON: of an e-mail address its domain, of other texts nothing (a first
 * letter tells a sex), of everything else its kind. malloc'd, NULL: no memory.
 */
char *claim_redact(const struct json_value *value);

/* As JSON: the value when it is public; of an object around a public value that one; else what stands for it.
 */
void claim_write_value(FILE *text, const struct connection *connection, const char *path,
                       const struct json_value *value);

/* `"name":`, escaped as JSON has it. */
void claim_write_name(FILE *text, const char *name);

#endif
