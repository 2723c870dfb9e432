/* SPDX-License-Identifier: BSD-2-Clause */
/* One configuration file: opened safely, read whole, cut into lines. Knows no key and no section. */
#ifndef HELPER_CONFIG_FILE_H
#define HELPER_CONFIG_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum config_file_result { CONFIG_FILE_OK, CONFIG_FILE_MISSING, CONFIG_FILE_REFUSED };

/*
 * `name` below the open folder. CONFIG_FILE_OK: *ret_text is malloc'd, *ret_length bytes and a NUL. _MISSING:
 * there is none. _REFUSED: *ret_why (static) says why.
 */
enum config_file_result config_file_load(int folder, const char *name, char **ret_text, size_t *ret_length,
                                         const char **ret_why);
/* The same of a file in /usr: systems that keep several versions of it (OSTree) give one file a name in each.
 */
enum config_file_result config_file_load_vendors(int folder, const char *name, char **ret_text,
                                                 size_t *ret_length, const char **ret_why);

/* A folder of configuration files: a directory that only root or this user may write. -1: *ret_why (static);
 * *ret_missing when there is none. */
int config_folder_open(int parent, const char *name, bool *ret_missing, const char **ret_why);

/* What a file says, line by line (from 1). Strings live for the call only. */
struct config_lines {
    void *context;
    void (*section)(void *context, unsigned line, const char *kind, const char *name); /* name "": none */
    void (*entry)(void *context, unsigned line, const char *key, const char *value);
    void (*fault)(void *context, unsigned line, const char *why);
};

/* Cuts and judges; `text` is written into. */
void config_file_parse(char *text, size_t length, const struct config_lines *lines);

#endif
