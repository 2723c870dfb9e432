/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who did what, one line of JSON each, in a file that is only ever appended to (frontdesk:adm 0640). Opened
 * for each record, O_NOFOLLOW; one write for a whole line. No secret and no token is ever part of a record.
 * Not synced to the disk: the kernel does that within seconds, as for every log, and a slow disk must not
 * hold everybody's sign-in.
 *
 * Before it grows beyond its size the file becomes FILE.1, FILE.1 becomes FILE.2, and so on; the oldest goes.
 * A crash in between loses nothing: the record that was to come has not been written, so what it stood for
 * did not happen, and a gap in the numbers is filled by the next rotation. Whoever appends holds FILE.lock,
 * which nobody else may open.
 *
 * The members of a record are told in frontdesk.8.
 */
#ifndef HELPER_AUDIT_H
#define HELPER_AUDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "json/json.h"

#define AUDIT_KEEP_MAX 99 /* rotated files */
#define AUDIT_PATH_MAX 4096
#define AUDIT_LINE_MAX 960 /* bytes; program and number stand before it, all within a kibibyte */

struct audit_file {
    const char *path;
    size_t max_size; /* bytes; 0: never rotated */
    unsigned keep;   /* rotated files that stay */
};

/* A record with time and event in it; NULL: no memory. The caller adds the rest and frees it. */
struct json_document *audit_record(const char *event);

/*
 * Could a record be appended now, and is there room for it? Asked before something is done that must not stay
 * unrecorded. As below.
 */
bool audit_is_ready(const char *path, char **ret_why);

/*
 * Appends it. False: *ret_why (malloc'd, NULL for want of memory) says why; the file then ends as before, or
 * in a broken line that the next record does not join.
 */
bool audit_append(const struct audit_file *file, const struct json_document *record, char **ret_why);

/*
 * The record as a line of the log, long strings cut visibly; malloc'd. NULL: no memory, or it does not even
 * fit so.
 */
char *audit_line(const struct json_document *record);

/* "PATH.7" of a rotated file; false: too long. */
bool audit_rotated_path(const char *path, unsigned number, char ret_path[AUDIT_PATH_MAX]);

/* For audit_append, which holds the lock: makes room for so many bytes more. */
void audit_rotate(const struct audit_file *file, size_t more);

#endif
