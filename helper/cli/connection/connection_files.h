/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of the configuration as the command writes them: whole or not at all, even when the power fails. */
#ifndef HELPER_CLI_CONNECTION_FILES_H
#define HELPER_CLI_CONNECTION_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FILES_OWN_GROUP ((gid_t)-1) /* the caller's */

struct new_file {
    const char *name;
    const void *bytes;
    size_t length;
    mode_t mode;
    gid_t group;
};

/*
 * A folder below an open one, made when it is missing; what is there must be a folder that only its trusted
 * owner may write. -1: *ret_why (static).
 */
int files_open_folder(int parent, const char *name, mode_t mode, gid_t group, bool *ret_made,
                      const char **ret_why);

/* Never overwrites: EEXIST. Both: 0, or an errno, and then the folder is as it was. */
int files_create(int folder, const struct new_file *file);

/* In the place of the file that is there, with its owner, group and mode. */
int files_replace(int folder, const char *name, const void *bytes, size_t length);

#endif
