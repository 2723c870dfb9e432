/* SPDX-License-Identifier: BSD-2-Clause */
/* What signing in and the admin's verbs share. */
#ifndef HELPER_MEMBERS_INTERNAL_H
#define HELPER_MEMBERS_INTERNAL_H

#include "members/members.h"

/* Keeps the store's words in members->why. */
enum reason members_store_failed(struct members *members);

/*
 * Inside a transaction: REASON_OK when store and system know nobody, neither user nor group, of this name.
 * _NAME_TAKEN, _STORE_FAILED or _INTERNAL.
 */
enum reason members_check_name(struct members *members, const char *name);

/*
 * Inside a transaction: a member of this name with an id, home and shell of its own, not yet in the store.
 * _RANGE_FULL, _CONFIG_BROKEN, _STORE_FAILED or _INTERNAL.
 */
enum reason members_prepare(struct members *members, const struct config *config, const char *name,
                            struct member *ret_member);

/*
 * Ends the transaction: commits and publishes what succeeded, rolls back what did not, and everything when
 * dry. Returns `reason`, or why that could not be done.
 */
enum reason members_finish(struct members *members, enum reason reason);

#endif
