/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `frontdesk members backup`: whoever runs it makes the file, and a child that is the keeper's user fills it.
 * The file has its name only once it is whole, on the disk, and was read back.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/members/members_work.h"
#include "cli/output.h"
#include "members/store_backup.h"

struct backup {
    unsigned char *bytes;
    size_t size;
    uint64_t generation;
    unsigned members;
};

static bool count_row(void *context, const struct member *member)
{
    *(unsigned *)context += member->state != MEMBER_REMOVED;
    return true;
}

/* On the trial all but the writing is done. */
static enum reason make(struct members_work *work, void *context)
{
    struct members *members = &work->members;
    struct backup *backup = context;

    if (!members->dry_run)
        return REASON_OK;
    if (store_copy(members->store, &backup->bytes, &backup->size) == STORE_OK &&
        store_generation(members->store, &backup->generation) == STORE_OK &&
        store_each(members->store, count_row, &backup->members) == STORE_OK)
        return REASON_OK;
    (void)snprintf(members->why, sizeof members->why, "%s", store_error(members->store));
    return store_is_damaged(members->store) ? REASON_STORE_CORRUPT : REASON_STORE_FAILED;
}

static bool describe(const struct members_work *work, const void *context, struct json_document *record)
{
    const struct backup *backup = context;

    return json_add_string(record, "file", work->options->name) &&
           json_add_integer(record, "count", backup->members);
}

/* Read back, by the same descriptor, once the disk has it. */
static bool is_written(int file, const struct backup *backup)
{
    char block[4096];

    for (size_t done = 0; done < backup->size;) {
        const size_t left = backup->size - done, part = left < sizeof block ? left : sizeof block;
        const ssize_t n = pread(file, block, part, (off_t)done);

        if (n <= 0 || memcmp(block, backup->bytes + done, (size_t)n) != 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static bool write_all(int file, const struct backup *backup)
{
    for (size_t done = 0; done < backup->size;) {
        const ssize_t n = write(file, backup->bytes + done, backup->size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return fsync(file) == 0 && is_written(file, backup);
}

static bool print(const struct members_work *work, const struct backup *backup)
{
    AUTO_JSON struct json_document *document = work->cli->json ? json_new() : NULL;
    char shown[300];

    if (!work->cli->json)
        return printf("%u member%s saved in %s\n", backup->members, backup->members == 1 ? "" : "s",
                      output_text(work->options->name, shown, sizeof shown)) > 0;
    return document && json_add_string(document, "file", work->options->name) &&
           json_add_integer(document, "members", backup->members) &&
           json_add_integer(document, "generation", (int64_t)backup->generation) &&
           json_add_integer(document, "bytes", (int64_t)backup->size) && output_json(document);
}

int members_backup_verb(struct members_work *work)
{
    struct backup backup = {0};
    const struct members_change change = {
        .event = "members_backup", .make = make, .describe = describe, .context = &backup};
    const enum reason reason = members_change(work, &change, false);
    int status = EXIT_REFUSED;

    if (reason != REASON_OK)
        status = members_refuse(work, reason);
    else if (!write_all(work->output, &backup))
        output_error("%s: %s", work->options->name, errno ? strerror(errno) : "it does not read back");
    else if (print(work, &backup))
        status = 0;
    free(backup.bytes);
    return status;
}

/* The file's name while it is being written. */
static char *name_beside(const char *name)
{
    char *beside;

    return asprintf(&beside, "%s.partial", name) < 0 ? NULL : beside;
}

/* There --force would put a copy that the keeper may not read into the place of the store itself. */
static bool is_beside_store(const char *name, const char *state_dir)
{
    AUTO_FREE char *copy = strdup(name), *nss = NULL;
    struct stat folder, store, index;

    if (!copy || stat(dirname(copy), &folder) != 0)
        return false; /* then no file can be made there either */
    if (asprintf(&nss, "%s/nss", state_dir) < 0) {
        nss = NULL;
        return true;
    }
    return (stat(state_dir, &store) == 0 && store.st_dev == folder.st_dev && store.st_ino == folder.st_ino) ||
           (stat(nss, &index) == 0 && index.st_dev == folder.st_dev && index.st_ino == folder.st_ino);
}

/* What an earlier try left goes first. */
static int open_beside(const struct members_work *work, const char *beside)
{
    const char *name = work->options->name;
    struct stat status;
    int file;

    if (is_beside_store(name, work->cli->state_dir)) {
        output_error("%s is in the folder of the store itself: choose another one", name);
        return -1;
    }
    if (!work->options->force && lstat(name, &status) == 0) {
        output_error("%s is there already: choose another name, or say --force to replace it", name);
        return -1;
    }
    (void)unlink(beside);
    file = open(beside, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0 || fchmod(file, 0600) != 0)
        output_error("%s: %s", beside, strerror(errno));
    return file;
}

static bool sync_folder_of(const char *name)
{
    AUTO_FREE char *copy = strdup(name);
    AUTO_CLOSE int folder = copy ? open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    return folder >= 0 && fsync(folder) == 0;
}

/* Whatever came in the meantime is not replaced unasked; where a file system cannot say so, by a look. */
static bool give_name(const char *beside, const char *name, bool force)
{
    struct stat status;

    if (force)
        return rename(beside, name) == 0;
    if (renameat2(AT_FDCWD, beside, AT_FDCWD, name, RENAME_NOREPLACE) == 0)
        return true;
    return (errno == EINVAL || errno == ENOSYS) && lstat(name, &status) != 0 && rename(beside, name) == 0;
}

static int run_in_child(struct members_work *work, int (*run)(struct members_work *work))
{
    int status;
    pid_t pid;

    (void)fflush(NULL);
    pid = fork();
    if (pid == 0) {
        status = run(work);
        exit(fflush(stdout) == 0 ? status : EXIT_REFUSED);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status)) {
        output_error("the backup could not be made");
        return EXIT_REFUSED;
    }
    return WEXITSTATUS(status);
}

int members_backup_around(struct members_work *work, int (*run)(struct members_work *work))
{
    const char *name = work->options->name;
    AUTO_FREE char *beside = name_beside(name);
    AUTO_CLOSE int file = beside ? open_beside(work, beside) : -1;
    int status;

    if (file < 0)
        return EXIT_USAGE;
    work->output = file;
    status = run_in_child(work, run);
    if (status == 0 && !(give_name(beside, name, work->options->force) && sync_folder_of(name))) {
        output_error("%s: %s", name, strerror(errno));
        status = EXIT_REFUSED;
    }
    if (status != 0)
        (void)unlink(beside);
    return status;
}
