/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tables as RFC 4180 has them: commas, quotes doubled within quotes, a header row. Spreadsheets take a value
 * that begins with = + - @ tab or CR for a formula, so such a value gets an apostrophe before it, which
 * reading takes away again.
 */
#ifndef HELPER_CLI_MEMBER_CSV_H
#define HELPER_CLI_MEMBER_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define CSV_FIELDS_MAX 32

/* One field; `first` of its row or not. */
void csv_write(FILE *file, const char *value, bool first);

/* The next row of a text, which is cut in place; its end moves on. */
struct csv_reader {
    char *rest;    /* NULL: the end */
    unsigned line; /* where the row began, from 1 */
    unsigned next_line;
};
struct csv_row {
    char *fields[CSV_FIELDS_MAX];
    size_t count;
};
/* False: the end, or *ret_why (static) says what is wrong. */
bool csv_read(struct csv_reader *reader, struct csv_row *ret_row, const char **ret_why);

#endif
