/* SPDX-License-Identifier: BSD-2-Clause */
/* The audit file is evidence: no line may be lost in another, whoever else appends and however a write ended.
 */
#include "audit/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cleanup.h"
#include "config/settings.h"

#define OPEN_TRIES 8
#define LOCK_TRIES 1000 /* a millisecond apart */
#define ROOM       8192 /* bytes: the longest record fits */

struct json_document *audit_record(const char *event)
{
    struct json_document *record = json_new();
    struct timespec now;
    struct tm utc;
    char seconds[32], time[48];

    if (clock_gettime(CLOCK_REALTIME, &now) != 0 || !gmtime_r(&now.tv_sec, &utc) ||
        strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &utc) == 0) {
        json_free(record);
        return NULL;
    }
    (void)snprintf(time, sizeof time, "%s.%03ldZ", seconds, now.tv_nsec / 1000000);
    if (!record || !json_add_string(record, "time", time) || !json_add_string(record, "event", event)) {
        json_free(record);
        return NULL;
    }
    return record;
}

/*
 * Keeps rotation, the look at the last byte and the write together. A file of its own, which those who read
 * logs cannot open, and so cannot hold. -1: none could be had, and then nothing is rotated; the worst is an
 * empty line.
 */
static int lock(const char *path)
{
    const struct timespec pause = {.tv_nsec = 1000000};
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    AUTO_FREE char *name = setting_sentence("%s.lock", path);
    int fd = name ? open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600) : -1;

    for (unsigned i = 0; fd >= 0 && i < LOCK_TRIES; i++) {
        if (fcntl(fd, F_OFD_SETLK, &whole) == 0)
            return fd;
        if (errno != EAGAIN && errno != EACCES && errno != EINTR)
            break;
        (void)nanosleep(&pause, NULL);
    }
    if (fd >= 0)
        (void)close(fd);
    return -1;
}

/* The last write broke off within its line. */
static bool ends_broken(int fd)
{
    struct stat status;
    char last = '\n';

    return fstat(fd, &status) == 0 && status.st_size > 0 && pread(fd, &last, 1, status.st_size - 1) == 1 &&
           last != '\n';
}

static const char *write_line(int fd, const char *line, size_t length)
{
    ssize_t n;

    do
        n = write(fd, line, length);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return strerror(errno);
    return (size_t)n == length ? NULL : "only part of the line could be written";
}

#define OPEN_FLAGS (O_RDWR | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

/* Whoever makes it, an administrator's command too: those who read logs may read it, whatever the umask. */
static int make_file(const char *path)
{
    const int fd = open(path, OPEN_FLAGS | O_CREAT | O_EXCL, (mode_t)0640);

    if (fd < 0 || fchmod(fd, 0640) == 0)
        return fd;
    (void)close(fd);
    return -1;
}

/* Others make it, and a rotation moves it away, at any moment. */
static int open_file(const char *path)
{
    int fd = -1;

    for (unsigned i = 0; i < OPEN_TRIES; i++) {
        fd = open(path, OPEN_FLAGS);
        if (fd < 0 && errno == ENOENT)
            fd = make_file(path);
        if (fd >= 0 || errno != EEXIST)
            break;
    }
    return fd;
}

/* What is wrong, or NULL and the descriptor. */
static const char *open_regular(const char *path, int *ret_fd)
{
    struct stat status;
    const int fd = open_file(path);

    if (fd < 0)
        return errno == ELOOP ? "is a symbolic link" : strerror(errno);
    if (fstat(fd, &status) != 0) {
        (void)close(fd);
        return "cannot be looked at";
    }
    if (!S_ISREG(status.st_mode)) {
        (void)close(fd);
        return "is no regular file";
    }
    *ret_fd = fd;
    return NULL;
}

/* What went wrong, or NULL. The lock ends with its descriptor. */
static const char *append(const struct audit_file *file, const char *text)
{
    AUTO_CLOSE const int locked = lock(file->path);
    AUTO_CLOSE int fd = -1;
    AUTO_FREE char *line = NULL;
    const char *why;

    if (locked >= 0)
        audit_rotate(file, strlen(text) + 1);
    why = open_regular(file->path, &fd);
    if (why)
        return why;
    line = setting_sentence("%s%s\n", ends_broken(fd) ? "\n" : "", text);
    return line ? write_line(fd, line, strlen(line)) : "no memory";
}

/* Behind the end, for the next record. A file system that cannot do so says at the write what is wrong. */
static const char *reserve(int fd)
{
    struct stat status;

    if (fstat(fd, &status) != 0)
        return "cannot be looked at";
    if (fallocate(fd, FALLOC_FL_KEEP_SIZE, status.st_size, ROOM) == 0 || (errno != ENOSPC && errno != EDQUOT))
        return NULL;
    return strerror(errno);
}

bool audit_is_ready(const char *path, char **ret_why)
{
    AUTO_CLOSE int fd = -1;
    const char *why = open_regular(path, &fd);

    if (!why)
        why = reserve(fd);
    if (why)
        *ret_why = setting_sentence("%s: %s", path, why);
    return !why;
}

bool audit_append(const struct audit_file *file, const struct json_document *record, char **ret_why)
{
    AUTO_FREE char *text = json_print(json_top(record));
    const char *why = text ? append(file, text) : "no memory";

    if (why)
        *ret_why = setting_sentence("%s: %s", file->path, why);
    return !why;
}
