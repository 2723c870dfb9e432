/* SPDX-License-Identifier: BSD-2-Clause */
/* A backup in the place of the store, without giving anything away that was given since. */
#ifndef HELPER_MEMBERS_RESTORE_H
#define HELPER_MEMBERS_RESTORE_H

#include "members/members.h"
#include "members/store_backup.h"

/*
 * The store becomes what it was when the backup was made, with four things kept, as far as the live store,
 * or else the index, can still tell them:
 *   - who became a member since stays one, disabled, with name, id and identity (without the identity where
 *     only the index knows them: `rebind` gives it back), so nobody else ever gets any of it;
 *   - names that members had since stay taken;
 *   - the generation goes on, so that the index follows;
 *   - check-ins and the events that wait are those of now, where the live store is whole and goes on from the
 *     backup.
 * Who was disabled or removed since, or bound to another identity, is what the backup says again: counted as
 * reopened or rebound, and told, each by name.
 *
 * REASON_OK, _STORE_FAILED (members->why: the backup is damaged, or of somebody else; or the live one is no
 * matter of a backup, but of an owner, say), _STORE_CORRUPT, _PUBLISH_FAILED. Nothing was changed but for the
 * last. members->dry_run: nothing is.
 */
struct members_restoration {
    unsigned members;  /* in the restored store, removed ones not counted */
    unsigned kept;     /* who came since: disabled now */
    unsigned reopened; /* disabled or removed since: no longer so */
    unsigned rebound;  /* bound to an identity since: to the one of before again, or to none */
    char *reopened_names, *rebound_names; /* all of them, spaces between; NULL: nobody */
    bool live_was_readable;
    char kept_file[STORE_KEPT_SIZE]; /* the replaced store, in the state folder; "": there was none */
};
enum reason members_restore(struct members *members, const unsigned char *bytes, size_t size,
                            struct members_restoration *ret_restoration);
void members_restoration_clear(struct members_restoration *restoration);

#endif
