/* SPDX-License-Identifier: BSD-2-Clause */
/* One line of JSON: no control character of a string is ever written as it is. */
#include "kiosk/line.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void put(struct line *line, const char *bytes, size_t length)
{
    if (line->is_short || length > sizeof line->bytes - line->length) {
        line->is_short = true;
        return;
    }
    memcpy(line->bytes + line->length, bytes, length);
    line->length += length;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

static void put_string(struct line *line, const char *string)
{
    static const char digits[] = "0123456789abcdef";

    put(line, "\"", 1);
    for (const char *at = string; *at; at++) {
        const unsigned char c = (unsigned char)*at;
        const char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 0xf]};

        if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
            put(line, escape, sizeof escape);
        else
            put(line, at, 1);
    }
    put(line, "\"", 1);
}

static void put_comma(struct line *line)
{
    if (line->has_member)
        put(line, ",", 1);
    line->has_member = true;
}

static void put_name(struct line *line, const char *name)
{
    put_comma(line);
    put_string(line, name);
    put(line, ":", 1);
}

void line_begin(struct line *line)
{
    line->length = 0;
    line->is_short = line->has_member = false;
    put(line, "{", 1);
}

void line_end(struct line *line)
{
    put(line, "}", 1);
}

void line_string(struct line *line, const char *name, const char *string)
{
    if (!string)
        return;
    put_name(line, name);
    put_string(line, string);
}

void line_number(struct line *line, const char *name, int64_t number)
{
    char digits[24];

    (void)snprintf(digits, sizeof digits, "%" PRId64, number);
    put_name(line, name);
    put_text(line, digits);
}

void line_boolean(struct line *line, const char *name, bool boolean)
{
    put_name(line, name);
    put_text(line, boolean ? "true" : "false");
}

void line_open(struct line *line, const char *name, char bracket)
{
    put_name(line, name);
    put(line, &bracket, 1);
    line->has_member = false;
}

void line_item(struct line *line, const char *string)
{
    put_comma(line);
    put_string(line, string);
}

void line_close(struct line *line, char bracket)
{
    put(line, &bracket, 1);
    line->has_member = true;
}

void line_erase(struct line *line)
{
    explicit_bzero(line, sizeof *line);
}
