/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of root's own files, in little memory, within whatever process asks for a name. */
#ifndef NSS_LINE_READER_H
#define NSS_LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define LINE_HEAD_MAX 127 /* bytes of a line that are kept; nothing that counts is longer */

struct line_reader {
    int fd;
    off_t offset, end;
    size_t at, used;
    char bytes[4096];
};

struct line {
    char head[LINE_HEAD_MAX + 1]; /* ends with a NUL */
    size_t length;                /* of the head */
    bool is_cut;                  /* the line is longer */
};

/*
 * False: none, larger than `most` bytes, or no regular file of root's that none but root may write, below
 * folders of which the same holds.
 */
bool line_reader_open(const char *path, off_t most, struct line_reader *ret_reader);
void line_reader_close(struct line_reader *reader);

/* False at the end. */
bool line_reader_next(struct line_reader *reader, struct line *ret_line);

#endif
