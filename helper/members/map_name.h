/* SPDX-License-Identifier: BSD-2-Clause */
/* From the username claim to a member's name. Refuses; never cleans. */
#ifndef HELPER_MAP_NAME_H
#define HELPER_MAP_NAME_H

#include "members/claims.h"

/*
 * username_regex (POSIX extended, over the whole claim; group 1 is the name) when the connection has one,
 * else the claim itself; then the grammar and the reserved names. REASON_OK, or _USERNAME_CLAIM_MISSING,
 * _USERNAME_REGEX, _NAME_INVALID, _NAME_RESERVED. Whether the name is free is members.c's question.
 */
enum reason map_name(const struct connection *connection, const struct identity *identity,
                     char ret_name[MEMBER_NAME_MAX + 1]);

#endif
