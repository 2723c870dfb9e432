/* SPDX-License-Identifier: BSD-2-Clause */
/* From the store to the index that the NSS module reads (include/frontdesk/member_index.h). */
#ifndef HELPER_PUBLISH_H
#define HELPER_PUBLISH_H

#include <stdbool.h>
#include <stdint.h>

#include "members/store.h"

/*
 * Under the store's own write lock: reads the generation; an index as new is left alone; else writes a
 * temporary file, fsync, rename, fsync of the folder. So nobody can leave an older index behind, and a holder
 * that dies leaves the old one. Makes <state_dir>/nss (0755) when missing. False: *ret_why (malloc'd) says
 * why.
 */
bool publish_index(struct store *store, const char *state_dir, char **ret_why);

/* The generation in the index's header; false: no index, or not one of ours. Compared before every allow. */
bool publish_index_generation(const char *state_dir, uint64_t *ret_generation);

#endif
