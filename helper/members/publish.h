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
 * that dies leaves the old one. Makes <state_dir>/nss (0755) when missing. False: *ret_why (malloc'd, NULL
 * for want of memory) says why. An index newer than the store is such a failure: the store was put back from
 * an older copy, and ids given since would be given again.
 */
bool publish_index(struct store *store, const char *state_dir, char **ret_why);

/*
 * The generation in the index's header; false: no index, or not one of ours and whole. Compared before every
 * allow.
 */
bool publish_index_generation(const char *state_dir, uint64_t *ret_generation);

/*
 * Would the NSS reader give this member? Rows that it would refuse (an id outside a range that was compiled
 * narrower since, a name reserved since) are left out of the index, so such a member cannot enter.
 */
bool publish_fits(const struct member *member);

#endif
