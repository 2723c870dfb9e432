/* SPDX-License-Identifier: BSD-2-Clause */
/* The settings of a ready-made program, and its secret: files that are root's, as those of frontdesk.conf
 * are. */
#ifndef HELPER_HOOK_FILE_H
#define HELPER_HOOK_FILE_H

#include "config/settings.h"
#include "secret.h"

#define HOOK_SECRET_MAX 1024 /* bytes */

/* One section, [name], and what may stand in it; `section` of each row means nothing here. */
struct hook_table {
    const char *name;
    const struct setting *settings;
    size_t count; /* SETTINGS_MAX at most */
};

/* Fills a zeroed record: defaults, then the file. False: *ret_why (malloc'd; NULL: no memory) says why. */
bool hook_file_read(const char *path, const struct hook_table *table, void *record, char **ret_why);

/* Frees what it has, which may be a part: fields of texts, wherever a row's parser stores one. */
void hook_file_clear(const struct hook_table *table, void *record);

/* One line of text. A plain name is a systemd credential of frontdesk-hooks.service. */
bool hook_secret_read(const char *file, struct secret *ret_secret, char **ret_why);

/* For the man pages and --help: each row with its default and its help. */
void hook_table_print(const struct hook_table *table);

#endif
