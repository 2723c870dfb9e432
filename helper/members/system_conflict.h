/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Does somebody else bear a member's name or id by now? Both were free when the member was made, but root may
 * have added a user or a group since, or a directory that the machine asks. What asks by name would then meet
 * them, for other sources come first; with the same id the two would own each other's files.
 */
#ifndef HELPER_SYSTEM_CONFLICT_H
#define HELPER_SYSTEM_CONFLICT_H

#include <stddef.h>

#include "members/system_accounts.h"

#define SYSTEM_CONFLICT_SIZE 128

/*
 * SYSTEM_TAKEN: ret_who says by whom. Any line of /etc/passwd and /etc/group with that name or id counts, for
 * members stand in neither; and so does any user or group of that name or id that another source has
 * (other_sources.h). Such a source that cannot answer is no reason to shut all members out; a file that
 * cannot be read is. name NULL: by id alone, as of a removed member whose name may be given again.
 */
enum system_answer system_conflict(const char *name, uint32_t id, char ret_who[SYSTEM_CONFLICT_SIZE]);

#endif
