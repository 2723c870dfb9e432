/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables, and whether a database that is already there is one of ours and whole. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/paths.h"
#include "members/store_internal.h"

#define APPLICATION_ID 0x66646d62 /* "fdmb" */
#define SCHEMA_VERSION 2

#define TEXT_OF(number)  #number
#define DIGITS_OF(macro) TEXT_OF(macro)

/*
 * What must hold whoever writes stands here as constraints and triggers: no second member for an identity, a
 * name or an id, no row deleted, no id changed, no change that leaves the generation as it was.
 */
static const char version_1[] =
    "CREATE TABLE member ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " issuer TEXT,"
    " subject TEXT,"
    " connection TEXT,"
    " full_name TEXT,"
    " email TEXT,"
    " home TEXT NOT NULL,"
    " shell TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'disabled', 'removed')),"
    " created_at INTEGER NOT NULL,"
    " last_sign_in_at INTEGER NOT NULL,"
    " email_verified INTEGER NOT NULL CHECK (email_verified IN (0, 1)),"
    " UNIQUE (issuer, subject),"
    " CHECK ((issuer IS NULL) = (subject IS NULL)),"
    " CHECK (state <> 'active' OR (issuer IS NOT NULL AND connection IS NOT NULL)),"
    " CHECK (state <> 'invited' OR (issuer IS NULL AND email IS NOT NULL)));"
    "CREATE TABLE generation (value INTEGER NOT NULL);"
    "INSERT INTO generation VALUES (1);"
    "CREATE TRIGGER member_added AFTER INSERT ON member BEGIN"
    " UPDATE generation SET value = value + 1;"
    "END;"
    "CREATE TRIGGER member_keeps_id BEFORE UPDATE ON member WHEN old.id <> new.id BEGIN"
    " SELECT RAISE(ABORT, 'a member keeps the id');"
    "END;"
    "CREATE TRIGGER member_stays BEFORE DELETE ON member BEGIN"
    " SELECT RAISE(ABORT, 'members are never deleted');"
    "END;"
    "PRAGMA application_id = " DIGITS_OF(APPLICATION_ID) ";";

/* A new database is made of both, so that it cannot differ from one that grew. */
static const char version_2[] =
    "ALTER TABLE member ADD COLUMN groups TEXT;"
    "DROP TRIGGER IF EXISTS member_changed;"
    "CREATE TRIGGER member_changed AFTER UPDATE ON member"
    " WHEN (old.name, old.issuer, old.subject, old.connection, old.full_name, old.email, old.home,"
    "       old.shell, old.state, old.created_at, old.email_verified, old.groups)"
    " IS NOT (new.name, new.issuer, new.subject, new.connection, new.full_name, new.email, new.home,"
    "       new.shell, new.state, new.created_at, new.email_verified, new.groups) BEGIN"
    " UPDATE generation SET value = value + 1;"
    "END;"
    "CREATE TABLE former_name (name TEXT PRIMARY KEY NOT NULL, id INTEGER NOT NULL);"
    "CREATE TRIGGER member_added_with_former_name BEFORE INSERT ON member"
    " WHEN EXISTS (SELECT 1 FROM former_name WHERE name = new.name) BEGIN"
    " SELECT RAISE(ABORT, 'the name was another member''s');"
    "END;"
    "CREATE TRIGGER member_renamed BEFORE UPDATE ON member"
    " WHEN EXISTS (SELECT 1 FROM former_name WHERE name = new.name AND id <> new.id) BEGIN"
    " SELECT RAISE(ABORT, 'the name was another member''s');"
    "END;"
    "CREATE TRIGGER member_has_name_again AFTER UPDATE ON member BEGIN"
    " DELETE FROM former_name WHERE name = new.name;"
    "END;"
    "CREATE TRIGGER former_name_added BEFORE INSERT ON former_name"
    " WHEN EXISTS (SELECT 1 FROM member WHERE name = new.name) BEGIN"
    " SELECT RAISE(ABORT, 'the name is a member''s');"
    "END;"
    "CREATE TABLE session ("
    " ticket_hash TEXT PRIMARY KEY NOT NULL,"
    " boot TEXT NOT NULL,"
    " user TEXT NOT NULL,"
    " issuer TEXT NOT NULL,"
    " subject TEXT NOT NULL,"
    " connection TEXT NOT NULL,"
    " service TEXT NOT NULL,"
    " log_out_url TEXT,"
    " local INTEGER NOT NULL CHECK (local IN (0, 1)),"
    " began_at INTEGER NOT NULL);"
    "PRAGMA user_version = " DIGITS_OF(SCHEMA_VERSION) ";";

