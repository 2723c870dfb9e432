/* SPDX-License-Identifier: BSD-2-Clause */
/* What signing in and the admin's verbs share. */
#ifndef HELPER_MEMBERS_INTERNAL_H
#define HELPER_MEMBERS_INTERNAL_H

#include "members/members.h"

/* Keeps the store's words in members->why. */
enum reason members_store_failed(struct members *members);

/*
 * Inside a transaction: REASON_OK when store and system know nobody, neither user nor group, of this name,
 * and nobody had it before but the member with this id (0: none). _NAME_TAKEN, _STORE_FAILED or _INTERNAL.
 */
enum reason members_check_name(struct members *members, const char *name, uint32_t id);
/* The same, as far as the store goes. */
enum reason members_check_stored_name(struct members *members, const char *name, uint32_t id);

/*
 * Does nobody else on the machine bear this member's name or id by now? REASON_OK, _NAME_TAKEN (the notice
 * says who does) or _INTERNAL.
 */
enum reason members_check_conflict(struct members *members, const struct member *member);

/* Grammar and reserved names. */
enum reason members_judge_name(const char *name);
bool members_full_name_is_valid(const char *full_name);

/* Could a token say so? subject NULL: not asked. REASON_OK, _CLAIM_ISS, _CLAIM_SUB. */
enum reason members_judge_identity(const char *issuer, const char *subject);

/* Is there such a connection, whole or broken? NULL: none is asked for. */
bool members_connection_is_known(const struct config *config, const char *connection);

/* Inside a transaction: REASON_OK, _NOT_A_MEMBER or _STORE_FAILED. */
enum reason members_find(struct members *members, const char *name, struct member *ret_member);

/* NULL stays NULL; false: no memory. What *text was is freed. */
bool member_set_text(char **text, const char *to);

/*
 * Inside a transaction: a member of this name with an id, home and shell of its own, not yet in the store.
 * _RANGE_FULL, _CONFIG_BROKEN, _STORE_FAILED or _INTERNAL.
 */
enum reason members_prepare(struct members *members, const struct config *config, const char *name,
                            struct member *ret_member);

/* REASON_OK, _RANGE_FULL, _STORE_FAILED or _INTERNAL. */
enum reason members_next_id(struct members *members, const struct members_settings *settings,
                            uint32_t *ret_id);

/* Home and shell; false: no memory. */
bool members_fill_paths(const struct members_settings *settings, struct member *member);

/*
 * Ends the transaction: commits and publishes what succeeded, rolls back what did not, and everything when
 * dry. Returns `reason`, or why that could not be done.
 */
enum reason members_finish(struct members *members, enum reason reason);

#endif
