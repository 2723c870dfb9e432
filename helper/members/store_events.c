/* SPDX-License-Identifier: BSD-2-Clause */
/* Events for hooks: rows that wait for whoever tells them on. */
#include "members/store_events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members/store_statement.h"
#include "members/store_verify.h"

#define COLUMNS      EVENT_FIELDS ", digest IS " DIGEST_OF(EVENT_FIELDS)
#define COLUMN_FITS  10
#define BOUND_FIELDS "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10"

static enum store_result run(struct store *store, sqlite3_stmt *statement)
{
    const enum store_result result = statement_run(store, statement);

    return result == STORE_OK && sqlite3_changes(store->db) == 0 ? STORE_NONE : result;
}

static bool bind_event(sqlite3_stmt *statement, int64_t number, const struct hook_event *event)
{
    return sqlite3_bind_int64(statement, 1, number) == SQLITE_OK &&
           statement_bind_text(statement, 2, event->event_id) &&
           statement_bind_text(statement, 3, event->kind) &&
           sqlite3_bind_int64(statement, 4, event->member) == SQLITE_OK &&
           statement_bind_text(statement, 5, event->json) &&
           sqlite3_bind_int64(statement, 6, event->made_at) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 7, event->attempts) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 8, event->first_failed_at) == SQLITE_OK &&
           sqlite3_bind_int64(statement, 9, event->last_tried_at) == SQLITE_OK &&
           statement_bind_text(statement, 10, event->last_error);
}

static enum store_result insert(struct store *store, int64_t number, const struct hook_event *event)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store,
                          "INSERT INTO hook_event (" EVENT_FIELDS ", digest) VALUES (" BOUND_FIELDS
                          ", " DIGEST_OF(BOUND_FIELDS) ")",
                          &statement) != STORE_OK)
        return STORE_FAILED;
    if (!bind_event(statement, number, event))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

/* The oldest, and those of them that nobody will be told are counted. */
static enum store_result forget_too_many(struct store *store)
{
    static const char sql[] = "UPDATE generation SET lost_events = lost_events + 1, balance = balance - 1;"
                              "DELETE FROM hook_event WHERE number = (SELECT min(number) FROM hook_event);";
    int64_t count = 0;
    enum store_result result = STORE_OK;

    if (!store_read_number(store, "SELECT count(*) FROM hook_event", &count))
        return STORE_FAILED;
    for (; result == STORE_OK && count > STORE_EVENTS_MAX; count--)
        result = store_execute(store, sql);
    return result;
}

enum store_result store_event_add(struct store *store, const struct hook_event *event)
{
    const struct hook_event fresh = {.member = event->member, .json = event->json, .made_at = event->made_at};
    struct hook_event copy = fresh;
    int64_t number;
    enum store_result result;

    memcpy(copy.event_id, event->event_id, sizeof copy.event_id);
    memcpy(copy.kind, event->kind, sizeof copy.kind);
    result = store_give_number(store, &number);
    if (result == STORE_OK)
        result = insert(store, number, &copy);
    return result == STORE_OK ? forget_too_many(store) : result;
}

enum store_result store_event_put(struct store *store, const struct hook_event *event)
{
    return insert(store, event->number, event);
}

static bool read_short(sqlite3_stmt *statement, int column, char *ret_text, size_t size)
{
    const char *text = (const char *)sqlite3_column_text(statement, column);

    return text && (size_t)snprintf(ret_text, size, "%s", text) < size;
}

static bool read_fields(sqlite3_stmt *statement, struct hook_event *event)
{
    event->number = sqlite3_column_int64(statement, 0);
    event->member = (uint32_t)sqlite3_column_int64(statement, 3);
    event->made_at = sqlite3_column_int64(statement, 5);
    event->attempts = sqlite3_column_int64(statement, 6);
    event->first_failed_at = sqlite3_column_int64(statement, 7);
    event->last_tried_at = sqlite3_column_int64(statement, 8);
    return sqlite3_column_int(statement, COLUMN_FITS) == 1 &&
           read_short(statement, 1, event->event_id, sizeof event->event_id) &&
           read_short(statement, 2, event->kind, sizeof event->kind) &&
           statement_read_text(statement, 4, &event->json) && event->json &&
           statement_read_text(statement, 9, &event->last_error);
}

