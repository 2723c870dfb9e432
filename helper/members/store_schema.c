/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables, and how a database of an earlier version grows. */
#include <sqlite3.h>
#include <string.h>

#include "frontdesk/paths.h"
#include "members/store_tables.h"
#include "members/store_verify.h"

#define APPLICATION_ID 0x66646d62 /* "fdmb" */
#define SCHEMA_VERSION 4

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
    " began_at INTEGER NOT NULL);";

#define GENERATION_GROWS " UPDATE generation SET value = value + 1, complement = complement - 1;"
#define INDEXED_OF(row)                                                                                      \
    row ".name, " row ".issuer, " row ".subject, " row ".connection, " row ".full_name, " row ".email, " row \
        ".home, " row ".shell, " row ".state, " row ".created_at, " row ".email_verified, " row ".groups"
#define INDEXED_DIFFER "(" INDEXED_OF("old") ") IS NOT (" INDEXED_OF("new") ")"

/*
 * Each row's digest; the generation twice, so that it cannot flip unseen either; and the content: a sum over
 * all digests, so that no page of an older file passes among those of this one. A keeper of an earlier
 * version that still runs, and any other program, knows no digests: what it writes is refused, for with one
 * damaged row all would be shut out. The seal is a digest of the schema itself, as this database spells it.
 */
static const char *const version_3[] = {
    "DROP TRIGGER member_added;"
    "DROP TRIGGER member_changed;"
    "CREATE TEMP TABLE was AS SELECT value FROM main.generation;"
    "DROP TABLE main.generation;",
    DIGEST_COLUMN("member") ROW_DIGEST("member", MEMBER_FIELDS),
    DIGEST_COLUMN("former_name") ROW_DIGEST("former_name", FORMER_NAME_FIELDS),
    DIGEST_COLUMN("session") ROW_DIGEST("session", SESSION_FIELDS),
    "CREATE TABLE generation (value INTEGER NOT NULL, complement INTEGER NOT NULL,"
    " content INTEGER NOT NULL, CHECK (value + complement = 0));"
    "INSERT INTO generation SELECT value, -value, " STORE_CONTENT_3 " FROM was;"
    "DROP TABLE temp.was;",
    "CREATE TRIGGER member_added AFTER INSERT ON member BEGIN" GENERATION_GROWS "END;"
    "CREATE TRIGGER member_changed AFTER UPDATE ON member WHEN " INDEXED_DIFFER " BEGIN" GENERATION_GROWS
    "END;" CONTENT_CHANGES("member")
        DIGEST_FOLLOWS("member", "old.last_sign_in_at <> new.last_sign_in_at OR " INDEXED_DIFFER),
    COUNTED("member"),
    COUNTED("former_name") CONTENT_SHRINKS("former_name"),
    COUNTED("session") CONTENT_SHRINKS("session"),
    "CREATE TABLE seal (value TEXT NOT NULL);"
    "INSERT INTO seal VALUES (" STORE_SCHEMA_DIGEST ");",
};

static enum store_result grow_to_3(struct store *store)
{
    enum store_result result = STORE_OK;

    for (size_t i = 0; result == STORE_OK && i < sizeof version_3 / sizeof version_3[0]; i++)
        result = store_execute(store, version_3[i]);
    return result;
}

static const char set_version[] = "PRAGMA user_version = " DIGITS_OF(SCHEMA_VERSION) ";";

static bool create(struct store *store, char **ret_why)
{
    int64_t tables;

    if (strcmp(store->name, FD_STORE_NAME) != 0)
        return store_refuse(ret_why, "it is no store of members");
    if (!store_was_not_lost(store, ret_why))
        return false;
    if (!store_read_number(store, "SELECT count(*) FROM sqlite_schema", &tables) || tables != 0) {
        store->is_damaged = true;
        return store_refuse(ret_why, "%s is a database of another program, or damaged", store->path);
    }
    return store_execute(store, version_1) == STORE_OK ||
           store_refuse(ret_why, "%s: %s", store->path, store->error);
}

/* Two processes may both find it empty or old: the one that gets the write lock second looks again. */
static bool grow_once(struct store *store, char **ret_why)
{
    int64_t version;

    if (store_begin(store) != STORE_OK || !store_read_number(store, "PRAGMA user_version", &version))
        return store_refuse(ret_why, "%s: %s", store->path, store->error);
    if (version == 0 && !create(store, ret_why))
        return false;
    if ((version < 2 && store_execute(store, version_2) != STORE_OK) ||
        (version < 3 && grow_to_3(store) != STORE_OK) ||
        (version < SCHEMA_VERSION && store_grow_to_4(store) != STORE_OK) ||
        store_execute(store, set_version) != STORE_OK || store_commit(store) != STORE_OK)
        return store_refuse(ret_why, "%s: %s", store->path, store->error);
    return true;
}

static bool is_ours(struct store *store, int64_t version, char **ret_why)
{
    int64_t application;

    if (!store_read_number(store, "PRAGMA application_id", &application))
        return store_refuse(ret_why, "%s cannot be read: %s", store->path, store->error);
    if (application == APPLICATION_ID && version > SCHEMA_VERSION)
        return store_refuse(ret_why,
                            "%s was made by a newer version of this program (%lld), or is damaged: install "
                            "that version, or put a backup back with `frontdesk members restore FILE`",
                            store->path, (long long)version);
    if (application != APPLICATION_ID || version < 1) {
        store->is_damaged = true;
        return store_refuse(ret_why, "%s was made by another program, or is damaged", store->path);
    }
    if (store_is_whole(store, version))
        return true;
    return store_refuse(ret_why,
                        "%s is damaged (%s): nothing was changed; put a backup back with "
                        "`frontdesk members restore FILE`",
                        store->path, store->error);
}

bool store_prepare(struct store *store, char **ret_why)
{
    int64_t version;

    if (!store_read_number(store, "PRAGMA user_version", &version))
        return store_refuse(
            ret_why,
            store->is_damaged ? "%s is damaged (%s): put a backup back with `frontdesk members restore FILE`"
                              : "%s cannot be read: %s",
            store->path, store->error);
    if (version != 0 && !is_ours(store, version, ret_why))
        return false;
    return version == SCHEMA_VERSION || grow_once(store, ret_why);
}
