/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of an index (frontdesk/member_index.h), put together in memory from members in order of id. */
#ifndef HELPER_INDEX_IMAGE_H
#define HELPER_INDEX_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "members/store.h"

struct index_image {
    struct member_index_record *records;
    size_t count, room;
    char *strings;
    size_t strings_length, strings_room;
};

/* False: no memory, more members than the range has ids, or not in order of id. */
bool index_image_add(struct index_image *image, const struct member *member);

/* The whole file, malloc'd; NULL when memory is short. */
char *index_image_finish(const struct index_image *image, uint64_t generation, size_t *ret_size);

void index_image_clear(struct index_image *image);

#endif
