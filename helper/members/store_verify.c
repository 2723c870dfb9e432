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

static bool has_sound_rows(struct store *store)
{
    static const struct {
        const char *sql, *words;
        int64_t expected;
    } facts[] = {
        {UNFIT_ROWS("member", MEMBER_FIELDS), "a member's row is damaged", 0},
        {UNFIT_ROWS("former_name", FORMER_NAME_FIELDS), "a former name's row is damaged", 0},
        {UNFIT_ROWS("session", SESSION_FIELDS), "a session's row is damaged", 0},
        {"SELECT count(*) FROM generation WHERE value + complement = 0 AND value > 0",
         "the generation is damaged", 1},
        {"SELECT count(*) FROM seal WHERE value = " STORE_SCHEMA_DIGEST, "the schema is damaged", 1},
    };
    int64_t number;

    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (!store_read_number(store, facts[i].sql, &number))
            return false;
        if (number != facts[i].expected) {
            (void)store_damaged(store, facts[i].words);
            return false;
        }
    }
    return true;
}

bool store_is_whole(struct store *store, bool with_digests)
{
    return has_sound_structure(store) && (!with_digests || has_sound_rows(store));
}

enum store_result store_verify(struct store *store)
{
    return store_is_whole(store, true) ? STORE_OK : STORE_FAILED;
}
