/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of a backup: SQLite's own serialization in a read transaction, and a line with their digest. */
#include <inttypes.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members/store_backup.h"
#include "members/store_copy.h"
#include "members/store_internal.h"

#define TRAILER_FORMAT "frontdesk-backup 1 %016" PRIx64 "\n"

static bool add_trailer(const unsigned char *image, size_t size, unsigned char **ret_bytes, size_t *ret_size)
{
    unsigned char *bytes = malloc(size + STORE_TRAILER_SIZE + 1);

    if (!bytes)
        return false;
    memcpy(bytes, image, size);
    (void)snprintf((char *)bytes + size, STORE_TRAILER_SIZE + 1, TRAILER_FORMAT,
                   store_digest_bytes(image, size));
    *ret_bytes = bytes;
    *ret_size = size + STORE_TRAILER_SIZE;
    return true;
}

static enum store_result copy(struct store *store, unsigned char **ret_bytes, size_t *ret_size)
{
    sqlite3_int64 size = 0;
    unsigned char *image;
    bool is_copied;

    if (store_verify(store) != STORE_OK)
        return STORE_FAILED;
    image = sqlite3_serialize(store->db, "main", &size, 0);
    is_copied = image && size > 0 && add_trailer(image, (size_t)size, ret_bytes, ret_size);
    sqlite3_free(image);
    if (is_copied)
        return STORE_OK;
    (void)snprintf(store->error, sizeof store->error, "no memory for a copy");
    return STORE_FAILED;
}

/* The first read of the transaction fixes what all others see. */
enum store_result store_copy(struct store *store, unsigned char **ret_bytes, size_t *ret_size)
{
    enum store_result result = store_execute(store, "BEGIN");

    if (result == STORE_OK)
        result = copy(store, ret_bytes, ret_size);
    store_rollback(store);
    return result;
}

bool store_copy_is_whole(const unsigned char *bytes, size_t size, size_t *ret_size)
{
    char trailer[STORE_TRAILER_SIZE + 1];
    const size_t image = size - STORE_TRAILER_SIZE;

    if (size < STORE_PAGE_SIZE || memcmp(bytes, "SQLite format 3", 16) != 0)
        return false;
    if (size % STORE_PAGE_SIZE == 0) {
        *ret_size = size;
        return true;
    }
    (void)snprintf(trailer, sizeof trailer, TRAILER_FORMAT, store_digest_bytes(bytes, image));
    if (memcmp(bytes + image, trailer, STORE_TRAILER_SIZE) != 0)
        return false;
    *ret_size = image;
    return true;
}
