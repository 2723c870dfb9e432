/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A copy of the store as bytes, and such bytes in the place of the store. The copy is a database like
 * members.db with a line behind it that holds a digest of all before: no bit of it flips unseen. Without that
 * line (members.db itself, copied while nothing ran) the rows' own digests have to do.
 */
#ifndef HELPER_STORE_BACKUP_H
#define HELPER_STORE_BACKUP_H

#include "members/store.h"

/* Of one moment, whoever writes meanwhile, and only of a store that is whole. malloc'd. */
enum store_result store_copy(struct store *store, unsigned char **ret_bytes, size_t *ret_size);

/*
 * Begins a restoration: the bytes as a store of their own beside the live one, looked through wholly, and
 * grown where an earlier version made them. NULL: *ret_why. End it with store_restore_finish or _abandon.
 */
struct store *store_restore_begin(const char *state_dir, const unsigned char *bytes, size_t size,
                                  char **ret_why);

/*
 * In one step puts it in the place of the live store, which stays beside it: members.db.before-restore-TIME,
 * ret_kept (the name, "": there was none). The caller holds the live store's write lock, where it can be had;
 * who waits for that lock, or has it open, goes on with the restored one. Closes `restored`, always.
 */
#define STORE_KEPT_SIZE 64
bool store_restore_finish(struct store *restored, char ret_kept[STORE_KEPT_SIZE], char **ret_why);
void store_restore_abandon(struct store *restored);

/*
 * The live store, damaged or not, for store_each_sound alone; NULL: nothing can be read. With `lock`, where
 * it can be had, nobody else writes until it is closed: a keeper may have it open from before the damage.
 */
struct store *store_salvage(const char *state_dir, bool lock);

#endif
