/* SPDX-License-Identifier: BSD-2-Clause */
/* From the issuer's groups to local ones, by the explicit table of a connection's group_map. */
#ifndef HELPER_GROUPS_H
#define HELPER_GROUPS_H

#include "members/claims.h"

/*
 * Names of local groups, sorted, each once, a comma between; "" for none; malloc'd, NULL: no memory. At most
 * MEMBER_GROUPS_MAX of them in MEMBER_GROUP_LIST_MAX bytes: what is beyond is left out and *ret_cut set.
 * Without a groups claim, or with one that overflowed, there are none: a group that cannot be proved is lost.
 */
char *groups_map(const struct connection *connection, const struct identity *identity, bool *ret_cut);

/* [a-z_][a-z0-9_-]{0,31}, of a local group. */
bool group_name_is_valid(const char *name);

/* As groups_map makes them: may it stand in the index? */
bool group_list_is_valid(const char *list);

#endif
