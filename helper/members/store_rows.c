/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of the member table: reading, finding, writing. */
#include <stdio.h>
#include <string.h>

#include "members/store_statement.h"
#include "members/store_verify.h"

/* The last column: does the digest fit the fields? */
#define COLUMNS     MEMBER_FIELDS ", digest IS " DIGEST_OF(MEMBER_FIELDS)
#define COLUMN_FITS 14

static bool read_name(sqlite3_stmt *statement, int column, char ret_name[MEMBER_NAME_MAX + 1])
{
    const char *name = (const char *)sqlite3_column_text(statement, column);

    if (!name || strlen(name) > MEMBER_NAME_MAX)
        return false;
    memcpy(ret_name, name, strlen(name) + 1);
    return true;
}

static bool read_fields(sqlite3_stmt *statement, struct member *member)
{
    int64_t id = sqlite3_column_int64(statement, 0);
    const char *state = (const char *)sqlite3_column_text(statement, 9);

    if (id <= 0 || id >= UINT32_MAX || !state || !member_state_from_name(state, &member->state))
        return false;
    member->id = (uint32_t)id;
    member->created_at = sqlite3_column_int64(statement, 10);
    member->last_sign_in_at = sqlite3_column_int64(statement, 11);
    member->email_verified = sqlite3_column_int(statement, 12) != 0;
    return read_name(statement, 1, member->name) && statement_read_text(statement, 2, &member->issuer) &&
           statement_read_text(statement, 3, &member->subject) &&
           statement_read_text(statement, 4, &member->connection) &&
           statement_read_text(statement, 5, &member->full_name) &&
           statement_read_text(statement, 6, &member->email) &&
           statement_read_text(statement, 7, &member->home) &&
           statement_read_text(statement, 8, &member->shell) &&
           statement_read_text(statement, 13, &member->groups) && member->home && member->shell;
}

static bool take_row(sqlite3_stmt *statement, struct member *ret_member)
{
    struct member member = {0};

    if (sqlite3_column_int(statement, COLUMN_FITS) != 1 || !read_fields(statement, &member)) {
        member_clear(&member);
        return false;
    }
    *ret_member = member;
    return true;
}

/* One step; STORE_NONE at the end of the rows. */
static enum store_result read_row(struct store *store, sqlite3_stmt *statement, struct member *ret_member)
{
    const enum store_result result = statement_step(store, statement);

    if (result != STORE_OK)
        return result;
    return take_row(statement, ret_member) ? STORE_OK : store_damaged(store, "a member's row is damaged");
}

static enum store_result find_by_texts(struct store *store, const char *sql, const char *first,
                                       const char *second, struct member *ret_member)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, first) || (second && !statement_bind_text(statement, 2, second)))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return read_row(store, statement, ret_member);
}

enum store_result store_by_identity(struct store *store, const char *issuer, const char *subject,
                                    struct member *ret_member)
{
    return find_by_texts(store, "SELECT " COLUMNS " FROM member WHERE issuer = ?1 AND subject = ?2", issuer,
                         subject, ret_member);
}

enum store_result store_by_name(struct store *store, const char *name, struct member *ret_member)
{
    return find_by_texts(store, "SELECT " COLUMNS " FROM member WHERE name = ?1", name, NULL, ret_member);
}

enum store_result store_by_id(struct store *store, uint32_t id, struct member *ret_member)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, "SELECT " COLUMNS " FROM member WHERE id = ?1", &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, id) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return read_row(store, statement, ret_member);
}

enum store_result store_invited(struct store *store, const char *email, const char *connection,
                                struct member *ret_member)
{
    return find_by_texts(store,
                         "SELECT " COLUMNS " FROM member WHERE state IN ('invited', 'disabled')"
                         " AND issuer IS NULL AND email = ?1 AND (connection IS NULL OR connection = ?2)"
                         " ORDER BY state = 'disabled', connection IS NULL, id LIMIT 1",
                         email, connection, ret_member);
}

enum store_result store_by_verified_email(struct store *store, const char *issuer, const char *email,
                                          struct member *ret_member)
{
    return find_by_texts(store,
                         "SELECT " COLUMNS " FROM member WHERE issuer = ?1 AND email = ?2"
                         " AND email_verified ORDER BY id LIMIT 1",
                         issuer, email, ret_member);
}

/* 0: none. */
static enum store_result find_number(struct store *store, const char *sql, uint32_t min, uint32_t max,
                                     int64_t *ret_number)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, min) != SQLITE_OK ||
        sqlite3_bind_int64(statement, 2, max) != SQLITE_OK || sqlite3_step(statement) != SQLITE_ROW)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    *ret_number = sqlite3_column_int64(statement, 0);
    return STORE_OK;
}

enum store_result store_next_id(struct store *store, uint32_t min, uint32_t max, uint32_t *ret_id)
{
    static const char highest[] = "SELECT coalesce(max(id), 0) FROM member WHERE id BETWEEN ?1 AND ?2";
    static const char gap[] = "SELECT coalesce(min(free), 0) FROM (SELECT ?1 AS free UNION ALL"
                              " SELECT id + 1 FROM member WHERE id BETWEEN ?1 AND ?2 - 1)"
                              " WHERE free NOT IN (SELECT id FROM member)";
    int64_t number = 0;

    if (min > max)
        return STORE_NONE;
    if (find_number(store, highest, min, max, &number) != STORE_OK)
        return STORE_FAILED;
    if (number < max) {
        *ret_id = number < min ? min : (uint32_t)number + 1;
        return STORE_OK;
    }
    if (find_number(store, gap, min, max, &number) != STORE_OK)
        return STORE_FAILED;
    if (number == 0)
        return STORE_NONE;
    *ret_id = (uint32_t)number;
    return STORE_OK;
}

