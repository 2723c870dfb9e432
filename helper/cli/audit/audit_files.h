/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The audit file and those that were rotated away, as one row of records, oldest first. They are opened
 * once, so that a rotation meanwhile neither hides a record nor shows one twice.
 */
#ifndef HELPER_CLI_AUDIT_FILES_H
#define HELPER_CLI_AUDIT_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "audit/audit.h"

struct audit_files {
    const char *path;
    FILE *open[AUDIT_KEEP_MAX + 1]; /* newest first */
    size_t count;
    char *line; /* of getdelim */
    size_t size;
};

/* 0, or errno: none is there (ENOENT), or one that is cannot be read; *ret_path (malloc'd) says which. */
int audit_files_open(const char *path, struct audit_files *ret_files, char **ret_path);
void audit_files_close(struct audit_files *files);

/* Called for each line, without its end. False: enough. */
struct audit_taker {
    bool (*take)(void *context, const char *line, size_t length);
    void *context;
};

/*
 * All lines that are there, from the first on; still_grows: but for one at the very end that has no end yet.
 * False: the callback had enough, or a file could not be read.
 */
bool audit_files_each(struct audit_files *files, bool still_grows, struct audit_taker taker);

/* Each line that comes from now on, in the newest file and in those that follow it. False, as above. */
bool audit_files_follow(struct audit_files *files, struct audit_taker taker);

#endif
