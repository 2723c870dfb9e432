/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A bucket is one number: when it will be full again. Each token puts that off by the time in which one comes
 * back, and none is left when it would lie further ahead than the whole bucket takes to fill.
 */
#include "token_bucket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "jose/hash.h"
#include "secret.h"

#define WAYS          8 /* places that a name may have */
#define SET_BITS      10
#define SETS          (1 << SET_BITS)
#define SALT_BYTES    16
#define SALT_SIZE     (SALT_BYTES * 4 / 3 + 3)
#define RATE_SIZE     24
#define US_PER_MS     1000
#define US_PER_MINUTE 60000000

struct bucket {
    uint64_t name;   /* a digest; 0: free */
    int64_t full_at; /* microseconds of CLOCK_BOOTTIME */
};

_Static_assert(SETS *WAYS == TOKEN_BUCKET_COUNT, "as the header says");

struct token_buckets {
    char salt[SALT_SIZE];
    struct bucket sets[SETS][WAYS];
};

struct token_buckets *token_buckets_new(void)
{
    struct token_buckets *buckets = calloc(1, sizeof *buckets);

    if (buckets && secret_random_text(SALT_BYTES, buckets->salt, sizeof buckets->salt))
        return buckets;
    free(buckets);
    return NULL;
}

void token_buckets_free(struct token_buckets *buckets)
{
    free(buckets);
}

/* Never 0. False: no digest could be made. */
static bool digest_of(const struct token_buckets *buckets, const struct token_want *want,
                      uint64_t *ret_digest)
{
    char salted[SALT_SIZE + TOKEN_NAME_SIZE + RATE_SIZE], text[HASH_SHA256_TEXT_SIZE];
    uint64_t digest;

    if (snprintf(salted, sizeof salted, "%s %u %u %s", buckets->salt, want->per_minute, want->burst,
                 want->name) < 0 ||
        !hash_sha256_text(salted, text, sizeof text))
        return false;
    /* Eight characters of base64url: 48 bits. */
    memcpy(&digest, text, sizeof digest);
    *ret_digest = digest;
    return true;
}

/* Characters do not use all of their bits, so these are mixed: the golden ratio, and its highest ones. */
static struct bucket *set_of(struct token_buckets *buckets, uint64_t digest)
{
    return buckets->sets[(digest * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - SET_BITS)];
}

static struct bucket *find(struct bucket *set, uint64_t digest)
{
    for (size_t i = 0; i < WAYS; i++)
        if (set[i].name == digest)
            return &set[i];
    return NULL;
}

/* Its own place, else the one that is free, full, or nearest to it. */
static struct bucket *place_for(struct bucket *set, uint64_t digest)
{
    struct bucket *place = find(set, digest), *fullest = &set[0];

    if (place)
        return place;
    for (size_t i = 1; i < WAYS; i++)
        if (set[i].full_at < fullest->full_at)
            fullest = &set[i];
    *fullest = (struct bucket){.name = digest};
    return fullest;
}

/* When a bucket that will be full at `full_at` would be with one token less; false: it has none. */
static bool put_off(int64_t full_at, const struct token_want *want, int64_t now_us, int64_t *ret_full_at)
{
    const int64_t each_us = US_PER_MINUTE / want->per_minute;
    const int64_t from = full_at > now_us ? full_at : now_us;

    if (from + each_us > now_us + each_us * want->burst)
        return false;
    *ret_full_at = from + each_us;
    return true;
}

static bool has_token(struct token_buckets *buckets, const struct token_want *want, int64_t now_us)
{
    const struct bucket *bucket;
    uint64_t digest;
    int64_t full_at;

    if (!digest_of(buckets, want, &digest))
        return false;
    bucket = find(set_of(buckets, digest), digest);
    return put_off(bucket ? bucket->full_at : 0, want, now_us, &full_at);
}

static bool take(struct token_buckets *buckets, const struct token_want *want, int64_t now_us)
{
    struct bucket *bucket;
    uint64_t digest;

    if (!digest_of(buckets, want, &digest))
        return false;
    bucket = place_for(set_of(buckets, digest), digest);
    return put_off(bucket->full_at, want, now_us, &bucket->full_at);
}

size_t token_buckets_take(struct token_buckets *buckets, const struct token_want *wants, size_t count,
                          int64_t now_ms)
{
    const int64_t now_us = now_ms * US_PER_MS;

    for (size_t i = 0; i < count; i++)
        if (!has_token(buckets, &wants[i], now_us))
            return i;
    for (size_t i = 0; i < count; i++)
        if (!take(buckets, &wants[i], now_us))
            return i;
    return count;
}
