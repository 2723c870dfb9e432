/* SPDX-License-Identifier: BSD-2-Clause */
/* One SQL statement: making it, giving it texts, reading texts back. */
#ifndef HELPER_STORE_STATEMENT_H
#define HELPER_STORE_STATEMENT_H

#include <sqlite3.h>

#include "cleanup.h"
#include "members/store_internal.h"

static inline void cleanup_statement(sqlite3_stmt **statement)
{
    (void)sqlite3_finalize(*statement);
}

#define AUTO_STATEMENT CLEANUP(cleanup_statement)

enum store_result statement_prepare(struct store *store, const char *sql, sqlite3_stmt **ret_statement);

/* NULL: SQL NULL. */
bool statement_bind_text(sqlite3_stmt *statement, int place, const char *text);

/* Text without a NUL of its own, malloc'd; SQL NULL leaves *ret_text as it is. */
bool statement_read_text(sqlite3_stmt *statement, int column, char **ret_text);

/* One step to the next row: STORE_OK, or STORE_NONE behind the last. */
enum store_result statement_step(struct store *store, sqlite3_stmt *statement);

/* One step of a statement that gives no rows. */
enum store_result statement_run(struct store *store, sqlite3_stmt *statement);

#endif
