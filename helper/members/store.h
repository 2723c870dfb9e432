/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only door to SQLite: members.db, mode 0600, rollback journal, synchronous=EXTRA (a commit survives a
 * power cut, folder entry included), one BEGIN IMMEDIATE around each change, busy timeout 20 s. Every change
 * of a row raises the generation. Rows are never deleted: a removed member stays as a tombstone, so name and
 * id are never given twice. Triggers in the database hold both, whoever writes.
 *
 * Tombstones keep issuer and subject, also after `--erase` (which blanks full name, e-mail and the time of
 * the last sign-in), so a removed identity is known and refused. `--free-name` renames the tombstone to "#"
 * and its id, which no member can be called.
 *
 * Names that members had before a rename stand in a table of their own. No look-up finds them, but nobody
 * else can get one; triggers hold that, too.
 */
#ifndef HELPER_STORE_H
#define HELPER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "frontdesk/member_name.h"

enum member_state { MEMBER_INVITED, MEMBER_ACTIVE, MEMBER_DISABLED, MEMBER_REMOVED };

struct member {
    uint32_t id; /* uid and gid */
    char name[MEMBER_NAME_MAX + 1];
    char *issuer, *subject; /* NULL: not yet bound */
    char *connection; /* the one that bound or may bind it; NULL: any (an invite without --connection) */
    char *full_name, *email;
    bool email_verified; /* the issuer vouched for it */
    char *home, *shell;
    char *groups; /* local ones, as groups_map has them; NULL or "": none */
    enum member_state state;
    int64_t created_at, last_sign_in_at; /* seconds since 1970; 0: never */
};

enum store_result { STORE_OK, STORE_NONE, STORE_CONFLICT, STORE_FAILED };

struct store;

/*
 * Opens or creates <state_dir>/members.db. NULL: *ret_why (NULL before; malloc'd, NULL for want of memory)
 * says what the admin must mend: a folder or file that is not this user's alone, a damaged file (never
 * rebuilt), or an empty one beside an index (it was lost; starting anew would give the same ids to others).
 * The whole file is looked through: structure, schema, and each row's digest.
 *
 * Where another file takes that name (a backup that was restored), the next use opens it.
 */
struct store *store_open(const char *state_dir, char **ret_why);
/* The same for who goes on without: NULL for want of memory only. With *ret_why set it is not open, and each
 * use of it tries again or is STORE_FAILED. */
struct store *store_open_or_later(const char *state_dir, char **ret_why);
void store_close(struct store *store);

/* BEGIN IMMEDIATE; commit raises nothing by itself. Whatever is not committed is rolled back with
 * store_close. */
enum store_result store_begin(struct store *store);
enum store_result store_commit(struct store *store);
void store_rollback(struct store *store); /* harmless without a transaction */

/* Look-ups: STORE_OK fills *ret_member (member_clear it), STORE_NONE. Tombstones are found, too. */
enum store_result store_by_identity(struct store *store, const char *issuer, const char *subject,
                                    struct member *ret_member);
enum store_result store_by_name(struct store *store, const char *name, struct member *ret_member);
enum store_result store_by_id(struct store *store, uint32_t id, struct member *ret_member);
/* Unbound invitation for this e-mail (lower case) that this connection may bind: one that names it first,
 * then the oldest; a disabled one (to be refused) only where there is no other. */
enum store_result store_invited(struct store *store, const char *email, const char *connection,
                                struct member *ret_member);
/* The member, removed ones too, whom this issuer vouched for as the holder of this e-mail (lower case). */
enum store_result store_by_verified_email(struct store *store, const char *issuer, const char *email,
                                          struct member *ret_member);
/* The lowest id in [min, max] above every id ever given there, else the lowest never given; STORE_NONE: full.
 */
enum store_result store_next_id(struct store *store, uint32_t min, uint32_t max, uint32_t *ret_id);

/* STORE_CONFLICT: name, id or identity exists. Raises the generation. */
enum store_result store_insert(struct store *store, const struct member *member);
/* Rewrites the row of member->id, whole. Raises the generation unless only last_sign_in_at changed. */
enum store_result store_update(struct store *store, const struct member *member);

/* All of an issuer, removed ones too, to another one; connection NULL: stays. STORE_CONFLICT: an identity is
 * there already, and nothing was changed. */
enum store_result store_rebind_issuer(struct store *store, const char *old_issuer, const char *issuer,
                                      const char *connection, size_t *ret_count);

/* Whose the name was before a rename; STORE_NONE: nobody's. */
enum store_result store_former_holder(struct store *store, const char *name, uint32_t *ret_id);
enum store_result store_add_former_name(struct store *store, uint32_t id, const char *name);
enum store_result store_free_former_names(struct store *store, uint32_t id); /* all of this member */
enum store_result store_each_former_name(struct store *store,
                                         bool (*row)(void *context, uint32_t id, const char *name),
                                         void *context);

enum store_result store_generation(struct store *store, uint64_t *ret_generation);
enum store_result store_set_generation(struct store *store, uint64_t generation); /* of a restored one */

/*
 * Sessions that sign-ins began, until they end or the machine restarts: what later PAM phases are judged by.
 * The ticket itself is never kept, only its SHA-256. Nothing here raises the generation.
 */
struct session_row {
    char ticket_hash[65]; /* hexadecimal */
    char *boot;           /* /proc/sys/kernel/random/boot_id, where it began */
    char *user;           /* who was let in */
    char *issuer, *subject, *connection, *service;
    char *log_out_url; /* NULL: none */
    bool local;        /* the user is a local account, no member */
    int64_t began_at;
};
/* Not every host closes what it opened, so of one user's sessions the oldest go. */
#define STORE_SESSIONS_PER_USER 64
/* STORE_CONFLICT: that ticket is there already. Rows of other boots, and too many of this user, are removed
 * with it. */
enum store_result store_session_begin(struct store *store, const struct session_row *session);
/* Of this boot only. session_row_clear it. */
enum store_result store_session_find(struct store *store, const char *ticket_hash, const char *boot,
                                     struct session_row *ret_session);
enum store_result store_session_end(struct store *store, const char *ticket_hash); /* STORE_NONE: unknown */
void session_row_clear(struct session_row *session);

/* Calls back for each row in order of id until it returns false. `member` lives for the call only. */
enum store_result store_each(struct store *store, bool (*row)(void *context, const struct member *member),
                             void *context);

/*
 * The rows whose digest fits, of a store that may be damaged (store_salvage), as far as they can be read.
 * STORE_FAILED: these were not all.
 */
enum store_result store_each_sound(struct store *store,
                                   bool (*row)(void *context, const struct member *member), void *context);

/* Looks through the whole file again, in or outside a transaction: before an id or a name is given. */
enum store_result store_verify(struct store *store);

/* SQLite's last word, for the log. */
const char *store_error(const struct store *store);
/* The last failure was one of the bytes: they are not what was written. Not for time to heal. */
bool store_is_damaged(const struct store *store);

void member_clear(struct member *member);
const char *member_state_name(enum member_state state);

#endif
