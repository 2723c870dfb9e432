/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Another file in the place of members.db, by one rename: at each moment there is a whole one, and a keeper
 * that has the old one open sees by device and inode that it is no longer the one of that name.
 */
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/paths.h"
#include "members/store_backup.h"
#include "members/store_copy.h"
#include "members/store_internal.h"

#define RESTORING FD_STORE_NAME ".restoring"
#define JOURNAL   "-journal"

static int open_folder(const char *state_dir, char **ret_why)
{
    const int folder = open(state_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    if (folder < 0)
        (void)store_refuse(ret_why, "%s cannot be opened: %s", state_dir, strerror(errno));
    return folder;
}

static bool remove_file(int folder, const char *name)
{
    return unlinkat(folder, name, 0) == 0 || errno == ENOENT;
}

static bool write_whole(int file, const unsigned char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        const ssize_t written = write(file, bytes + done, size - done);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    return fchmod(file, 0600) == 0 && fsync(file) == 0;
}

/* What an earlier try left goes first. */
static bool write_file(const char *state_dir, const unsigned char *bytes, size_t size, char **ret_why)
{
    AUTO_CLOSE int folder = open_folder(state_dir, ret_why), file = -1;

    if (folder < 0)
        return false;
    if (remove_file(folder, RESTORING) && remove_file(folder, RESTORING JOURNAL))
        file = openat(folder, RESTORING, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file >= 0 && write_whole(file, bytes, size))
        return true;
    (void)store_refuse(ret_why, "%s/" RESTORING " cannot be written: %s", state_dir, strerror(errno));
    (void)remove_file(folder, RESTORING);
    return false;
}

struct store *store_restore_begin(const char *state_dir, const unsigned char *bytes, size_t size,
                                  char **ret_why)
{
    AUTO_CLOSE int folder = -1;
    struct store *restored;
    size_t image;

    if (!store_copy_is_whole(bytes, size, &image)) {
        (void)store_refuse(ret_why, "it is no backup of members, or a damaged one");
        return NULL;
    }
    if (!write_file(state_dir, bytes, image, ret_why))
        return NULL;
    restored = store_open_name(state_dir, RESTORING, ret_why);
    if (restored)
        return restored;
    folder = open(state_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    (void)remove_file(folder, RESTORING);
    (void)remove_file(folder, RESTORING JOURNAL);
    return NULL;
}

static bool name_kept(int folder, char ret_kept[STORE_KEPT_SIZE])
{
    const time_t now = time(NULL);
    struct stat status;
    struct tm utc;
    char when[32];

    if (!gmtime_r(&now, &utc) || strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", &utc) == 0)
        return false;
    for (unsigned i = 0; i < 100; i++) {
        (void)snprintf(ret_kept, STORE_KEPT_SIZE, i ? "%s-%s-%u" : "%s-%s", FD_STORE_NAME ".before-restore",
                       when, i);
        if (fstatat(folder, ret_kept, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return errno == ENOENT;
    }
    return false;
}

/* Half a transaction of the store that goes must not be rolled back into the one that comes. */
static bool keep_journal(int folder, const char *journal)
{
    return renameat(folder, FD_STORE_NAME JOURNAL, folder, journal) == 0 ? fsync(folder) == 0
                                                                         : errno == ENOENT;
}

/* ... and into the one that stays it must be. */
static void give_journal_back(int folder, const char *journal)
{
    const int why = errno;

    (void)renameat(folder, journal, folder, FD_STORE_NAME JOURNAL);
    errno = why;
}

/* Where a file system cannot exchange two names, there is none for a moment, which is not begun anew over. */
static bool replace(int folder, const char *kept)
{
    if (renameat(folder, FD_STORE_NAME, folder, kept) != 0)
        return false;
    if (renameat(folder, RESTORING, folder, FD_STORE_NAME) == 0)
        return true;

    const int why = errno;

    (void)renameat(folder, kept, folder, FD_STORE_NAME);
    errno = why;
    return false;
}

/*
 * The new one first has the name that the old one is to be kept by: so one call gives both the names they are
 * to have, and what is called RESTORING, which the next try removes, is never the old one, wherever this
 * ends.
 */
static bool exchange(int folder, const char *kept)
{
    int why;

    if (renameat(folder, RESTORING, folder, kept) != 0)
        return false;
    if (renameat2(folder, kept, folder, FD_STORE_NAME, RENAME_EXCHANGE) == 0)
        return true;
    why = errno;
    if (renameat(folder, kept, folder, RESTORING) != 0)
        return false;
    errno = why;
    return (why == EINVAL || why == ENOSYS) && replace(folder, kept);
}

/* A store that is missing may have left its journal. */
static bool put_in_place(int folder, char ret_kept[STORE_KEPT_SIZE])
{
    char journal[STORE_KEPT_SIZE + sizeof JOURNAL];
    struct stat status;
    const bool is_missing = fstatat(folder, FD_STORE_NAME, &status, AT_SYMLINK_NOFOLLOW) != 0;
    bool is_done;

    if ((is_missing && errno != ENOENT) || !name_kept(folder, ret_kept))
        return false;
    (void)snprintf(journal, sizeof journal, "%s" JOURNAL, ret_kept);
    is_done =
        keep_journal(folder, journal) &&
        (is_missing ? renameat(folder, RESTORING, folder, FD_STORE_NAME) == 0 : exchange(folder, ret_kept));
    if (!is_done)
        give_journal_back(folder, journal);
    if (is_missing)
        ret_kept[0] = '\0';
    return is_done;
}

bool store_restore_finish(struct store *restored, char ret_kept[STORE_KEPT_SIZE], char **ret_why)
{
    AUTO_FREE char *state_dir = strdup(restored->state_dir);
    AUTO_CLOSE int folder = open_folder(restored->state_dir, ret_why);
    bool is_done = state_dir && folder >= 0;

    store_close(restored);
    is_done = is_done && put_in_place(folder, ret_kept);
    if (!is_done) {
        (void)store_refuse(ret_why, "the restored store cannot take the place of " FD_STORE_NAME ": %s",
                           strerror(errno));
        (void)remove_file(folder, RESTORING);
    } else if (fsync(folder) != 0)
        is_done = store_refuse(ret_why, "%s cannot be synced: %s", state_dir, strerror(errno));
    return is_done;
}

void store_restore_abandon(struct store *restored)
{
    AUTO_CLOSE int folder = open(restored->state_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

    store_close(restored);
    (void)remove_file(folder, RESTORING);
    (void)remove_file(folder, RESTORING JOURNAL);
}

struct store *store_salvage(const char *state_dir, bool lock)
{
    struct store *store = calloc(1, sizeof *store);

    if (!store)
        return NULL;
    store->is_opening = true; /* as it is: whose it is was not asked, and nothing is written */
    store->state_dir = strdup(state_dir);
    if (asprintf(&store->path, "%s/" FD_STORE_NAME, state_dir) < 0)
        store->path = NULL;
    if (store->state_dir && store->path &&
        sqlite3_open_v2(store->path, &store->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL) ==
            SQLITE_OK &&
        store_digest_register(store->db) &&
        sqlite3_busy_timeout(store->db, STORE_BUSY_TIMEOUT_MS) == SQLITE_OK) {
        if (lock) /* of some damaged ones it can be had, of others nobody else has it either */
            (void)store_execute(store, "BEGIN IMMEDIATE");
        if (store_execute(store, "PRAGMA query_only = ON") == STORE_OK)
            return store;
    }
    store_close(store);
    return NULL;
}
