/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files behind the store's door share. */
#ifndef HELPER_STORE_INTERNAL_H
#define HELPER_STORE_INTERNAL_H

#include "members/store.h"

struct sqlite3;

struct store {
    struct sqlite3 *db;
    char error[256]; /* kept here: the ROLLBACK that follows a failure overwrites SQLite's own */
};

/* Keeps SQLite's message and turns its code into ours. */
enum store_result store_failure(struct store *store, int code);

/* Runs SQL that gives no rows. */
enum store_result store_execute(struct store *store, const char *sql);

/* Makes the tables in an empty database, or makes sure that it is ours and whole. */
bool store_prepare(struct store *store, const char *state_dir, char **ret_why);

/* From the text in the state column; false: none of ours. */
bool member_state_from_name(const char *name, enum member_state *ret_state);

#endif
