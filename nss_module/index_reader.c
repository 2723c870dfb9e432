/* SPDX-License-Identifier: BSD-2-Clause */
/* The reader that runs inside every process of the machine, so each number of the file is taken as hostile.
 */
#include "index_reader.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontdesk/member_text.h"

#define NO_RECORD UINT32_MAX
#define BLOCK     64u /* entries read at once: one call costs as much as copying some thousand bytes */

struct index {
    int fd;
    struct member_index_header header;
};

static bool read_exactly(int fd, void *buffer, size_t size, uint64_t offset)
{
    return pread(fd, buffer, size, (off_t)offset) == (ssize_t)size;
}

/* The link count is 0 when a newer index took the name after the open. */
static bool file_counts(const struct stat *status)
{
    return S_ISREG(status->st_mode) && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0 && status->st_nlink <= 1;
}

/* The layout leaves no choice: whatever is not exactly where it must be is refused. */
static bool header_fits(const struct member_index_header *header, off_t file_size)
{
    uint64_t records_end, names_end;

    if (memcmp(header->magic, MEMBER_INDEX_MAGIC, sizeof header->magic) != 0 ||
        header->byte_order != MEMBER_INDEX_BYTE_ORDER || header->count > MEMBER_INDEX_MEMBERS_MAX)
        return false;
    records_end = sizeof *header + (uint64_t)header->count * sizeof(struct member_index_record);
    names_end = records_end + (uint64_t)header->count * sizeof(struct member_index_name);
    return header->records_offset == sizeof *header && header->names_offset == records_end &&
           header->strings_offset == names_end && header->file_size >= names_end &&
           header->file_size == (uint64_t)file_size;
}

static bool index_open(const char *path, struct index *ret_index)
{
    struct stat status;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

    /* Nor has -1 a status. */
    if (fstat(fd, &status) != 0 || !file_counts(&status) ||
        !read_exactly(fd, &ret_index->header, sizeof ret_index->header, 0) ||
        !header_fits(&ret_index->header, status.st_size)) {
        (void)close(fd);
        return false;
    }
    ret_index->fd = fd;
    return true;
}

static bool name_field_is_clean(const char field[MEMBER_NAME_MAX + 1])
{
    size_t length = strnlen(field, MEMBER_NAME_MAX + 1);

    if (!member_name_is_valid(field, length) || member_name_is_reserved(field))
        return false;
    for (size_t i = length; i <= MEMBER_NAME_MAX; i++)
        if (field[i] != '\0')
            return false;
    return true;
}

/* Bytes of full name, home and shell: where the groups begin. */
static uint32_t text_length(const struct member_index_record *record)
{
    return (uint32_t)record->full_name_length + (uint32_t)record->home_length +
           (uint32_t)record->shell_length;
}

