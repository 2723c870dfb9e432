/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Existing local accounts that an identity may enter: the connection's shared_account, and what its
 * user_map_file says. The PAM line must list them in local_users= as well; that is the module's to check.
 */
#ifndef HELPER_LOCAL_USERS_H
#define HELPER_LOCAL_USERS_H

#include "members/claims.h"

/*
 * REASON_OK and *ret_users (NULL-terminated, list_free; empty: none; those of the file first), or
 * REASON_USER_MAP_BROKEN with *ret_why (malloc'd), _INTERNAL.
 */
enum reason local_users_of(const struct connection *connection, const struct identity *identity,
                           char ***ret_users, char **ret_why);

/*
 * May it be entered at all? A passwd entry of this machine, not uid 0, no id of the members' range, no name
 * of the system's own accounts: REASON_OK, _LOCAL_USER_UNFIT, or _INTERNAL when the name service cannot say.
 */
enum reason local_user_judge(const char *name);

#endif
