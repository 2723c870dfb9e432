/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening members.db, opening it again when another file has taken its name, and transactions. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "frontdesk/paths.h"
#include "members/store_internal.h"

#define BEGIN_TRIES 3

static bool configure(struct store *store)
{
    return sqlite3_busy_timeout(store->db, STORE_BUSY_TIMEOUT_MS) == SQLITE_OK &&
           sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL) == SQLITE_OK &&
           sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL) == SQLITE_OK &&
           store_digest_register(store->db) &&
           store_execute(store, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;"
                                "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
                                "PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;") == STORE_OK;
}

/* The name is looked at before and after, so that device and inode are those of what is open. */
static bool open_database(struct store *store, char **ret_why)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_FULLMUTEX;
    struct stat status;

    if (!store_file_is_ours(store, &status, ret_why))
        return false;
    store->device = status.st_dev;
    store->inode = status.st_ino;
    if (sqlite3_open_v2(store->path, &store->db, flags, NULL) != SQLITE_OK)
        return store_refuse(ret_why, "%s cannot be opened: %s", store->path,
                            store->db ? sqlite3_errmsg(store->db) : "out of memory");
    if (!store_file_is_same(store))
        return store_refuse(ret_why, "%s was replaced while it was being opened", store->path);
    if (!configure(store))
        return store_refuse(ret_why, "%s cannot be used: %s", store->path, store->error);
    return store_prepare(store, ret_why);
}

static void close_database(struct store *store)
{
    store_rollback(store);
    (void)sqlite3_close_v2(store->db);
    store->db = NULL;
}

static bool open_again(struct store *store, char **ret_why)
{
    bool is_open;

    close_database(store);
    store->is_damaged = false;
    store->is_opening = true;
    is_open = open_database(store, ret_why);
    store->is_opening = false;
    if (is_open)
        return true;
    (void)snprintf(store->error, sizeof store->error, "%s", *ret_why ? *ret_why : "out of memory");
    close_database(store);
    return false;
}

bool store_is_usable(struct store *store)
{
    AUTO_FREE char *why = NULL;

    if (store->db && (store->is_opening || !sqlite3_get_autocommit(store->db) || store_file_is_same(store)))
        return true;
    return open_again(store, &why);
}

static struct store *make_store(const char *state_dir, const char *name)
{
    struct store *store = calloc(1, sizeof *store);

    if (!store)
        return NULL;
    store->name = name;
    store->state_dir = strdup(state_dir);
    if (asprintf(&store->path, "%s/%s", state_dir, name) < 0)
        store->path = NULL;
    if (store->state_dir && store->path)
        return store;
    store_close(store);
    return NULL;
}

struct store *store_open_name(const char *state_dir, const char *name, char **ret_why)
{
    struct store *store = make_store(state_dir, name);

    if (!store) {
        (void)store_refuse(ret_why, "out of memory");
        return NULL;
    }
    if (open_again(store, ret_why))
        return store;
    store_close(store);
    return NULL;
}

struct store *store_open(const char *state_dir, char **ret_why)
{
    return store_open_name(state_dir, FD_STORE_NAME, ret_why);
}

struct store *store_open_or_later(const char *state_dir, char **ret_why)
{
    struct store *store = make_store(state_dir, FD_STORE_NAME);

    if (store)
        (void)open_again(store, ret_why);
    return store;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    close_database(store);
    free(store->state_dir);
    free(store->path);
    free(store);
}

enum store_result store_failure(struct store *store, int code)
{
    (void)snprintf(store->error, sizeof store->error, "%s", sqlite3_errmsg(store->db));
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
        code == SQLITE_CONSTRAINT_ROWID)
        return STORE_CONFLICT;
    /* SQL that this schema does not take is a schema that we did not make. */
    store->is_damaged =
        (code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB || code == SQLITE_ERROR;
    return STORE_FAILED;
}

enum store_result store_damaged(struct store *store, const char *words)
{
    (void)snprintf(store->error, sizeof store->error, "%s", words);
    store->is_damaged = true;
    return STORE_FAILED;
}

bool store_is_damaged(const struct store *store)
{
    return store->is_damaged;
}

enum store_result store_execute(struct store *store, const char *sql)
{
    if (!store_is_usable(store))
        return STORE_FAILED;
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return STORE_OK;
    return store_failure(store, sqlite3_extended_errcode(store->db));
}

/* Who waited for the lock may have waited for the one who put another file in the place of this one. */
enum store_result store_begin(struct store *store)
{
    for (unsigned i = 0; i < BEGIN_TRIES; i++) {
        const enum store_result result = store_execute(store, "BEGIN IMMEDIATE");

        if (result != STORE_OK || store->is_opening || store_file_is_same(store))
            return result;
        store_rollback(store);
    }
    (void)snprintf(store->error, sizeof store->error, "it is being replaced again and again");
    return STORE_FAILED;
}

enum store_result store_commit(struct store *store)
{
    enum store_result result = store_execute(store, "COMMIT");

    if (result != STORE_OK)
        store_rollback(store);
    return result;
}

void store_rollback(struct store *store)
{
    if (store->db && !sqlite3_get_autocommit(store->db))
        (void)sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
}

const char *store_error(const struct store *store)
{
    return store->error;
}
