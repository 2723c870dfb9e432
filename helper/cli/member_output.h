/* SPDX-License-Identifier: BSD-2-Clause */
/* A member as a row of a table, as a sheet, and as a JSON object. Each: false when it could not be written.
 */
#ifndef HELPER_CLI_MEMBER_OUTPUT_H
#define HELPER_CLI_MEMBER_OUTPUT_H

#include <stdbool.h>

#include "members/store.h"

void member_print_header(void);
bool member_print_row(const struct member *member);
bool member_print_details(const struct member *member);
bool member_print_json(const struct member *member);

#endif
