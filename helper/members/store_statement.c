/* SPDX-License-Identifier: BSD-2-Clause */
/* What every table's reading and writing is made of. */
#include "members/store_statement.h"

#include <string.h>

enum store_result statement_prepare(struct store *store, const char *sql, sqlite3_stmt **ret_statement)
{
    if (!store_is_usable(store))
        return STORE_FAILED;
    if (sqlite3_prepare_v2(store->db, sql, -1, ret_statement, NULL) == SQLITE_OK)
        return STORE_OK;
    return store_failure(store, sqlite3_extended_errcode(store->db));
}

bool statement_bind_text(sqlite3_stmt *statement, int place, const char *text)
{
    return sqlite3_bind_text(statement, place, text, -1, SQLITE_TRANSIENT) == SQLITE_OK;
}

bool statement_read_text(sqlite3_stmt *statement, int column, char **ret_text)
{
    const char *text;

    if (sqlite3_column_type(statement, column) == SQLITE_NULL)
        return true;
    text = (const char *)sqlite3_column_text(statement, column);
    if (!text || strlen(text) != (size_t)sqlite3_column_bytes(statement, column))
        return false;
    *ret_text = strdup(text);
    return *ret_text != NULL;
}

enum store_result statement_step(struct store *store, sqlite3_stmt *statement)
{
    switch (sqlite3_step(statement)) {
    case SQLITE_ROW:
        return STORE_OK;
    case SQLITE_DONE:
        return STORE_NONE;
    default:
        return store_failure(store, sqlite3_extended_errcode(store->db));
    }
}

enum store_result statement_run(struct store *store, sqlite3_stmt *statement)
{
    if (sqlite3_step(statement) == SQLITE_DONE)
        return STORE_OK;
    return store_failure(store, sqlite3_extended_errcode(store->db));
}
