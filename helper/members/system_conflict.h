/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Does somebody else bear a member's name or id by now? Both were free when the member was made, but root may
 * have added a user or a group since. What asks by name would then meet them, for `files` comes first.
 */
#ifndef HELPER_SYSTEM_CONFLICT_H
#define HELPER_SYSTEM_CONFLICT_H

#include <stddef.h>

#include "members/system_accounts.h"

#define SYSTEM_CONFLICT_SIZE 128

/*
 * SYSTEM_TAKEN: ret_who says by whom. Any line of /etc/passwd and /etc/group with that name or id counts, for
 * members stand in neither; from other sources an entry of that name whose id cannot be a member's. Such a
 * source that cannot answer is no reason to shut all members out; a file that cannot be read is.
 */
enum system_answer system_conflict(const char *name, uint32_t id, char ret_who[SYSTEM_CONFLICT_SIZE]);

#endif
