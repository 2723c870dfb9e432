/* SPDX-License-Identifier: BSD-2-Clause */
/* A file of members as rows to import: JSON, an object a line, or CSV; the fields of an export. */
#ifndef HELPER_CLI_MEMBER_ROWS_H
#define HELPER_CLI_MEMBER_ROWS_H

#include "cli/members/members_work.h"

#define MEMBER_FILE_MAX  (32 * 1024 * 1024) /* bytes */
#define MEMBER_ROWS_MAX  100000
#define FORMER_NAMES_MAX 64 /* of one member */

struct member_rows {
    struct members_import_row *rows;
    unsigned *lines; /* where each stands */
    size_t count;
    struct json_document **documents; /* that own what the rows point at, when it was JSON */
    char ***former;                   /* lists that the rows point at */
};

/* `text` (NUL-terminated) is cut in place, and outlives the rows. False: *ret_why (malloc'd) is "line 3:
 * ...". */
bool member_rows_read(char *text, size_t length, enum members_format format, struct member_rows *ret_rows,
                      char **ret_why);
void member_rows_clear(struct member_rows *rows);

#endif
