/* SPDX-License-Identifier: BSD-2-Clause */
/* What reaches the terminal or a script: one JSON object a line, or text that cannot harm the screen. */
#ifndef HELPER_CLI_OUTPUT_H
#define HELPER_CLI_OUTPUT_H

#include <stddef.h>

#include "json/json.h"

/* "frontdesk: ..." on standard error. */
__attribute__((format(printf, 1, 2))) void output_error(const char *format, ...);

/* "frontdesk: ... (try `frontdesk COMMAND --help`)", gives EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int output_usage_error(const char *command, const char *format, ...);

/* One line on standard output, flushed. False: memory, or nobody reads it. */
bool output_json(const struct json_document *document);

/* A foreign string for the screen: as it is when printable, else escaped into the buffer. NULL becomes "". */
const char *output_text(const char *foreign, char *buffer, size_t size);

#endif