static bool record_fits(const struct index *index, const struct member_index_record *record)
{
    uint64_t room = index->header.file_size - index->header.strings_offset;
    uint32_t length = text_length(record) + record->groups_length;

    return id_is_members(record->id) && record->zero == 0 &&
           record->full_name_length <= MEMBER_FULL_NAME_MAX && record->home_length <= MEMBER_HOME_MAX &&
           record->shell_length <= MEMBER_SHELL_MAX && record->groups_length <= MEMBER_GROUP_LIST_MAX &&
           record->strings <= room && length <= room - record->strings && name_field_is_clean(record->name);
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Where to read next between low and high: a block around the middle. */
static uint32_t middle_block(uint32_t low, uint32_t high)
{
    return high - low <= BLOCK ? low : low + (high - low - BLOCK) / 2;
}

static bool ids_rise(const struct member_index_record *records, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (records[i - 1].id >= records[i].id)
            return false;
    return true;
}

/*
 * Ids rise from FD_MEMBER_ID_MIN or above, so a record's number is at most its id less that; and they are
 * given without gaps, so it is seldom much less: the block that ends there is read first.
 * INDEX_NOT_FOUND when the search ends between two records.
 */
static enum index_result search_id(const struct index *index, uint32_t id, uint32_t *ret_number,
                                   struct member_index_record *ret_record)
{
    struct member_index_record block[BLOCK];
    uint32_t low = 0, high = smaller(index->header.count, id - FD_MEMBER_ID_MIN + 1);
    uint32_t start = high - smaller(high, BLOCK);

    for (; low < high; start = middle_block(low, high)) {
        uint32_t count = smaller(BLOCK, high - start), i = 0;

        if (!read_exactly(index->fd, block, count * sizeof block[0],
                          index->header.records_offset + (uint64_t)start * sizeof block[0]) ||
            !ids_rise(block, count))
            return INDEX_UNUSABLE;
        while (i < count && block[i].id < id)
            i++;
        if (i < count && block[i].id == id) {
            if (!record_fits(index, &block[i]))
                return INDEX_UNUSABLE;
            *ret_number = start + i;
            *ret_record = block[i];
            return INDEX_FOUND;
        }
        if (i == count)
            low = start + count;
        else if (i == 0)
            high = start;
        else
            return INDEX_NOT_FOUND;
    }
    return INDEX_NOT_FOUND;
}

static enum index_result search_name(const struct index *index, const char *name, uint32_t *ret_number)
{
    struct member_index_name block[BLOCK];
    uint32_t low = 0, high = index->header.count;

    while (low < high) {
        uint32_t start = middle_block(low, high), count = smaller(BLOCK, high - start), i = 0;
        int order = -1;

        if (!read_exactly(index->fd, block, count * sizeof block[0],
                          index->header.names_offset + (uint64_t)start * sizeof block[0]))
            return INDEX_UNUSABLE;
        while (i < count && (order = strncmp(block[i].name, name, sizeof block[i].name)) < 0)
            i++;
        if (order == 0) {
            if (!name_field_is_clean(block[i].name))
                return INDEX_UNUSABLE;
            *ret_number = block[i].record;
            return INDEX_FOUND;
        }
        if (i == count)
            low = start + count;
        else if (i == 0)
            high = start;
        else
            return INDEX_NOT_FOUND;
    }
    return INDEX_NOT_FOUND;
}

static enum index_result read_member(const struct index *index, const struct member_index_record *record,
                                     struct index_member *ret_member)
{
    char strings[MEMBER_FULL_NAME_MAX + MEMBER_HOME_MAX + MEMBER_SHELL_MAX];
    const char *home = strings + record->full_name_length;
    const char *shell = home + record->home_length;

    if (!read_exactly(index->fd, strings, text_length(record),
                      index->header.strings_offset + record->strings) ||
        !gecos_is_valid(strings, record->full_name_length) ||
        !home_is_valid(home, record->home_length, record->name) ||
        !shell_is_valid(shell, record->shell_length))
        return INDEX_UNUSABLE;
    memset(ret_member, 0, sizeof *ret_member);
    ret_member->id = record->id;
    memcpy(ret_member->name, record->name, sizeof ret_member->name);
    memcpy(ret_member->full_name, strings, record->full_name_length);
    memcpy(ret_member->home, home, record->home_length);
    memcpy(ret_member->shell, shell, record->shell_length);
    return INDEX_FOUND;
}

/*
 * Both tables must agree, else one id could bear two names or one name two ids. What search_id does not find
 * was not judged: a file may have anything at the number of no record, and be written between two reads.
 */
static enum index_result find_name(const struct index *index, const char *name,
                                   struct member_index_record *ret_record, struct index_member *ret_member)
{
    struct member_index_record record;
    uint32_t number, same_number = NO_RECORD;
    enum index_result result = search_name(index, name, &number);

    if (result != INDEX_FOUND)
        return result;
    if (!read_exactly(index->fd, &record, sizeof record,
                      index->header.records_offset + (uint64_t)number * sizeof record))
        return INDEX_UNUSABLE;
    /* From here on it is the one that search_id read itself. */
    if (search_id(index, record.id, &same_number, &record) != INDEX_FOUND || same_number != number ||
        strcmp(record.name, name) != 0)
        return INDEX_UNUSABLE;
    *ret_record = record;
    return read_member(index, &record, ret_member);
}

static enum index_result find_id(const struct index *index, uint32_t id, struct index_member *ret_member)
{
    struct member_index_record record;
    uint32_t number, same_number = NO_RECORD;
    enum index_result result = search_id(index, id, &number, &record);

    if (result != INDEX_FOUND)
        return result;
    (void)search_name(index, record.name, &same_number);
    if (same_number != number)
        return INDEX_UNUSABLE;
    return read_member(index, &record, ret_member);
}

/* Whoever is not given as a user has no groups either. What the list says is not judged here. */
static enum index_result read_groups(const struct index *index, const char *name, char *ret_groups)
{
    struct member_index_record record;
    struct index_member member;
    enum index_result result = find_name(index, name, &record, &member);

    if (result != INDEX_FOUND)
        return result;
    if (!read_exactly(index->fd, ret_groups, record.groups_length,
                      index->header.strings_offset + record.strings + text_length(&record)) ||
        memchr(ret_groups, '\0', record.groups_length))
        return INDEX_UNUSABLE;
    ret_groups[record.groups_length] = '\0';
    return INDEX_FOUND;
}

/* Names and ids that can be no member's are answered without a look at the file. */
static enum index_result open_for_name(const char *path, const char *name, struct index *ret_index)
{
    if (!member_name_is_valid(name, strnlen(name, MEMBER_NAME_MAX + 1)) || member_name_is_reserved(name))
        return INDEX_NOT_FOUND;
    return index_open(path, ret_index) ? INDEX_FOUND : INDEX_UNUSABLE;
}

enum index_result index_find_name(const char *path, const char *name, struct index_member *ret_member)
{
    struct member_index_record record;
    struct index index;
    enum index_result result = open_for_name(path, name, &index);

    if (result != INDEX_FOUND)
        return result;
    result = find_name(&index, name, &record, ret_member);
    (void)close(index.fd);
    return result;
}

enum index_result index_find_groups(const char *path, const char *name,
                                    char ret_groups[MEMBER_GROUP_LIST_MAX + 1])
{
    char groups[MEMBER_GROUP_LIST_MAX + 1];
    struct index index;
    enum index_result result = open_for_name(path, name, &index);

    if (result != INDEX_FOUND)
        return result;
    result = read_groups(&index, name, groups);
    (void)close(index.fd);
    if (result == INDEX_FOUND)
        memcpy(ret_groups, groups, strlen(groups) + 1);
    return result;
}

enum index_result index_find_id(const char *path, uint32_t id, struct index_member *ret_member)
{
    struct index index = {.fd = -1};
    enum index_result result;

    if (!id_is_members(id))
        return INDEX_NOT_FOUND;
    if (!index_open(path, &index))
        return INDEX_UNUSABLE;
    result = find_id(&index, id, ret_member);
    (void)close(index.fd);
    return result;
}
