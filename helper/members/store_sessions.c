/* SPDX-License-Identifier: BSD-2-Clause */
/* Sessions that sign-ins began. A restart of the machine ends them all, so other boots' rows are no one's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members/store_statement.h"

static enum store_result forget_other_boots(struct store *store, const char *boot)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, "DELETE FROM session WHERE boot <> ?1", &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, boot))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

/* In the order in which they began, which is that of the rows: the clock may have been set meanwhile. */
static enum store_result forget_oldest(struct store *store, const char *user)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store,
                          "DELETE FROM session WHERE rowid IN (SELECT rowid FROM session WHERE user = ?1"
                          " ORDER BY rowid DESC LIMIT -1 OFFSET ?2)",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, user) ||
        sqlite3_bind_int(statement, 2, STORE_SESSIONS_PER_USER) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

static bool bind_session(sqlite3_stmt *statement, const struct session_row *session)
{
    return statement_bind_text(statement, 1, session->ticket_hash) &&
           statement_bind_text(statement, 2, session->boot) &&
           statement_bind_text(statement, 3, session->user) &&
           statement_bind_text(statement, 4, session->issuer) &&
           statement_bind_text(statement, 5, session->subject) &&
           statement_bind_text(statement, 6, session->connection) &&
           statement_bind_text(statement, 7, session->service) &&
           statement_bind_text(statement, 8, session->log_out_url) &&
           sqlite3_bind_int(statement, 9, session->local) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 10, session->began_at) == SQLITE_OK;
}

#define BOUND_FIELDS "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10"

static enum store_result insert(struct store *store, const struct session_row *session)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store,
                          "INSERT INTO session (" SESSION_FIELDS ", digest) VALUES (" BOUND_FIELDS
                          ", " DIGEST_OF(BOUND_FIELDS) ")",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (!bind_session(statement, session))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_session_begin(struct store *store, const struct session_row *session)
{
    const bool is_own_transaction = !store->db || sqlite3_get_autocommit(store->db) != 0;
    enum store_result result = is_own_transaction ? store_begin(store) : STORE_OK;

    if (result == STORE_OK)
        result = forget_other_boots(store, session->boot);
    if (result == STORE_OK)
        result = insert(store, session);
    if (result == STORE_OK)
        result = forget_oldest(store, session->user);
    if (!is_own_transaction)
        return result;
    if (result == STORE_OK)
        return store_commit(store);
    store_rollback(store);
    return result;
}

static bool read_session(sqlite3_stmt *statement, struct session_row *session)
{
    const char *ticket_hash = (const char *)sqlite3_column_text(statement, 0);

    if (!ticket_hash || strlen(ticket_hash) >= sizeof session->ticket_hash)
        return false;
    (void)snprintf(session->ticket_hash, sizeof session->ticket_hash, "%s", ticket_hash);
    session->local = sqlite3_column_int(statement, 8) != 0;
    session->began_at = sqlite3_column_int64(statement, 9);
    return statement_read_text(statement, 1, &session->boot) &&
           statement_read_text(statement, 2, &session->user) &&
           statement_read_text(statement, 3, &session->issuer) &&
           statement_read_text(statement, 4, &session->subject) &&
           statement_read_text(statement, 5, &session->connection) &&
           statement_read_text(statement, 6, &session->service) &&
           statement_read_text(statement, 7, &session->log_out_url);
}

enum store_result store_session_find(struct store *store, const char *ticket_hash, const char *boot,
                                     struct session_row *ret_session)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    struct session_row session = {0};
    enum store_result result;

    if (statement_prepare(store,
                          "SELECT " SESSION_FIELDS ", digest IS " DIGEST_OF(
                              SESSION_FIELDS) " FROM session WHERE ticket_hash = ?1 AND boot = ?2",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, ticket_hash) || !statement_bind_text(statement, 2, boot))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    result = statement_step(store, statement);
    if (result != STORE_OK)
        return result;
    if (sqlite3_column_int(statement, 10) != 1 || !read_session(statement, &session)) {
        session_row_clear(&session);
        return store_damaged(store, "a session's row is damaged");
    }
    *ret_session = session;
    return STORE_OK;
}

enum store_result store_session_end(struct store *store, const char *ticket_hash)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result;

    if (statement_prepare(store, "DELETE FROM session WHERE ticket_hash = ?1", &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, ticket_hash))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    result = statement_run(store, statement);
    if (result == STORE_OK && sqlite3_changes(store->db) == 0)
        return STORE_NONE;
    return result;
}

void session_row_clear(struct session_row *session)
{
    free(session->boot);
    free(session->user);
    free(session->issuer);
    free(session->subject);
    free(session->connection);
    free(session->service);
    free(session->log_out_url);
    *session = (struct session_row){0};
}
