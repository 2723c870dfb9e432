/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening members.db: only where nobody else can write, only as our own file, never over a loss. */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "frontdesk/paths.h"
#include "members/store_internal.h"

#define BUSY_TIMEOUT_MS (20 * 1000)

__attribute__((format(printf, 2, 3))) static bool refuse(char **ret_why, const char *format, ...)
{
    va_list arguments;
    char *why = NULL;

    va_start(arguments, format);
    if (vasprintf(&why, format, arguments) < 0)
        why = NULL;
    va_end(arguments);
    *ret_why = why;
    return false;
}

static bool folder_is_ours(const char *state_dir, int *ret_folder, char **ret_why)
{
    struct stat status;
    int folder = open(state_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (folder < 0)
        return refuse(ret_why, "%s cannot be opened: %s", state_dir, strerror(errno));
    *ret_folder = folder;
    if (fstat(folder, &status) != 0)
        return refuse(ret_why, "%s cannot be examined: %s", state_dir, strerror(errno));
    if (status.st_uid != geteuid())
        return refuse(ret_why, "%s belongs to user %u, but this process is user %u: chown %u %s", state_dir,
                      (unsigned)status.st_uid, (unsigned)geteuid(), (unsigned)geteuid(), state_dir);
    if (status.st_mode & (S_IWGRP | S_IWOTH))
        return refuse(ret_why, "%s can be written by others: chmod go-w %s", state_dir, state_dir);
    return true;
}

/* The mode must not depend on the umask; a new file is made before SQLite would. */
static bool make_file(int folder, char **ret_why)
{
    int file = openat(folder, FD_STORE_NAME, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (file < 0)
        return errno == EEXIST ? true
                               : refuse(ret_why, "%s cannot be made: %s", FD_STORE_NAME, strerror(errno));
    if (fchmod(file, 0600) != 0 || fsync(file) != 0 || fsync(folder) != 0) {
        (void)refuse(ret_why, "%s cannot be made: %s", FD_STORE_NAME, strerror(errno));
        (void)close(file);
        return false;
    }
    (void)close(file);
    return true;
}

/*
 * By name, since closing a descriptor of a database that this process has open would drop SQLite's locks; the
 * folder is nobody else's, so the name cannot change hands meanwhile.
 */
static bool file_is_ours(int folder, char **ret_why)
{
    struct stat status;

    if (fstatat(folder, FD_STORE_NAME, &status, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno != ENOENT)
            return refuse(ret_why, "%s cannot be examined: %s", FD_STORE_NAME, strerror(errno));
        return make_file(folder, ret_why);
    }
    if (!S_ISREG(status.st_mode) || status.st_nlink != 1)
        return refuse(ret_why, "%s is not a regular file with one name", FD_STORE_NAME);
    if (status.st_uid != geteuid())
        return refuse(ret_why, "%s belongs to user %u, but this process is user %u", FD_STORE_NAME,
                      (unsigned)status.st_uid, (unsigned)geteuid());
    if (status.st_mode & 077)
        return refuse(ret_why, "%s can be read or written by others: chmod 0600 it", FD_STORE_NAME);
    return true;
}

static bool configure(struct store *store)
{
    return sqlite3_busy_timeout(store->db, BUSY_TIMEOUT_MS) == SQLITE_OK &&
           sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL) == SQLITE_OK &&
           sqlite3_db_config(store->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL) == SQLITE_OK &&
           store_execute(store, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA;"
                                "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
                                "PRAGMA cell_size_check = ON;") == STORE_OK;
}

static bool open_database(struct store *store, const char *state_dir, char **ret_why)
{
    AUTO_FREE char *path = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_FULLMUTEX;

    if (asprintf(&path, "%s/%s", state_dir, FD_STORE_NAME) < 0) {
        path = NULL;
        return refuse(ret_why, "out of memory");
    }
    if (sqlite3_open_v2(path, &store->db, flags, NULL) != SQLITE_OK)
        return refuse(ret_why, "%s cannot be opened: %s", path,
                      store->db ? sqlite3_errmsg(store->db) : "out of memory");
    if (!configure(store))
        return refuse(ret_why, "%s cannot be used: %s", path, store->error);
    return store_prepare(store, state_dir, ret_why);
}

struct store *store_open(const char *state_dir, char **ret_why)
{
    AUTO_CLOSE int folder = -1;
    struct store *store;

    if (!folder_is_ours(state_dir, &folder, ret_why) || !file_is_ours(folder, ret_why))
        return NULL;
    store = calloc(1, sizeof *store);
    if (!store) {
        (void)refuse(ret_why, "out of memory");
        return NULL;
    }
    if (!open_database(store, state_dir, ret_why)) {
        store_close(store);
        return NULL;
    }
    return store;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    store_rollback(store);
    (void)sqlite3_close(store->db);
    free(store);
}

enum store_result store_failure(struct store *store, int code)
{
    (void)snprintf(store->error, sizeof store->error, "%s", sqlite3_errmsg(store->db));
    if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
        code == SQLITE_CONSTRAINT_ROWID)
        return STORE_CONFLICT;
    return STORE_FAILED;
}

enum store_result store_execute(struct store *store, const char *sql)
{
    if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return STORE_OK;
    return store_failure(store, sqlite3_extended_errcode(store->db));
}

enum store_result store_begin(struct store *store)
{
    return store_execute(store, "BEGIN IMMEDIATE");
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
