/* SPDX-License-Identifier: BSD-2-Clause */
/* A record as a row of a table. */
#ifndef HELPER_CLI_AUDIT_PRINT_H
#define HELPER_CLI_AUDIT_PRINT_H

#include <stdbool.h>

#include "json/json.h"

bool audit_print_header(void);

/* Harmless on every terminal, whatever the record says. False: nobody reads it. */
bool audit_print_row(const struct json_value *record);

#endif
