/* SPDX-License-Identifier: BSD-2-Clause */
/* Is every byte of the store that counts what was written? */
#ifndef HELPER_STORE_VERIFY_H
#define HELPER_STORE_VERIFY_H

#include "members/store_internal.h"

/* An expression: one text for all that the schema holds, as this database spells it. */
#define STORE_SCHEMA_DIGEST                                                                                  \
    "(SELECT group_concat(digest, ' ') FROM (SELECT row_digest(type, name, tbl_name, sql) AS digest"         \
    " FROM main.sqlite_schema ORDER BY type, name))"

/* An expression: a sum over the digests of all rows. Halves of them, which cannot overflow. */
#define STORE_CONTENT_3                                                                                      \
    "(SELECT coalesce(sum(digest & 4294967295), 0) FROM (SELECT digest FROM member UNION ALL"                \
    " SELECT digest FROM former_name UNION ALL SELECT digest FROM session))"
#define STORE_CONTENT                                                                                        \
    "(SELECT coalesce(sum(digest & 4294967295), 0) FROM (SELECT digest FROM member UNION ALL"                \
    " SELECT digest FROM former_name UNION ALL SELECT digest FROM session UNION ALL"                         \
    " SELECT digest FROM check_in UNION ALL SELECT digest FROM hook_event))"

bool store_read_number(struct store *store, const char *sql, int64_t *ret_number);

/* In one transaction, its own or the caller's. Its structure, and what this version of the schema keeps
 * besides; false: store_error says what. */
bool store_is_whole(struct store *store, int64_t version);

#endif
