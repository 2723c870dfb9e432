/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks a member up in a published index (frontdesk/member_index.h) and believes nothing of it: whoever can
 * write the index must not be able to name a user or group that is no member's, nor to harm the process that
 * asks. open, fstat and pread only; nothing is kept between two look-ups.
 */
#ifndef NSS_INDEX_READER_H
#define NSS_INDEX_READER_H

#include <stdint.h>

#include "frontdesk/member_index.h"

enum index_result {
    INDEX_FOUND,
    INDEX_NOT_FOUND,
    INDEX_UNUSABLE /* none, not a file that counts, or its parts do not fit together */
};

struct index_member {
    uint32_t id; /* uid and gid */
    char name[MEMBER_NAME_MAX + 1];
    char full_name[MEMBER_FULL_NAME_MAX + 1];
    char home[MEMBER_HOME_MAX + 1];
    char shell[MEMBER_SHELL_MAX + 1];
};

/* *ret_member is written for INDEX_FOUND only. errno may change. */
enum index_result index_find_name(const char *path, const char *name, struct index_member *ret_member);
enum index_result index_find_id(const char *path, uint32_t id, struct index_member *ret_member);

/*
 * The local groups that the index names for a member, as they stand there ("": none): for local_groups.h to
 * judge. *ret_groups is written for INDEX_FOUND only.
 */
enum index_result index_find_groups(const char *path, const char *name,
                                    char ret_groups[MEMBER_GROUP_LIST_MAX + 1]);

#endif
