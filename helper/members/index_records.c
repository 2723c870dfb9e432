/* SPDX-License-Identifier: BSD-2-Clause */
/* Every number of the file is taken as hostile, as the reader in other processes does. */
#include "members/index_records.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/member_index.h"
#include "frontdesk/paths.h"
#include "members/publish.h"

#define TEXTS_SIZE (MEMBER_HOME_MAX + 1 + MEMBER_SHELL_MAX + 1)

static bool header_fits(const struct member_index_header *header, const struct stat *status)
{
    return memcmp(header->magic, MEMBER_INDEX_MAGIC, sizeof header->magic) == 0 &&
           header->byte_order == MEMBER_INDEX_BYTE_ORDER && header->count <= MEMBER_INDEX_MEMBERS_MAX &&
           header->records_offset == sizeof *header && header->file_size == (uint64_t)status->st_size;
}

/* False: not one that may be. *member borrows from `texts`. */
static bool read_member(int file, const struct member_index_header *header,
                        const struct member_index_record *record, char texts[TEXTS_SIZE],
                        struct member *ret_member)
{
    const size_t home = record->home_length, shell = record->shell_length;
    char *const home_at = texts, *const shell_at = texts + home + 1;
    const off_t offset = (off_t)(header->strings_offset + record->strings + record->full_name_length);

    if (home > MEMBER_HOME_MAX || shell > MEMBER_SHELL_MAX || header->strings_offset > header->file_size ||
        record->strings > header->file_size ||
        strnlen(record->name, sizeof record->name) == sizeof record->name ||
        pread(file, home_at, home, offset) != (ssize_t)home ||
        pread(file, shell_at, shell, offset + (off_t)home) != (ssize_t)shell)
        return false;
    home_at[home] = shell_at[shell] = '\0';
    ret_member->id = record->id;
    memcpy(ret_member->name, record->name, sizeof ret_member->name);
    ret_member->home = home_at;
    ret_member->shell = shell_at;
    return publish_fits(ret_member);
}

static int open_index(const char *state_dir)
{
    AUTO_FREE char *path = NULL;

    if (asprintf(&path, "%s/" FD_INDEX_NAME, state_dir) < 0) {
        path = NULL;
        return -1;
    }
    return open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

void index_each_record(const char *state_dir, bool (*row)(void *context, const struct member *member),
                       void *context)
{
    AUTO_CLOSE int file = open_index(state_dir);
    struct member_index_header header;
    struct member_index_record record;
    struct stat status;

    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
        pread(file, &header, sizeof header, 0) != (ssize_t)sizeof header || !header_fits(&header, &status))
        return;
    for (uint32_t i = 0; i < header.count; i++) {
        struct member member = {.state = MEMBER_DISABLED};
        char texts[TEXTS_SIZE];
        const off_t offset = (off_t)(sizeof header + (uint64_t)i * sizeof record);

        if (pread(file, &record, sizeof record, offset) != (ssize_t)sizeof record)
            return;
        if (read_member(file, &header, &record, texts, &member) && !row(context, &member))
            return;
    }
}
