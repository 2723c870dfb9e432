/* SPDX-License-Identifier: BSD-2-Clause */
/* The index read back, where the store that it was made from cannot be: who had which name and id. */
#ifndef HELPER_INDEX_RECORDS_H
#define HELPER_INDEX_RECORDS_H

#include "members/store.h"

/*
 * Calls back for each record that can be a member's (id, name, home and shell are what they may be), until it
 * returns false; `member` has these four, and lives for the call only. An index that is not there, or not one
 * of ours and whole, has none.
 */
void index_each_record(const char *state_dir, bool (*row)(void *context, const struct member *member),
                       void *context);

#endif
