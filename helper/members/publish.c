/* SPDX-License-Identifier: BSD-2-Clause */
/* Replaces the index, whole or not at all, and never by an older one. */
#include "members/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "frontdesk/member_index.h"
#include "frontdesk/member_text.h"
#include "frontdesk/paths.h"
#include "members/index_image.h"

#define FOLDER    "nss"
#define FILE_NAME "members"
#define TEMPORARY "members.new" /* one name is enough: its writer holds the store's write lock */

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

bool publish_fits(const struct member *member)
{
    size_t home = strlen(member->home), shell = strlen(member->shell);

    return id_is_members(member->id) && member_name_is_valid(member->name, strlen(member->name)) &&
           !member_name_is_reserved(member->name) && home <= MEMBER_HOME_MAX &&
           home_is_valid(member->home, home, member->name) && shell <= MEMBER_SHELL_MAX &&
           shell_is_valid(member->shell, shell);
}

struct collection {
    struct index_image image;
    bool is_short; /* of memory */
};

static bool collect(void *context, const struct member *member)
{
    struct collection *collection = context;

    if (member->state == MEMBER_REMOVED || !publish_fits(member))
        return true;
    collection->is_short = !index_image_add(&collection->image, member);
    return !collection->is_short;
}

static char *make_image(struct store *store, uint64_t generation, size_t *ret_size, char **ret_why)
{
    struct collection collection = {0};
    char *image = NULL;

    if (store_each(store, collect, &collection) != STORE_OK) {
        (void)refuse(ret_why, "the store cannot be read: %s", store_error(store));
    } else {
        if (!collection.is_short)
            image = index_image_finish(&collection.image, generation, ret_size);
        if (!image)
            (void)refuse(ret_why, "out of memory");
    }
    index_image_clear(&collection.image);
    return image;
}

/* Mode and owner by descriptor: the umask has no say, and nobody else may write there. */
static bool open_folder(const char *state_dir, int *ret_folder, char **ret_why)
{
    AUTO_CLOSE int state = open(state_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    bool is_new;

    if (state < 0)
        return refuse(ret_why, "%s cannot be opened: %s", state_dir, strerror(errno));
    is_new = mkdirat(state, FOLDER, 0755) == 0;
    if (!is_new && errno != EEXIST)
        return refuse(ret_why, "%s/" FOLDER " cannot be made: %s", state_dir, strerror(errno));
    *ret_folder = openat(state, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (*ret_folder < 0 || fstat(*ret_folder, &status) != 0)
        return refuse(ret_why, "%s/" FOLDER " cannot be opened: %s", state_dir, strerror(errno));
    if (status.st_uid != geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
        return refuse(ret_why, "%s/" FOLDER " is not this process's user's alone to write", state_dir);
    if ((status.st_mode & 07777) != 0755 && fchmod(*ret_folder, 0755) != 0)
        return refuse(ret_why, "%s/" FOLDER " cannot be made readable: %s", state_dir, strerror(errno));
    if (is_new && fsync(state) != 0)
        return refuse(ret_why, "%s cannot be synced: %s", state_dir, strerror(errno));
    return true;
}

static bool write_whole(int file, const char *bytes, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t written = write(file, bytes + done, size - done);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        done += (size_t)written;
    }
    return fchmod(file, 0644) == 0 && fsync(file) == 0;
}

static bool replace_file(int folder, const char *bytes, size_t size)
{
    AUTO_CLOSE int file = -1;

    if (unlinkat(folder, TEMPORARY, 0) != 0 && errno != ENOENT)
        return false;
    file = openat(folder, TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0)
        return false;
    if (!write_whole(file, bytes, size) || renameat(folder, TEMPORARY, folder, FILE_NAME) != 0) {
        int error = errno;

        (void)unlinkat(folder, TEMPORARY, 0);
        errno = error;
        return false;
    }
    return fsync(folder) == 0;
}

static bool write_index(const char *state_dir, const char *image, size_t size, char **ret_why)
{
    AUTO_CLOSE int folder = -1;

    if (!open_folder(state_dir, &folder, ret_why))
        return false;
    if (!replace_file(folder, image, size))
        return refuse(ret_why, "%s/" FD_INDEX_NAME " cannot be written: %s", state_dir, strerror(errno));
    return true;
}

/* The caller holds the write lock. */
static bool publish_locked(struct store *store, const char *state_dir, char **ret_why)
{
    AUTO_FREE char *image = NULL;
    uint64_t generation, published;
    size_t size;

    if (store_generation(store, &generation) != STORE_OK)
        return refuse(ret_why, "the store cannot be read: %s", store_error(store));
    if (publish_index_generation(state_dir, &published)) {
        if (published == generation)
            return true;
        if (published > generation)
            return refuse(ret_why,
                          "%s/" FD_INDEX_NAME " (generation %" PRIu64 ") is newer than the store (%" PRIu64
                          "): put the newer store back, or remove the index to accept the older one",
                          state_dir, published, generation);
    }
    image = make_image(store, generation, &size, ret_why);
    return image && write_index(state_dir, image, size, ret_why);
}

bool publish_index(struct store *store, const char *state_dir, char **ret_why)
{
    bool is_published;

    if (store_begin(store) != STORE_OK)
        return refuse(ret_why, "the store cannot be locked: %s", store_error(store));
    is_published = publish_locked(store, state_dir, ret_why);
    store_rollback(store);
    return is_published;
}

bool publish_index_generation(const char *state_dir, uint64_t *ret_generation)
{
    AUTO_FREE char *path = NULL;
    AUTO_CLOSE int file = -1;
    struct member_index_header header;
    struct stat status;

    if (asprintf(&path, "%s/" FD_INDEX_NAME, state_dir) < 0) {
        path = NULL;
        return false;
    }
    file = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (file < 0 || fstat(file, &status) != 0 || !S_ISREG(status.st_mode) ||
        (status.st_mode & 07777) != 0644 || pread(file, &header, sizeof header, 0) != (ssize_t)sizeof header)
        return false;
    if (memcmp(header.magic, MEMBER_INDEX_MAGIC, sizeof header.magic) != 0 ||
        header.byte_order != MEMBER_INDEX_BYTE_ORDER || header.file_size != (uint64_t)status.st_size)
        return false;
    *ret_generation = header.generation;
    return true;
}
