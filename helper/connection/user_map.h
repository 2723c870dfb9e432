/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * user_map_file: which identities may enter which existing local accounts, many to many. One line each:
 *
 *     sub:SUBJECT = USER [USER...]
 *     email:ADDRESS = USER [USER...]
 *
 * An e-mail counts only when it is verified. The last `=` of a line ends the identity, since subjects may
 * hold one; blanks beside an earlier one do not count. Comments and blank lines as in all our files. Opened
 * as safely as configuration is, and no larger (config.h); the same identity may stand in several lines. A
 * name that can be no account's, and root, is refused; whether a user exists and may be entered is not judged
 * here.
 */
#ifndef HELPER_USER_MAP_H
#define HELPER_USER_MAP_H

#include <stdbool.h>
#include <stddef.h>

#define USER_MAP_USERS_MAX 32 /* of one identity */

struct user_map;

/* NULL: *ret_why (malloc'd, NULL for want of memory) is "file:line: reason", or "file: reason". */
struct user_map *user_map_read(const char *path, char **ret_why);
void user_map_free(struct user_map *map);

/*
 * The local users of this identity, in the order of the file, each once, the first USER_MAP_USERS_MAX;
 * NULL-terminated, malloc'd with its strings (list_free). email NULL: none, or none that is verified. NULL:
 * no memory.
 */
char **user_map_users(const struct user_map *map, const char *subject, const char *email);

/* Calls back for each user that any line names, until it returns false: for `frontdesk check`. */
void user_map_each_user(const struct user_map *map, bool (*user)(void *context, const char *name),
                        void *context);

#endif
