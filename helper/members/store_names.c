/* SPDX-License-Identifier: BSD-2-Clause */
/* Names that members had before: nobody else gets them, and nobody is found by them. */
#include "members/store_statement.h"

enum store_result store_former_holder(struct store *store, const char *name, uint32_t *ret_id)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result;

    if (statement_prepare(
            store, "SELECT id, digest IS " DIGEST_OF(FORMER_NAME_FIELDS) " FROM former_name WHERE name = ?1",
            &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, name))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    result = statement_step(store, statement);
    if (result != STORE_OK)
        return result;
    if (sqlite3_column_int(statement, 1) != 1)
        return store_damaged(store, "a former name's row is damaged");
    *ret_id = (uint32_t)sqlite3_column_int64(statement, 0);
    return STORE_OK;
}

enum store_result store_add_former_name(struct store *store, uint32_t id, const char *name)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store,
                          "INSERT INTO former_name (name, id, digest) VALUES (?1, ?2, row_digest(?1, ?2))",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, name) || sqlite3_bind_int64(statement, 2, id) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_free_former_names(struct store *store, uint32_t id)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, "DELETE FROM former_name WHERE id = ?1", &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, id) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_each_former_name(struct store *store,
                                         bool (*row)(void *context, uint32_t id, const char *name),
                                         void *context)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    int code;

    if (statement_prepare(
            store,
            "SELECT id, name, digest IS " DIGEST_OF(FORMER_NAME_FIELDS) " FROM former_name ORDER BY id, name",
            &statement) != STORE_OK)
        return STORE_FAILED;
    while ((code = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(statement, 1);

        if (!name || sqlite3_column_int(statement, 2) != 1)
            return store_damaged(store, "a former name's row is damaged");
        if (!row(context, (uint32_t)sqlite3_column_int64(statement, 0), name))
            return STORE_OK;
    }
    return code == SQLITE_DONE ? STORE_OK : store_failure(store, sqlite3_extended_errcode(store->db));
}