/* One step; STORE_NONE at the end of the rows. */
static enum store_result read_row(struct store *store, sqlite3_stmt *statement, struct hook_event *ret_event)
{
    const enum store_result result = statement_step(store, statement);
    struct hook_event event = {0};

    if (result != STORE_OK)
        return result;
    if (!read_fields(statement, &event)) {
        hook_event_clear(&event);
        return store_damaged(store, "an event's row is damaged");
    }
    *ret_event = event;
    return STORE_OK;
}

enum store_result store_event_next(struct store *store, struct hook_event *ret_event)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, "SELECT " COLUMNS " FROM hook_event ORDER BY number LIMIT 1", &statement) !=
        STORE_OK)
        return STORE_FAILED;
    return read_row(store, statement, ret_event);
}

enum store_result store_each_event(struct store *store,
                                   bool (*row)(void *context, const struct hook_event *event), void *context)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    enum store_result result;
    bool goes_on = true;

    if (statement_prepare(store, "SELECT " COLUMNS " FROM hook_event ORDER BY number", &statement) !=
        STORE_OK)
        return STORE_FAILED;
    while (goes_on) {
        struct hook_event event = {0};

        result = read_row(store, statement, &event);
        if (result != STORE_OK)
            return result == STORE_NONE ? STORE_OK : result;
        goes_on = row(context, &event);
        hook_event_clear(&event);
    }
    return STORE_OK;
}

enum store_result store_event_acknowledge(struct store *store, const char *event_id)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, "DELETE FROM hook_event WHERE event_id = ?1", &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, event_id))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return run(store, statement);
}

enum store_result store_event_failed(struct store *store, const char *event_id, const char *why, int64_t now)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    char words[EVENT_ERROR_MAX + 1];

    (void)snprintf(words, sizeof words, "%s", why);
    if (statement_prepare(
            store,
            "UPDATE hook_event SET attempts = attempts + 1, last_tried_at = ?2, last_error = ?3,"
            " first_failed_at = iif(attempts = 0, ?2, first_failed_at),"
            " digest = row_digest(number, event_id, kind, member, json, made_at, attempts + 1,"
            " iif(attempts = 0, ?2, first_failed_at), ?2, ?3) WHERE event_id = ?1",
            &statement) != STORE_OK)
        return STORE_FAILED;
    if (!statement_bind_text(statement, 1, event_id) || sqlite3_bind_int64(statement, 2, now) != SQLITE_OK ||
        !statement_bind_text(statement, 3, words))
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return run(store, statement);
}

static enum store_result delete_by_number(struct store *store, const char *sql, int64_t number)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, sql, &statement) != STORE_OK)
        return STORE_FAILED;
    if (sqlite3_bind_int64(statement, 1, number) != SQLITE_OK)
        return store_failure(store, sqlite3_extended_errcode(store->db));
    return statement_run(store, statement);
}

enum store_result store_events_erase(struct store *store, uint32_t member)
{
    return delete_by_number(store, "DELETE FROM hook_event WHERE member = ?1", member);
}

enum store_result store_events_forget(struct store *store, int64_t made_before)
{
    return delete_by_number(store, "DELETE FROM hook_event WHERE made_at < ?1", made_before);
}

enum store_result store_event_backlog(struct store *store, struct hook_backlog *ret_backlog)
{
    struct hook_backlog backlog = {0};
    struct hook_event first = {0};
    enum store_result result;

    if (!store_read_number(store, "SELECT count(*) FROM hook_event", &backlog.count) ||
        !store_read_number(store, "SELECT lost_events FROM generation", &backlog.lost))
        return STORE_FAILED;
    result = store_event_next(store, &first);
    if (result == STORE_FAILED)
        return result;
    if (result == STORE_OK) {
        backlog.oldest_made_at = first.made_at;
        backlog.attempts = first.attempts;
        backlog.failing_since = first.first_failed_at;
        (void)snprintf(backlog.last_error, sizeof backlog.last_error, "%s",
                       first.last_error ? first.last_error : "");
        hook_event_clear(&first);
    }
    *ret_backlog = backlog;
    return STORE_OK;
}

void hook_event_clear(struct hook_event *event)
{
    free(event->json);
    free(event->last_error);
    *event = (struct hook_event){0};
}
