/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection's file before it is written: settings with their values, each judged by the table's parser. */
#ifndef HELPER_DRAFT_H
#define HELPER_DRAFT_H

#include <stdbool.h>
#include <stddef.h>

#include "connection/connection.h"

struct draft {
    struct name_value *lines; /* in the order they came; names are canonical */
    size_t count;
};

/*
 * Adds a line. key may be an alias. False: nothing was added, and *ret_why (malloc'd; NULL: no memory) is a
 * sentence.
 */
bool draft_add(struct draft *draft, const char *key, const char *value, char **ret_why);

/* The first value of this key, NULL: none. */
const char *draft_get(const struct draft *draft, const char *key);

/* The file, with the settings in the order of the table; malloc'd, NULL for want of memory. */
char *draft_text(const struct draft *draft);

void draft_clear(struct draft *draft);

#endif
