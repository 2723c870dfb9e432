/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JSON of one line, written into memory of the caller's: what names a visitor stands in one place then, and
 * is erased there, where a library would leave copies behind.
 */
#ifndef HELPER_KIOSK_LINE_H
#define HELPER_KIOSK_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LINE_MAX_BYTES (48 * 1024) /* a QR of 177 modules a side needs 32 kB */

struct line {
    char bytes[LINE_MAX_BYTES];
    size_t length;
    bool is_short; /* something did not fit: it must not be sent */
    bool has_member;
};

/* "{" … "}": */
void line_begin(struct line *line);
void line_end(struct line *line);

/* Members; a NULL string is left out. Strings are UTF-8. */
void line_string(struct line *line, const char *name, const char *string);
void line_number(struct line *line, const char *name, int64_t number);
void line_boolean(struct line *line, const char *name, bool boolean);
/* "name":{ … } and "name":[ … ]: */
void line_open(struct line *line, const char *name, char bracket);
void line_item(struct line *line, const char *string);
void line_close(struct line *line, char bracket);

void line_erase(struct line *line);

#endif
