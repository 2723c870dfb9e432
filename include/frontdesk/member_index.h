/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * FD_INDEX_PATH: what the keeper publishes and libnss_frontdesk reads. An index of the store, never the
 * truth.
 *
 *   header | records, sorted by id | names, sorted by strcmp, one a record | strings
 *
 * All numbers are in this machine's byte order (the file never leaves it; byte_order tells a foreign one).
 * A new index replaces the old one by rename, so an open descriptor sees one generation; yet a reader uses
 * pread only, counts only a regular file that none but its owner may write and that has no second name, takes
 * every number as hostile and gives nothing for a file whose parts do not fit together. Invited and disabled
 * members are in it (their files and ids need a name), removed ones are not.
 */
#ifndef FRONTDESK_MEMBER_INDEX_H
#define FRONTDESK_MEMBER_INDEX_H

#include <stdint.h>

#include "frontdesk/ids.h"
#include "frontdesk/member_name.h"

#define MEMBER_INDEX_MAGIC       "fdindex2"
#define MEMBER_INDEX_BYTE_ORDER  0x01020304u
#define MEMBER_INDEX_MEMBERS_MAX (FD_MEMBER_ID_MAX - FD_MEMBER_ID_MIN + 1)
#define MEMBER_FULL_NAME_MAX     128  /* bytes of gecos */
#define MEMBER_HOME_MAX          255  /* bytes of an absolute path */
#define MEMBER_SHELL_MAX         127  /* bytes of an absolute path */
#define MEMBER_GROUPS_MAX        32   /* local groups of one member */
#define MEMBER_GROUP_LIST_MAX    1055 /* bytes of their names, a comma between */
#define MEMBER_INDEX_STRINGS_MAX                                                                             \
    (MEMBER_FULL_NAME_MAX + MEMBER_HOME_MAX + MEMBER_SHELL_MAX + MEMBER_GROUP_LIST_MAX)

struct member_index_header {
    char magic[8];
    uint32_t byte_order;
    uint32_t count;          /* records, and names; at most MEMBER_INDEX_MEMBERS_MAX */
    uint64_t generation;     /* of the store, when this index was written */
    uint64_t records_offset; /* from the start of the file; likewise below */
    uint64_t names_offset;
    uint64_t strings_offset;
    uint64_t file_size; /* must be what fstat says */
};

/*
 * Texts are what frontdesk/member_text.h allows: home is <base>/<name> outside the system's folders, and
 * pam_mkhomedir, which makes it as root, is the reason.
 *
 * A member: passwd entry, and the private group of the same name and id. The password field is always "*".
 *
 * Groups are names only. The reader gives a membership only of a group that FD_LOCAL_GROUPS_PATH
 * (paths.h) lists, with the gid that /etc/group has for that name, never one from here.
 */
struct member_index_record {
    uint64_t strings; /* offset from strings_offset: full name, home, shell, groups, one behind the other, no
                         NULs */
    uint32_t id;      /* uid and gid */
    uint32_t zero;
    char name[MEMBER_NAME_MAX + 1]; /* NUL-padded to the end */
    uint16_t full_name_length;
    uint16_t home_length;
    uint16_t shell_length;
    uint16_t groups_length; /* 0: none */
};

struct member_index_name {
    char name[MEMBER_NAME_MAX + 1]; /* NUL-padded to the end */
    uint32_t record;                /* number of the record, from 0 */
};

_Static_assert(sizeof(struct member_index_header) == 56, "no padding");
_Static_assert(sizeof(struct member_index_record) == 56, "no padding");
_Static_assert(sizeof(struct member_index_name) == 36, "no padding");

#endif
