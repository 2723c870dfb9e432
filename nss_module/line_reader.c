/* SPDX-License-Identifier: BSD-2-Clause */
/* open, fstat and pread, as for the index: a file that is changed or cut meanwhile can do no harm. */
#include "line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MAX 255 /* bytes of the path of one: ours are compiled in, and short */

/* Who may write a folder decides what stands below it. In a sticky one nobody moves what is root's. */
static bool folder_counts(const struct stat *status)
{
    return status->st_uid == 0 &&
           ((status->st_mode & (S_IWGRP | S_IWOTH)) == 0 || (status->st_mode & S_ISVTX) != 0);
}

static bool way_counts(const char *path)
{
    char folder[FOLDER_MAX + 1];
    struct stat status;

    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        const size_t length = slash == path ? 1 : (size_t)(slash - path);

        if (length > FOLDER_MAX)
            return false;
        memcpy(folder, path, length);
        folder[length] = '\0';
        if (stat(folder, &status) != 0 || !folder_counts(&status))
            return false;
    }
    return true;
}

static bool file_counts(const struct stat *status, off_t most)
{
    return S_ISREG(status->st_mode) && status->st_uid == 0 && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
           status->st_size <= most;
}

bool line_reader_open(const char *path, off_t most, struct line_reader *ret_reader)
{
    struct stat status;
    int fd;

    if (!way_counts(path))
        return false;
    fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    /* Nor has -1 a status. */
    if (fstat(fd, &status) != 0 || !file_counts(&status, most)) {
        (void)close(fd);
        return false;
    }
    ret_reader->fd = fd;
    ret_reader->offset = 0;
    ret_reader->end = status.st_size;
    ret_reader->at = ret_reader->used = 0;
    return true;
}

void line_reader_close(struct line_reader *reader)
{
    (void)close(reader->fd);
    reader->fd = -1;
}

/* More bytes, but never beyond the size that was judged. */
static bool fill(struct line_reader *reader)
{
    size_t most = sizeof reader->bytes;
    ssize_t n;

    if ((off_t)most > reader->end - reader->offset)
        most = (size_t)(reader->end - reader->offset);
    do
        n = pread(reader->fd, reader->bytes, most, reader->offset);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return false;
    reader->offset += n;
    reader->at = 0;
    reader->used = (size_t)n;
    return true;
}

bool line_reader_next(struct line_reader *reader, struct line *ret_line)
{
    size_t length = 0;

    if (reader->at == reader->used && !fill(reader))
        return false;
    do {
        const char byte = reader->bytes[reader->at++];

        if (byte == '\n')
            break;
        if (length < LINE_HEAD_MAX)
            ret_line->head[length] = byte;
        length++;
    } while (reader->at < reader->used || fill(reader));
    ret_line->is_cut = length > LINE_HEAD_MAX;
    ret_line->length = ret_line->is_cut ? LINE_HEAD_MAX : length;
    ret_line->head[ret_line->length] = '\0';
    return true;
}
