/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files behind the store's door share. */
#ifndef HELPER_STORE_INTERNAL_H
#define HELPER_STORE_INTERNAL_H

#include <sys/stat.h>

#include "members/store.h"

#define STORE_BUSY_TIMEOUT_MS (20 * 1000)

struct sqlite3;

struct store {
    struct sqlite3 *db; /* NULL: it could not be opened; each use tries again */
    char *state_dir, *path;
    const char *name; /* in state_dir; static */
    dev_t device;     /* of the file that is open, which a restored one may have replaced */
    ino_t inode;
    bool is_opening;
    bool is_damaged;
    char error[256]; /* kept here: the ROLLBACK that follows a failure overwrites SQLite's own */
};

/* The same for any name in the folder. */
struct store *store_open_name(const char *state_dir, const char *name, char **ret_why);

/* Puts the words into *ret_why, in place of what was there; false. */
__attribute__((format(printf, 2, 3))) bool store_refuse(char **ret_why, const char *format, ...);

/* Made when it is missing and nothing was lost; false: *ret_why. */
bool store_file_is_ours(struct store *store, struct stat *ret_status, char **ret_why);
bool store_was_not_lost(struct store *store, char **ret_why);

/* Is the file of that name still the one that was opened? */
bool store_file_is_same(const struct store *store);

/* Opens what is not open, or no longer the file of that name; false: that failed. Never in a transaction. */
bool store_is_usable(struct store *store);

/* Keeps SQLite's message and turns its code into ours. */
enum store_result store_failure(struct store *store, int code);

/* The bytes say what we never wrote: keeps the words, and that it is so. */
enum store_result store_damaged(struct store *store, const char *words);

/* Runs SQL that gives no rows. */
enum store_result store_execute(struct store *store, const char *sql);

/* Makes the tables in an empty database, or makes sure that it is ours and whole. */
bool store_prepare(struct store *store, char **ret_why);

/*
 * A row carries a digest of its fields, by an SQL function that each connection of ours has: no flipped bit
 * makes one row into another one unseen.
 */
#define MEMBER_FIELDS                                                                                        \
    "id, name, issuer, subject, connection, full_name, email, home, shell, state, created_at, "              \
    "last_sign_in_at, email_verified, groups"
#define FORMER_NAME_FIELDS "name, id"
#define SESSION_FIELDS                                                                                       \
    "ticket_hash, boot, user, issuer, subject, connection, service, log_out_url, local, began_at"
#define CHECK_IN_FIELDS "id, member, location, in_at, out_at, how_in, how_out"
#define EVENT_FIELDS                                                                                         \
    "number, event_id, kind, member, json, made_at, attempts, first_failed_at, last_tried_at, last_error"
#define DIGEST_OF(fields) "row_digest(" fields ")"
bool store_digest_register(struct sqlite3 *db);
uint64_t store_digest_bytes(const void *bytes, size_t length);

/* In a transaction: a number for a check-in or an event, above all that were ever given here. */
enum store_result store_give_number(struct store *store, int64_t *ret_number);

/* The last of them; and that the next is above this one. */
enum store_result store_numbers_given(struct store *store, int64_t *ret_number);
enum store_result store_raise_numbers(struct store *store, int64_t number);

/* From the text in the state column; false: none of ours. */
bool member_state_from_name(const char *name, enum member_state *ret_state);

#endif
