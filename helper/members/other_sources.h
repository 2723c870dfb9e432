/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a directory (SSSD, LDAP, winbind, a second file) says of a member's name and id. The name service
 * itself gives one answer and does not say whose it is, and behind ours it never asks: so each other source
 * that /etc/nsswitch.conf names is asked by itself.
 */
#ifndef HELPER_OTHER_SOURCES_H
#define HELPER_OTHER_SOURCES_H

#include <stddef.h>

#include "members/system_accounts.h"

/*
 * SYSTEM_TAKEN: ret_who says by whom (a user or group of this name or with this id, in whatever spelling);
 * SYSTEM_UNKNOWN: /etc/nsswitch.conf cannot be read, or an entry is too long to be. name NULL: by id alone. A
 * source that cannot answer has nobody. `files` is not asked (system_conflict reads them line by line), nor
 * is `compat`, which asks others on.
 */
enum system_answer other_sources_have(const char *name, uint32_t id, char *ret_who, size_t size);

#endif
