/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which gids a member's list of group names comes to. Root's own files say: local-groups, which names may
 * count at all, and the system's group file, which gid a name has. Read by hand, since getgrnam would lead
 * back into the name service that asks.
 *
 *   local-groups   a name a line; "NAME!" for one whose gid is below LOCAL_GROUP_GID_MIN; '#' begins a
 * comment
 *
 * Both must be regular files of root's that none but root may write. Gid 0, the members' own ids, and those
 * that stand for nobody are never given, whatever the files say.
 */
#ifndef NSS_LOCAL_GROUPS_H
#define NSS_LOCAL_GROUPS_H

#include <stddef.h>
#include <sys/types.h>

#include "frontdesk/member_index.h"

#define LOCAL_GROUP_GID_MIN 1000 /* below it are the system's own groups */

struct local_groups_files {
    const char *allowed; /* local-groups */
    const char *group;   /* /etc/group */
};

/*
 * `list` is names with a comma between, from an index: hostile. How many gids; 0 for a list with anything
 * wrong in it. errno may change.
 */
size_t local_groups_find(const struct local_groups_files *files, const char *list,
                         gid_t ret_gids[MEMBER_GROUPS_MAX]);

#endif
