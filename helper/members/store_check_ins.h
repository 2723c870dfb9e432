/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who was where, from when to when: one row for each check-in. A member has one open check-in at a place at
 * most, and one that is over stays as it is; the database itself holds both. Nothing here raises the
 * generation, for nothing of it is in the index.
 */
#ifndef HELPER_STORE_CHECK_INS_H
#define HELPER_STORE_CHECK_INS_H

#include "members/store.h"

/* At a kiosk; by hand, by an administrator; by itself, after the limit (only the end). */
enum check_in_how { CHECK_IN_KIOSK, CHECK_IN_DESK, CHECK_IN_LIMIT };

struct check_in {
    int64_t id; /* given by the store, never twice */
    uint32_t member;
    char *location; /* "": none was said */
    int64_t in_at;  /* seconds since 1970, as all here */
    bool is_open;   /* then the next two say nothing */
    int64_t out_at; /* >= in_at, whatever the clock said */
    enum check_in_how how_in, how_out;
};

/* What writes does so in the caller's transaction. */

/* check_in->id is set. STORE_CONFLICT: one is open there. */
enum store_result store_check_in_begin(struct store *store, struct check_in *check_in);
/* The open one of this id ends; STORE_NONE: there is none. */
enum store_result store_check_in_end(struct store *store, int64_t id, int64_t out_at, enum check_in_how how);
/* The open one of this member at this place. check_in_clear it. */
enum store_result store_check_in_find(struct store *store, uint32_t member, const char *location,
                                      struct check_in *ret_check_in);
/* The open one that began first, before this moment; STORE_NONE: none did. check_in_clear it. */
enum store_result store_check_in_open_before(struct store *store, int64_t in_before,
                                             struct check_in *ret_check_in);
/* Is an open one from before the one moment, or is anything (events, too) over since before the other? Needs
 * no transaction. */
enum store_result store_check_ins_due(struct store *store, int64_t in_before, int64_t over_before,
                                      bool *ret_is_due);
/* Those that ended before this moment go; of a member, all. */
enum store_result store_check_ins_forget(struct store *store, int64_t out_before);
enum store_result store_check_ins_erase(struct store *store, uint32_t member);

struct check_in_filter {
    bool only_open;
    uint32_t member;      /* 0: anybody */
    const char *location; /* NULL: anywhere */
    int64_t since, until; /* that were open at some time in [since, until); 0: from the first, to the last */
};
/* Calls back for each in order of in_at, then id, until it returns false. The row lives for the call only. */
enum store_result store_each_check_in(struct store *store, const struct check_in_filter *filter,
                                      bool (*row)(void *context, const struct check_in *check_in),
                                      void *context);
enum store_result store_count_open_check_ins(struct store *store, int64_t *ret_count);

/* For a restoration: all rows and all events go; one is put there as it is. */
enum store_result store_check_ins_empty(struct store *store);
enum store_result store_check_in_put(struct store *store, const struct check_in *check_in);
enum store_result store_check_in_by_id(struct store *store, int64_t id, struct check_in *ret_check_in);

void check_in_clear(struct check_in *check_in);
const char *check_in_how_name(enum check_in_how how);

#endif
