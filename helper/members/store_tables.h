/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tables of all versions are made of: the digest in each row, and the sum over all of them. */
#ifndef HELPER_STORE_TABLES_H
#define HELPER_STORE_TABLES_H

#include "members/store_internal.h"

#define ROW_DIGEST(table, fields) "UPDATE " table " SET digest = " DIGEST_OF(fields) ";"
#define DIGEST_COLUMN(table)      "ALTER TABLE " table " ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;"
#define COUNTED(table)            CONTENT_GROWS(table) NEEDS_DIGEST(table)
#define CONTENT_GROWS(table)                                                                                 \
    "CREATE TRIGGER " table "_counts AFTER INSERT ON " table " BEGIN"                                        \
    " UPDATE generation SET content = content + (new.digest & 4294967295);"                                  \
    "END;"
#define CONTENT_SHRINKS(table)                                                                               \
    "CREATE TRIGGER " table "_counts_no_more AFTER DELETE ON " table " BEGIN"                                \
    " UPDATE generation SET content = content - (old.digest & 4294967295);"                                  \
    "END;"
#define CONTENT_CHANGES(table)                                                                               \
    "CREATE TRIGGER " table "_counts_anew AFTER UPDATE OF digest ON " table " BEGIN"                         \
    " UPDATE generation SET content = content + (new.digest & 4294967295) - (old.digest & 4294967295);"      \
    "END;"
#define DIGEST_FOLLOWS(table, differ)                                                                        \
    "CREATE TRIGGER " table "_digest_follows BEFORE UPDATE ON " table                                        \
    " WHEN new.digest = old.digest AND (" differ ") BEGIN"                                                   \
    " SELECT RAISE(ABORT, 'a row without its digest');"                                                      \
    "END;"
#define NEEDS_DIGEST(table)                                                                                  \
    "CREATE TRIGGER " table "_needs_digest BEFORE INSERT ON " table " WHEN new.digest = 0 BEGIN"             \
    " SELECT RAISE(ABORT, 'a row without its digest');"                                                      \
    "END;"

/* Within the transaction that has made what came before: check-ins, and events for hooks. */
enum store_result store_grow_to_4(struct store *store);

#endif
