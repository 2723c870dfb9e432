/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The digest that each row carries: FNV-1a, 64 bits, over the types, lengths and bytes of its fields. It is
 * against bits that flip on a disk, and each step of it is a bijection, so no single one escapes. It is not
 * against people: who may write the file may write the digest, too.
 */
#include <sqlite3.h>

#include "members/store_internal.h"

#define FNV_START 0xcbf29ce484222325u
#define FNV_PRIME 0x100000001b3u

static uint64_t add_bytes(uint64_t digest, const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        digest = (digest ^ bytes[i]) * FNV_PRIME;
    return digest;
}

static uint64_t add_number(uint64_t digest, uint64_t number)
{
    for (unsigned i = 0; i < sizeof number; i++)
        digest = (digest ^ (number >> (8 * i) & 0xff)) * FNV_PRIME;
    return digest;
}

uint64_t store_digest_bytes(const void *bytes, size_t length)
{
    return add_bytes(FNV_START, bytes, length);
}

static uint64_t add_value(uint64_t digest, sqlite3_value *value)
{
    const int type = sqlite3_value_type(value);

    digest = add_number(digest, (uint64_t)type);
    if (type == SQLITE_INTEGER)
        return add_number(digest, (uint64_t)sqlite3_value_int64(value));
    if (type != SQLITE_NULL) {
        const unsigned char *bytes = sqlite3_value_blob(value);
        const size_t length = (size_t)sqlite3_value_bytes(value);

        digest = add_bytes(add_number(digest, length), bytes, bytes ? length : 0);
    }
    return digest;
}

static void row_digest(sqlite3_context *context, int count, sqlite3_value **values)
{
    uint64_t digest = FNV_START;

    for (int i = 0; i < count; i++)
        digest = add_value(digest, values[i]);
    sqlite3_result_int64(context, (sqlite3_int64)digest);
}

bool store_digest_register(struct sqlite3 *db)
{
    return sqlite3_create_function_v2(db, "row_digest", -1,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL,
                                      row_digest, NULL, NULL, NULL) == SQLITE_OK;
}
