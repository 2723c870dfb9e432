/* SPDX-License-Identifier: BSD-2-Clause */
/* A member as a row of a table, as a sheet, and as a JSON object. Each: false when it could not be written.
 */
#ifndef HELPER_CLI_MEMBER_OUTPUT_H
#define HELPER_CLI_MEMBER_OUTPUT_H

#include <stdbool.h>

#include "members/store.h"
#include "json/json.h"

#define MEMBER_TIME_TEXT 32

void member_print_header(void);
bool member_print_row(const struct member *member);
bool member_print_details(const struct member *member);
bool member_print_json(const struct member *member);

/* ISO 8601, UTC; "" for never. */
const char *member_time_text(int64_t seconds, char buffer[MEMBER_TIME_TEXT]);
/* False: it is none. */
bool member_time_parse(const char *text, int64_t *ret_seconds);

/* The members of member_print_json. False: no memory. */
bool member_add_json(struct json_document *document, const struct member *member);

#endif
