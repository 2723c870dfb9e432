/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How often something may begin: token buckets by name, in a table of fixed size.
 *
 * A bucket is full until something begins, so only names that were let in take a place in the table, and none
 * longer than it takes to fill up again. Where a place is needed all the same, the fullest bucket of a few
 * makes room: an exhausted one is the last to go, so nobody gets a bucket back by inventing names. Where in
 * the table a name stands depends on a random number, so nobody can invent the names that stand beside his.
 */
#ifndef HELPER_TOKEN_BUCKET_H
#define HELPER_TOKEN_BUCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOKEN_NAME_SIZE    640  /* bytes of a name, with its NUL: a host's and a user's fit */
#define TOKEN_BUCKET_COUNT 8192 /* names at the same time */

struct token_buckets;

/*
 * One token of the bucket `name`, which holds `burst` of them and gets `per_minute` back, both at least 1.
 * With other numbers it is another bucket: whoever raises a limit need not wait for the old one.
 */
struct token_want {
    char name[TOKEN_NAME_SIZE];
    uint32_t per_minute, burst;
};

struct token_buckets *token_buckets_new(void); /* NULL: no memory, or no randomness */
void token_buckets_free(struct token_buckets *buckets);

/*
 * Takes one token of each bucket, or none at all; now_ms is CLOCK_BOOTTIME. The index of the first that is
 * empty; `count` when all were taken.
 */
size_t token_buckets_take(struct token_buckets *buckets, const struct token_want *wants, size_t count,
                          int64_t now_ms);

#endif
