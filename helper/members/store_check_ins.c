/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the check-in table: reading, finding, writing. */
#include "members/store_check_ins.h"

#include <stdlib.h>
#include <string.h>

#include "members/store_statement.h"
#include "members/store_verify.h"

#define COLUMNS      CHECK_IN_FIELDS ", digest IS " DIGEST_OF(CHECK_IN_FIELDS)
#define COLUMN_FITS  7
#define BOUND_FIELDS "?1, ?2, ?3, ?4, ?5, ?6, ?7"

static const char *const how_names[] = {
    [CHECK_IN_KIOSK] = "kiosk", [CHECK_IN_DESK] = "desk", [CHECK_IN_LIMIT] = "limit"};

const char *check_in_how_name(enum check_in_how how)
{
    if ((size_t)how >= sizeof how_names / sizeof how_names[0])
        return "unknown";
    return how_names[how];
}

static bool how_from_name(const char *name, enum check_in_how *ret_how)
{
    for (size_t i = 0; name && i < sizeof how_names / sizeof how_names[0]; i++)
        if (strcmp(how_names[i], name) == 0) {
            *ret_how = (enum check_in_how)i;
            return true;
        }
    return false;
}

void check_in_clear(struct check_in *check_in)
{
    free(check_in->location);
    *check_in = (struct check_in){0};
}

static bool bind_check_in(sqlite3_stmt *statement, const struct check_in *check_in)
{
    const bool is_open = check_in->is_open;

    return sqlite3_bind_int64(statement, 1, check_in->id) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 2, check_in->member) == SQLITE_OK &&
           statement_bind_text(statement, 3, check_in->location) &&
           sqlite3_bind_int64(statement, 4, check_in->in_at) == SQLITE_OK &&
           (is_open ? sqlite3_bind_null(statement, 5) : sqlite3_bind_int64(statement, 5, check_in->out_at)) ==
               SQLITE_OK &&
           statement_bind_text(statement, 6, check_in_how_name(check_in->how_in)) &&
           statement_bind_text(statement, 7, is_open ? NULL : check_in_how_name(check_in->how_out));
}

static enum store_result insert(struct store *store, const struct check_in *check_in)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store,
                          "INSERT INTO check_in (" CHECK_IN_FIELDS ", digest) VALUES (" BOUND_FIELDS
                          ", " DIGEST_OF(BOUND_FIELDS) ")",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (!bind_check_in(statement, check_in))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_check_in_begin(struct store *store, struct check_in *check_in)
{
    enum store_result result = store_give_number(store, &check_in->id);

    check_in->is_open = true;
    return result == STORE_OK ? insert(store, check_in) : result;
}

/* STORE_OK whether or not a row was concerned. */
static enum store_result run_with(struct store *store, const char *sql, int64_t first)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, first) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_check_in_end(struct store *store, int64_t id, int64_t out_at, enum check_in_how how)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result;

    if (statement_prepare(store,
                          "UPDATE check_in SET out_at = max(in_at, ?2), how_out = ?3,"
                          " digest = row_digest(id, member, location, in_at, max(in_at, ?2), how_in, ?3)"
                          " WHERE id = ?1 AND out_at IS NULL",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, id) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 2, out_at) != SQLITE_OK ||
        !statement_bind_text(statement, 3, check_in_how_name(how)))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    result = statement_run(store, statement);
    return result == STORE_OK && sqlite3_changes(store->db) == 0 ? STORE_NONE : result;
}

static bool read_fields(sqlite3_stmt *statement, struct check_in *check_in)
{
    const char *how_out = (const char *)sqlite3_column_text(statement, 6);

    check_in->id = sqlite3_column_int64(statement, 0);
    check_in->member = (uint32_t)sqlite3_column_int64(statement, 1);
    check_in->in_at = sqlite3_column_int64(statement, 3);
    check_in->is_open = sqlite3_column_type(statement, 4) == SQLITE_NULL;
    check_in->out_at = sqlite3_column_int64(statement, 4);
    return sqlite3_column_int(statement, COLUMN_FITS) == 1 &&
           statement_read_text(statement, 2, &check_in->location) && check_in->location &&
           how_from_name((const char *)sqlite3_column_text(statement, 5), &check_in->how_in) &&
           (check_in->is_open || how_from_name(how_out, &check_in->how_out));
}

/* One step; STORE_NONE at the end of the rows. */
static enum store_result read_row(struct store *store, sqlite3_stmt *statement, struct check_in *ret_check_in)
{
    const enum store_result result = statement_step(store, statement);
    struct check_in check_in = {0};

