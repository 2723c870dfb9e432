/* SPDX-License-Identifier: BSD-2-Clause */
/* Layout of the index. What may be in it is publish.c's question. */
#include "members/index_image.h"

#include <stdlib.h>
#include <string.h>

#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"
#include "members/groups.h"

static bool grow(void **array, size_t *room, size_t needed, size_t element)
{
    size_t more = *room ? *room : 64;
    void *larger;

    while (more < needed)
        more *= 2;
    if (*array && more == *room)
        return true;
    larger = reallocarray(*array, more, element);
    if (!larger)
        return false;
    *array = larger;
    *room = more;
    return true;
}

static bool reserve(struct index_image *image, size_t strings_length)
{
    void *records = image->records, *strings = image->strings;
    bool is_done = grow(&records, &image->room, image->count + 1, sizeof *image->records) &&
                   grow(&strings, &image->strings_room, image->strings_length + strings_length, 1);

    image->records = records;
    image->strings = strings;
    return is_done;
}

static uint16_t put_string(struct index_image *image, const char *string, size_t length)
{
    memcpy(image->strings + image->strings_length, string, length);
    image->strings_length += length;
    return (uint16_t)length;
}

bool index_image_add(struct index_image *image, const struct member *member)
{
    const char *gecos = member->full_name ? member->full_name : "";
    const char *groups = member->groups && group_list_is_valid(member->groups) ? member->groups : "";
    size_t name = strlen(member->name), home = strlen(member->home), shell = strlen(member->shell);
    struct member_index_record record = {.strings = image->strings_length, .id = member->id};

    if (!gecos_is_valid(gecos, strlen(gecos)) || strlen(gecos) > MEMBER_FULL_NAME_MAX)
        gecos = "";
    if (name > MEMBER_NAME_MAX || home > MEMBER_HOME_MAX || shell > MEMBER_SHELL_MAX ||
        image->count >= MEMBER_INDEX_MEMBERS_MAX || !reserve(image, MEMBER_INDEX_STRINGS_MAX) ||
        (image->count > 0 && image->records[image->count - 1].id >= member->id))
        return false;
    memcpy(record.name, member->name, name);
    record.full_name_length = put_string(image, gecos, strlen(gecos));
    record.home_length = put_string(image, member->home, home);
    record.shell_length = put_string(image, member->shell, shell);
    record.groups_length = put_string(image, groups, strlen(groups));
    image->records[image->count++] = record;
    return true;
}

static int compare_names(const void *a, const void *b)
{
    const struct member_index_name *left = a, *right = b;

    return strcmp(left->name, right->name);
}

static struct member_index_name *sorted_names(const struct index_image *image)
{
    struct member_index_name *names = calloc(image->count + 1, sizeof *names);

    if (!names)
        return NULL;
    for (size_t i = 0; i < image->count; i++) {
        memcpy(names[i].name, image->records[i].name, sizeof names[i].name);
        names[i].record = (uint32_t)i;
    }
    qsort(names, image->count, sizeof *names, compare_names);
    return names;
}

static struct member_index_header make_header(const struct index_image *image, uint64_t generation)
{
    struct member_index_header header = {.byte_order = MEMBER_INDEX_BYTE_ORDER,
                                         .count = (uint32_t)image->count,
                                         .generation = generation,
                                         .records_offset = sizeof header};

    memcpy(header.magic, MEMBER_INDEX_MAGIC, sizeof header.magic);
    header.names_offset = header.records_offset + image->count * sizeof(struct member_index_record);
    header.strings_offset = header.names_offset + image->count * sizeof(struct member_index_name);
    header.file_size = header.strings_offset + image->strings_length;
    return header;
}

char *index_image_finish(const struct index_image *image, uint64_t generation, size_t *ret_size)
{
    struct member_index_header header = make_header(image, generation);
    struct member_index_name *names = sorted_names(image);
    char *file = malloc(header.file_size);

    if (file && names) {
        memcpy(file, &header, sizeof header);
        if (image->count > 0) {
            memcpy(file + header.records_offset, image->records, image->count * sizeof *image->records);
            memcpy(file + header.names_offset, names, image->count * sizeof *names);
            memcpy(file + header.strings_offset, image->strings, image->strings_length);
        }
        *ret_size = header.file_size;
        free(names);
        return file;
    }
    free(names);
    free(file);
    return NULL;
}

void index_image_clear(struct index_image *image)
{
    free(image->records);
    free(image->strings);
    *image = (struct index_image){0};
}
