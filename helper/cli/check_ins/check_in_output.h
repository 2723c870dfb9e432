/* SPDX-License-Identifier: BSD-2-Clause */
/* A check-in as a row of a table, of a CSV file, and as a JSON object. Each: false when it could not be
 * written. */
#ifndef HELPER_CLI_CHECK_IN_OUTPUT_H
#define HELPER_CLI_CHECK_IN_OUTPUT_H

#include "members/store_check_ins.h"
#include "json/json.h"

void check_in_print_header(void);
bool check_in_print_row(const struct member *member, const struct check_in *check_in);

/* For a roll call: full names, and no end. */
void check_in_print_call_header(void);
bool check_in_print_call(const struct member *member, const struct check_in *check_in);

bool check_in_print_json(const struct member *member, const struct check_in *check_in);

void check_in_print_csv_header(void);
bool check_in_print_csv(const struct member *member, const struct check_in *check_in);

#endif
