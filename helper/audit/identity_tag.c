/* SPDX-License-Identifier: BSD-2-Clause */
/* The length of the issuer stands in front, so that no two pairs make the same bytes. */
#include "audit/identity_tag.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "cleanup.h"
#include "config/settings.h"
#include "jose/hash.h"

bool identity_key_random(struct identity_key *ret_key)
{
    return getrandom(ret_key->bytes, sizeof ret_key->bytes, 0) == (ssize_t)sizeof ret_key->bytes;
}

/* What is wrong, or NULL. A key that others can read, or wrote, hides nobody. */
static const char *read_key(const char *path, struct identity_key *ret_key)
{
    AUTO_CLOSE const int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    unsigned char bytes[IDENTITY_KEY_SIZE + 1];
    struct stat status;
    ssize_t n;

    if (fd < 0 || fstat(fd, &status) != 0)
        return errno == ELOOP ? "is a symbolic link" : strerror(errno);
    if (!S_ISREG(status.st_mode) || (status.st_mode & 077) != 0)
        return "must be a regular file that its owner alone may read";
    n = read(fd, bytes, sizeof bytes);
    if (n == IDENTITY_KEY_SIZE)
        memcpy(ret_key->bytes, bytes, IDENTITY_KEY_SIZE);
    explicit_bzero(bytes, sizeof bytes);
    return n == IDENTITY_KEY_SIZE ? NULL : "is no key of 32 bytes; without it a new one is made";
}

static bool write_key(int fd, const struct identity_key *key)
{
    ssize_t n;

    do
        n = write(fd, key->bytes, sizeof key->bytes);
    while (n < 0 && errno == EINTR);
    if (n >= 0 && n != (ssize_t)sizeof key->bytes)
        errno = ENOSPC;
    return n == (ssize_t)sizeof key->bytes && fchmod(fd, 0400) == 0 && fsync(fd) == 0;
}

/*
 * Whole before it has its name, and what a start that broke off left goes first. Of two who make it at once,
 * one is taken. False: errno.
 */
static bool make_key(const char *path)
{
    char fresh[PATH_MAX];
    struct identity_key key;
    int fd, why;
    bool is_made;

    if (snprintf(fresh, sizeof fresh, "%s.%d", path, (int)getpid()) >= (int)sizeof fresh) {
        errno = ENAMETOOLONG;
        return false;
    }
    (void)unlink(fresh);
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, (mode_t)0600);
    if (fd < 0)
        return false;
    is_made = identity_key_random(&key) && write_key(fd, &key) &&
              (renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0 || errno == EEXIST ||
               (errno == ENOENT && access(path, F_OK) == 0));
    why = errno;
    explicit_bzero(&key, sizeof key);
    (void)close(fd);
    (void)unlink(fresh);
    errno = why;
    return is_made;
}

/* The name, too, or a power cut would leave the tags of today without their key. */
static bool sync_folder(const char *state_dir)
{
    AUTO_CLOSE const int folder = open(state_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return folder >= 0 && fsync(folder) == 0;
}

/* What starts that broke off have left. Only once there is a key: then nobody needs theirs any more. */
static void sweep(const char *state_dir)
{
    DIR *folder = opendir(state_dir);
    const struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL)
        if (strncmp(entry->d_name, IDENTITY_KEY_NAME ".", sizeof IDENTITY_KEY_NAME) == 0)
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        (void)closedir(folder);
}

bool identity_key_open(const char *state_dir, bool make, struct identity_key *ret_key, char **ret_why)
{
    AUTO_FREE char *path = setting_sentence("%s/" IDENTITY_KEY_NAME, state_dir);
    const char *why = NULL;

    if (!path)
        return false;
    if (make && access(path, F_OK) != 0 && errno == ENOENT && !(make_key(path) && sync_folder(state_dir)))
        why = strerror(errno);
    if (!why)
        why = read_key(path, ret_key);
    if (!why && make)
        sweep(state_dir);
    if (why)
        *ret_why = setting_sentence("%s: %s", path, why);
    return !why;
}

bool identity_tag(const struct identity_key *key, const char *issuer, const char *subject,
                  char ret_tag[IDENTITY_TAG_SIZE])
{
    AUTO_FREE char *input = setting_sentence("%zu:%s%s", strlen(issuer), issuer, subject);
    char text[HASH_SHA256_TEXT_SIZE];

    if (!input || !hash_hmac_text((struct hash_input){key->bytes, sizeof key->bytes},
                                  (struct hash_input){input, strlen(input)}, text, sizeof text))
        return false;
    memcpy(ret_tag, text, IDENTITY_TAG_SIZE - 1);
    ret_tag[IDENTITY_TAG_SIZE - 1] = '\0';
    return true;
}