    if (result != STORE_OK)
        return result;
    if (!read_fields(statement, &check_in)) {
        check_in_clear(&check_in);
        return store_damaged(store, "a check-in's row is damaged");
    }
    *ret_check_in = check_in;
    return STORE_OK;
}

enum store_result store_check_in_find(struct store *store, uint32_t member, const char *location,
                                      struct check_in *ret_check_in)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store,
                          "SELECT " COLUMNS " FROM check_in WHERE member = ?1 AND location = ?2"
                          " AND out_at IS NULL",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, member) != SQLITE_OK || !statement_bind_text(statement, 2, location))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return read_row(store, statement, ret_check_in);
}

static enum store_result find_by_number(struct store *store, const char *sql, int64_t number,
                                        struct check_in *ret_check_in)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, number) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return read_row(store, statement, ret_check_in);
}

enum store_result store_check_in_open_before(struct store *store, int64_t in_before,
                                             struct check_in *ret_check_in)
{
    return find_by_number(store,
                          "SELECT " COLUMNS " FROM check_in WHERE out_at IS NULL AND in_at < ?1"
                          " ORDER BY in_at, id LIMIT 1",
                          in_before, ret_check_in);
}

enum store_result store_check_in_by_id(struct store *store, int64_t id, struct check_in *ret_check_in)
{
    return find_by_number(store, "SELECT " COLUMNS " FROM check_in WHERE id = ?1", id, ret_check_in);
}

enum store_result store_check_ins_forget(struct store *store, int64_t out_before)
{
    return run_with(store, "DELETE FROM check_in WHERE out_at < ?1", out_before);
}

enum store_result store_check_ins_erase(struct store *store, uint32_t member)
{
    return run_with(store, "DELETE FROM check_in WHERE member = ?1", member);
}

enum store_result store_check_ins_due(struct store *store, int64_t in_before, int64_t over_before,
                                      bool *ret_is_due)
{
    static const char sql[] = "SELECT EXISTS (SELECT 1 FROM check_in WHERE out_at IS NULL AND in_at < ?1)"
                              " OR EXISTS (SELECT 1 FROM check_in WHERE out_at < ?2)"
                              " OR EXISTS (SELECT 1 FROM hook_event WHERE made_at < ?2)";
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, in_before) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 2, over_before) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    result = statement_step(store, statement);
    if (result == STORE_OK)
        *ret_is_due = sqlite3_column_int(statement, 0) != 0;
    return result;
}

static bool bind_filter(sqlite3_stmt *statement, const struct check_in_filter *filter)
{
    return sqlite3_bind_int(statement, 1, filter->only_open) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 2, filter->member) == SQLITE_OK &&
           statement_bind_text(statement, 3, filter->location) &&
           sqlite3_bind_int64(statement, 4, filter->since) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 5, filter->until) == SQLITE_OK;
}

enum store_result store_each_check_in(struct store *store, const struct check_in_filter *filter,
                                      bool (*row)(void *context, const struct check_in *check_in),
                                      void *context)
{
    static const char sql[] = "SELECT " COLUMNS " FROM check_in WHERE (NOT ?1 OR out_at IS NULL)"
                              " AND (?2 = 0 OR member = ?2) AND (?3 IS NULL OR location = ?3)"
                              " AND (?4 = 0 OR out_at IS NULL OR out_at >= ?4) AND (?5 = 0 OR in_at < ?5)"
                              " ORDER BY in_at, id";
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result;
    bool goes_on = true;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (!bind_filter(statement, filter))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    while (goes_on) {
        struct check_in check_in = {0};

        result = read_row(store, statement, &check_in);
        if (result != STORE_OK)
            return result == STORE_NONE ? STORE_OK : result;
        goes_on = row(context, &check_in);
        check_in_clear(&check_in);
    }
    return STORE_OK;
}

enum store_result store_count_open_check_ins(struct store *store, int64_t *ret_count)
{
    return store_read_number(store, "SELECT count(*) FROM check_in WHERE out_at IS NULL", ret_count)
               ? STORE_OK
               : STORE_FAILED;
}

enum store_result store_check_in_put(struct store *store, const struct check_in *check_in)
{
    return insert(store, check_in);
}

enum store_result store_check_ins_empty(struct store *store)
{
    return store_execute(store, "DELETE FROM check_in; DELETE FROM hook_event;");
}
