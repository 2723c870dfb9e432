/* SPDX-License-Identifier: BSD-2-Clause */
/* SQLite looks at the structure, the digests at the content. Some ten milliseconds for ten thousand members.
 */
#include "members/store_verify.h"

#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "members/store_statement.h"

bool store_read_number(struct store *store, const char *sql, int64_t *ret_number)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;

    if (statement_prepare(store, sql, &statement) != STORE_OK || statement_step(store, statement) != STORE_OK)
        return false;
    *ret_number = sqlite3_column_int64(statement, 0);
    return true;
}

/* Unlike quick_check, it compares the indexes with the rows: a name that is not found may be given again. */
static bool has_sound_structure(struct store *store)
{
    AUTO_STATEMENT sqlite3_stmt *statement = NULL;
    const char *answer;

    if (statement_prepare(store, "PRAGMA integrity_check(1)", &statement) != STORE_OK ||
        statement_step(store, statement) != STORE_OK)
        return false;
    answer = (const char *)sqlite3_column_text(statement, 0);
    if (answer && strcmp(answer, "ok") == 0)
        return true;
    (void)store_damaged(store, answer ? answer : "no memory to examine it");
    return false;
}

#define UNFIT_ROWS(table, fields)                                                                            \
    "SELECT count(*) FROM " table " NOT INDEXED WHERE digest IS NOT " DIGEST_OF(fields)

/* From the first to the last version of the schema that says so. */
static const struct fact {
    int64_t first, last;
    const char *sql, *words;
    int64_t expected;
} facts[] = {
    {3, INT64_MAX, UNFIT_ROWS("member", MEMBER_FIELDS), "a member's row is damaged", 0},
    {3, INT64_MAX, UNFIT_ROWS("former_name", FORMER_NAME_FIELDS), "a former name's row is damaged", 0},
    {3, INT64_MAX, UNFIT_ROWS("session", SESSION_FIELDS), "a session's row is damaged", 0},
    {4, INT64_MAX, UNFIT_ROWS("check_in", CHECK_IN_FIELDS), "a check-in's row is damaged", 0},
    {4, INT64_MAX, UNFIT_ROWS("hook_event", EVENT_FIELDS), "an event's row is damaged", 0},
    {3, INT64_MAX, "SELECT count(*) FROM generation WHERE value + complement = 0 AND value > 0",
     "the generation is damaged", 1},
    {4, INT64_MAX,
     "SELECT count(*) FROM generation WHERE given + lost_events + balance = 0 AND given >= 0"
     " AND lost_events >= 0",
     "the count of numbers is damaged", 1},
    {3, 3, "SELECT count(*) FROM generation WHERE content = " STORE_CONTENT_3,
     "rows are missing, or of an older file", 1},
    {4, INT64_MAX, "SELECT count(*) FROM generation WHERE content = " STORE_CONTENT,
     "rows are missing, or of an older file", 1},
    {3, INT64_MAX, "SELECT count(*) FROM seal WHERE value = " STORE_SCHEMA_DIGEST, "the schema is damaged",
     1},
};

static bool has_sound_rows(struct store *store, int64_t version)
{
    int64_t number;

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (version < facts[i].first || version > facts[i].last)
            continue;
        if (!store_read_number(store, facts[i].sql, &number))
            return false;
        if (number != facts[i].expected) {
            (void)store_damaged(store, facts[i].words);
            return false;
        }
    }
    return true;
}

/* SQLite takes a last page that is cut off for one that ends in zeros. */
static bool has_its_size(struct store *store)
{
    int64_t pages, page_size;
    struct stat status;

    if (!store_read_number(store, "PRAGMA page_count", &pages) ||
        !store_read_number(store, "PRAGMA page_size", &page_size))
        return false;
    if (lstat(store->path, &status) == 0 && status.st_size == pages * page_size)
        return true;
    (void)store_damaged(store, "it is shorter or longer than it says");
    return false;
}

/* In one transaction, so that nobody writes between the questions. */
bool store_is_whole(struct store *store, int64_t version)
{
    const bool is_own = sqlite3_get_autocommit(store->db) != 0;
    bool is_whole;

    if (is_own && store_execute(store, "BEGIN") != STORE_OK)
        return false;
    is_whole =
        has_sound_structure(store) && (!is_own || has_its_size(store)) && has_sound_rows(store, version);
    if (is_own)
        store_rollback(store);
    return is_whole;
}

enum store_result store_verify(struct store *store)
{
    if (!store_is_usable(store))
        return STORE_FAILED;
    return store_is_whole(store, INT64_MAX) ? STORE_OK : STORE_FAILED;
}
