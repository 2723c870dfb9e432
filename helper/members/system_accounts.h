/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a name or an id somebody's already, in any source of the machine's name service? A source that cannot
 * answer leaves the question open, and nothing is created on an open question.
 */
#ifndef HELPER_SYSTEM_ACCOUNTS_H
#define HELPER_SYSTEM_ACCOUNTS_H

#include <stdint.h>

enum system_answer { SYSTEM_FREE, SYSTEM_TAKEN, SYSTEM_UNKNOWN };

/* As a user and as a group: a member's private group takes a group's name and id, too. */
enum system_answer system_has_name(const char *name);
enum system_answer system_has_id(uint32_t id);

/* SYSTEM_TAKEN and the uid of the user who has exactly this name; some sources answer to other spellings. */
enum system_answer system_user_id(const char *name, uint32_t *ret_id);
enum system_answer system_group_id(const char *name, uint32_t *ret_id); /* likewise, of a group */

#endif
