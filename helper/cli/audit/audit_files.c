/* SPDX-License-Identifier: BSD-2-Clause */
/* See audit_files.h. Whoever writes a file does so in whole lines; half of one is still being written. */
#include "cli/audit/audit_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"

#define LOOK_NS (200 * 1000 * 1000) /* between two looks for something new */

/* NULL: errno. */
static FILE *open_one(const char *path)
{
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    struct stat status;
    FILE *file = NULL;

    if (fd < 0)
        return NULL;
    errno = EINVAL;
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode))
        file = fdopen(fd, "r");
    if (!file)
        (void)close(fd);
    return file;
}

static bool is_same(FILE *one, FILE *other)
{
    struct stat a, b;

    return fstat(fileno(one), &a) == 0 && fstat(fileno(other), &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

static bool is_known(const struct audit_files *files, FILE *file)
{
    for (size_t i = 0; i < files->count; i++)
        if (is_same(files->open[i], file))
            return true;
    return false;
}

/* 0, or errno. Newest first: what is rotated meanwhile is met a second time, not missed. */
static int open_number(struct audit_files *files, unsigned number, char ret_path[AUDIT_PATH_MAX])
{
    FILE *file;

    if (number == 0)
        (void)snprintf(ret_path, AUDIT_PATH_MAX, "%s", files->path);
    else if (!audit_rotated_path(files->path, number, ret_path))
        return ENAMETOOLONG;
    file = open_one(ret_path);
    if (!file)
        return errno;
    if (is_known(files, file))
        (void)fclose(file);
    else
        files->open[files->count++] = file;
    return 0;
}

int audit_files_open(const char *path, struct audit_files *ret_files, char **ret_path)
{
    struct audit_files files = {.path = path};
    char name[AUDIT_PATH_MAX];
    int why = 0;

    for (unsigned number = 0; number <= AUDIT_KEEP_MAX; number++) {
        why = open_number(&files, number, name);
        if (why != 0 && why != ENOENT)
            break;
    }
    if (why == ENOENT && files.count > 0)
        why = 0;
    if (why != 0) {
        *ret_path = strdup(why == ENOENT ? path : name);
        audit_files_close(&files);
        return why;
    }
    *ret_files = files;
    return 0;
}

void audit_files_close(struct audit_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        (void)fclose(files->open[i]);
    free(files->line);
    *files = (struct audit_files){0};
}

/* Up to the end as it is now. A line without an end is one that broke off, or one that still grows. */
static bool read_lines(struct audit_files *files, FILE *file, bool still_grows, struct audit_taker taker)
{
    clearerr(file);
    for (;;) {
        const off_t before = ftello(file);
        ssize_t n = getline(&files->line, &files->size, file);

        if (n < 0)
            return !ferror(file) && feof(file);
        if (files->line[n - 1] == '\n')
            files->line[--n] = '\0';
        else if (still_grows)
            return fseeko(file, before, SEEK_SET) == 0;
        if (!taker.take(taker.context, files->line, (size_t)n))
            return false;
    }
}

bool audit_files_each(struct audit_files *files, bool still_grows, struct audit_taker taker)
{
    for (size_t i = files->count; i-- > 0;) {
        rewind(files->open[i]);
        if (!read_lines(files, files->open[i], still_grows && i == 0, taker))
            return false;
    }
    return true;
}

/* Another file is at the path: that, and what came between. False: nothing is new. */
static bool find_newer(const struct audit_files *files, struct audit_files *ret_newer)
{
    struct audit_files newer = {.path = files->path};
    AUTO_FREE char *why = NULL;
    size_t known = 0;

    if (audit_files_open(files->path, &newer, &why) != 0)
        return false;
    while (known < newer.count && !is_same(newer.open[known], files->open[0]))
        known++;
    /* From the one that is known on, all are older. */
    for (size_t i = known; i < newer.count; i++)
        (void)fclose(newer.open[i]);
    newer.count = known;
    *ret_newer = newer;
    return known > 0;
}

bool audit_files_follow(struct audit_files *files, struct audit_taker taker)
{
    const struct timespec pause = {.tv_nsec = LOOK_NS};
    struct audit_files newer;

    for (;;) {
        const bool is_left = find_newer(files, &newer);

        /* Read after the look: once a file has been left, nothing is added to it. */
        if (!read_lines(files, files->open[0], !is_left, taker))
            return false;
        if (is_left) {
            audit_files_close(files);
            *files = newer;
            if (!audit_files_each(files, true, taker))
                return false;
        }
        (void)nanosleep(&pause, NULL);
    }
}