static bool refuse_text(char **ret_why, const char *state_dir, const char *why)
{
    if (asprintf(ret_why, "%s/%s %s", state_dir, FD_STORE_NAME, why) < 0)
        *ret_why = NULL;
    return false;
}

static bool read_number(struct store *store, const char *sql, int64_t *ret_number)
{
    sqlite3_stmt *statement = NULL;
    bool is_read = false;

    if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        *ret_number = sqlite3_column_int64(statement, 0);
        is_read = true;
    } else {
        (void)store_failure(store, SQLITE_ERROR);
    }
    (void)sqlite3_finalize(statement);
    return is_read;
}

static bool is_whole(struct store *store)
{
    sqlite3_stmt *statement = NULL;
    bool is_ok = false;

    if (sqlite3_prepare_v2(store->db, "PRAGMA quick_check(1)", -1, &statement, NULL) == SQLITE_OK &&
        sqlite3_step(statement) == SQLITE_ROW) {
        const char *answer = (const char *)sqlite3_column_text(statement, 0);

        is_ok = answer && strcmp(answer, "ok") == 0;
    }
    (void)sqlite3_finalize(statement);
    return is_ok;
}

/*
 * An index is published only after the store that it indexes was committed. So an index beside an empty
 * store means that the store was lost, and starting anew would give the same ids to other people.
 */
static bool was_lost(const char *state_dir, bool *ret_was_lost)
{
    AUTO_FREE char *index = NULL;

    if (asprintf(&index, "%s/%s", state_dir, FD_INDEX_NAME) < 0) {
        index = NULL;
        return false;
    }
    *ret_was_lost = faccessat(AT_FDCWD, index, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
    return *ret_was_lost || errno == ENOENT;
}

static bool create(struct store *store, const char *state_dir, char **ret_why)
{
    bool is_lost;
    int64_t tables;

    if (!was_lost(state_dir, &is_lost))
        return refuse_text(ret_why, state_dir, "cannot be made: the index beside it cannot be examined");
    if (is_lost)
        return refuse_text(ret_why, state_dir,
                           "is missing or empty, though " FD_INDEX_NAME " was published from it: restore it "
                           "from a copy, or remove " FD_INDEX_NAME " to begin without members");
    if (!read_number(store, "SELECT count(*) FROM sqlite_schema", &tables) || tables != 0)
        return refuse_text(ret_why, state_dir, "is a database of another program, or damaged");
    if (store_execute(store, version_1) != STORE_OK)
        return refuse_text(ret_why, state_dir, store->error);
    return true;
}

/* Two processes may both find it empty or old: the one that gets the write lock second looks again. */
static bool grow_once(struct store *store, const char *state_dir, char **ret_why)
{
    int64_t version;

    if (store_begin(store) != STORE_OK || !read_number(store, "PRAGMA user_version", &version))
        return refuse_text(ret_why, state_dir, store->error);
    if (version == 0 && !create(store, state_dir, ret_why))
        return false;
    if (version < SCHEMA_VERSION && store_execute(store, version_2) != STORE_OK)
        return refuse_text(ret_why, state_dir, store->error);
    if (store_commit(store) != STORE_OK)
        return refuse_text(ret_why, state_dir, store->error);
    return true;
}

static bool is_ours(struct store *store, const char *state_dir, int64_t version, char **ret_why)
{
    int64_t application;

    if (!read_number(store, "PRAGMA application_id", &application))
        return refuse_text(ret_why, state_dir, store->error);
    if (application != APPLICATION_ID || version < 1 || version > SCHEMA_VERSION)
        return refuse_text(ret_why, state_dir, "was made by another program or a newer version of this one");
    if (!is_whole(store))
        return refuse_text(ret_why, state_dir, "is damaged: restore it from a copy");
    return true;
}

bool store_prepare(struct store *store, const char *state_dir, char **ret_why)
{
    int64_t version;

    if (!read_number(store, "PRAGMA user_version", &version))
        return refuse_text(ret_why, state_dir, store->error);
    if (version != 0 && !is_ours(store, state_dir, version, ret_why))
        return false;
    return version == SCHEMA_VERSION || grow_once(store, state_dir, ret_why);
}