#define BOUND_FIELDS "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14"

/* No groups are stored in one way, else a change that is none would raise the generation. */
static bool bind_member(sqlite3_stmt *statement, const struct member *member)
{
    const char *groups = member->groups && member->groups[0] ? member->groups : NULL;

    return sqlite3_bind_int64(statement, 1, member->id) == SQLITE_OK &&
           statement_bind_text(statement, 2, member->name) &&
           statement_bind_text(statement, 3, member->issuer) &&
           statement_bind_text(statement, 4, member->subject) &&
           statement_bind_text(statement, 5, member->connection) &&
           statement_bind_text(statement, 6, member->full_name) &&
           statement_bind_text(statement, 7, member->email) &&
           statement_bind_text(statement, 8, member->home) &&
           statement_bind_text(statement, 9, member->shell) &&
           statement_bind_text(statement, 10, member_state_name(member->state)) &&
           sqlite3_bind_int64(statement, 11, member->created_at) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 12, member->last_sign_in_at) == SQLITE_OK &&
           sqlite3_bind_int(statement, 13, member->email_verified) == SQLITE_OK &&
           statement_bind_text(statement, 14, groups);
}

static enum store_result write_member(struct store *store, const char *sql, const struct member *member)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (!bind_member(statement, member))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_insert(struct store *store, const struct member *member)
{
    return write_member(store,
                        "INSERT INTO member (" MEMBER_FIELDS ", digest) VALUES (" BOUND_FIELDS
                        ", " DIGEST_OF(BOUND_FIELDS) ")",
                        member);
}

enum store_result store_update(struct store *store, const struct member *member)
{
    enum store_result result =
        write_member(store,
                     "UPDATE member SET name = ?2, issuer = ?3, subject = ?4, connection = ?5,"
                     " full_name = ?6, email = ?7, home = ?8, shell = ?9, state = ?10, created_at = ?11,"
                     " last_sign_in_at = ?12, email_verified = ?13, groups = ?14,"
                     " digest = " DIGEST_OF(BOUND_FIELDS) " WHERE id = ?1",
                     member);

    if (result == STORE_OK && sqlite3_changes(store->db) == 0)
        return STORE_NONE;
    return result;
}

enum store_result store_rebind_issuer(struct store *store, const char *old_issuer, const char *issuer,
                                      const char *connection, size_t *ret_count)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result = statement_prepare(
        store,
        "UPDATE member SET issuer = ?2, connection = coalesce(?3, connection),"
        " digest = row_digest(id, name, ?2, subject, coalesce(?3, connection), full_name, email, home, shell,"
        " state, created_at, last_sign_in_at, email_verified, groups) WHERE issuer = ?1",
        &statement);

    if (result != STORE_OK)
        return result;
    if (!statement_bind_text(statement, 1, old_issuer) || !statement_bind_text(statement, 2, issuer) ||
        !statement_bind_text(statement, 3, connection))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    result = statement_run(store, statement);
    if (result == STORE_OK)
        *ret_count = (size_t)sqlite3_changes(store->db);
    return result;
}

enum store_result store_generation(struct store *store, uint64_t *ret_generation)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    enum store_result result;

    if (statement_prepare(store, "SELECT value FROM generation WHERE value + complement = 0 AND value > 0",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    result = statement_step(store, statement);
    if (result != STORE_OK)
        return result == STORE_NONE ? store_damaged(store, "the generation is damaged") : result;
    *ret_generation = (uint64_t)sqlite3_column_int64(statement, 0);
    return STORE_OK;
}

enum store_result store_each(struct store *store, bool (*row)(void *context, const struct member *member),
                             void *context)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result;
    bool goes_on = true;

    if (statement_prepare(store, "SELECT " COLUMNS " FROM member ORDER BY id", &statement) != STORE_OK)
        return STORE_FAILED;
    while (goes_on) {
        struct member member = {0};

        result = read_row(store, statement, &member);
        if (result != STORE_OK)
            return result == STORE_NONE ? STORE_OK : result;
        goes_on = row(context, &member);
        member_clear(&member);
    }
    return STORE_OK;
}

enum store_result store_each_sound(struct store *store,
                                   bool (*row)(void *context, const struct member *member), void *context)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result, whole = STORE_OK;
    bool goes_on = true;

    if (statement_prepare(store, "SELECT " COLUMNS " FROM member NOT INDEXED", &statement) != STORE_OK)
        return STORE_FAILED;
    while (goes_on && (result = statement_step(store, statement)) != STORE_NONE) {
        struct member member = {0};

        if (result != STORE_OK)
            return STORE_FAILED;
        if (take_row(statement, &member))
            goes_on = row(context, &member);
        else
            whole = STORE_FAILED;
        member_clear(&member);
    }
    return whole;
}

enum store_result store_set_generation(struct store *store, uint64_t generation)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, "UPDATE generation SET value = ?1, complement = -?1", &statement) !=
        STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, (int64_t)generation) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_numbers_given(struct store *store, int64_t *ret_number)
{
    return store_read_number(store, "SELECT given FROM generation", ret_number) ? STORE_OK : STORE_FAILED;
}

enum store_result store_give_number(struct store *store, int64_t *ret_number)
{
    const enum store_result result =
        store_execute(store, "UPDATE generation SET given = given + 1, balance = balance - 1");

    return result == STORE_OK ? store_numbers_given(store, ret_number) : result;
}

enum store_result store_raise_numbers(struct store *store, int64_t number)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store,
                          "UPDATE generation SET given = ?1, balance = balance + given - ?1 WHERE given < ?1",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, number) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}
