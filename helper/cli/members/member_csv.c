/* SPDX-License-Identifier: BSD-2-Clause */
/* See member_csv.h. */
#include "cli/members/member_csv.h"

#include <string.h>

static bool begins_formula(char c)
{
    return c != '\0' && strchr("=+-@\t\r", c) != NULL;
}

/* What writing would have put an apostrophe before. */
static bool is_guarded(const char *value)
{
    return value[0] == '\'' && (begins_formula(value[1]) || value[1] == '\'');
}

void csv_write(FILE *file, const char *value, bool first)
{
    const bool guard = begins_formula(value[0]) || is_guarded(value);
    const bool quote = strpbrk(value, ",\"\r\n") != NULL;

    (void)fprintf(file, "%s%s%s", first ? "" : ",", quote ? "\"" : "", guard ? "'" : "");
    for (; *value; value++)
        (void)fprintf(file, "%s%c", *value == '"' ? "\"" : "", *value);
    if (quote)
        (void)fputc('"', file);
}

/* The field without its quotes; behind it in *at. False: a quote that nothing closes, or text behind one. */
static bool take_quoted(struct csv_reader *reader, char **at)
{
    char *from = *at + 1, *to = *at;

    while (*from && (*from != '"' || from[1] == '"')) {
        from += *from == '"';
        reader->next_line += *from == '\n';
        *to++ = *from++;
    }
    if (*from != '"' || (from[1] != '\0' && !strchr(",\r\n", from[1])))
        return false;
    *at = from + 1;
    *to = '\0';
    return true;
}

static void unguard(char *value)
{
    if (is_guarded(value))
        memmove(value, value + 1, strlen(value));
}

/* Cuts behind a field. True: the row goes on. */
static bool end_field(struct csv_reader *reader, char *at)
{
    const char separator = *at;

    *at = '\0';
    if (separator == ',') {
        reader->rest = at + 1;
        return true;
    }
    if (separator == '\r' && at[1] == '\n')
        at++;
    reader->next_line++;
    reader->rest = separator == '\0' || at[1] == '\0' ? NULL : at + 1;
    return false;
}

bool csv_read(struct csv_reader *reader, struct csv_row *ret_row, const char **ret_why)
{
    struct csv_row row = {0};
    bool more = true;

    *ret_why = NULL;
    if (!reader->rest || reader->rest[0] == '\0')
        return false;
    reader->line = reader->next_line;
    while (more) {
        char *field = reader->rest, *at = field;

        if (row.count == CSV_FIELDS_MAX) {
            *ret_why = "too many fields";
            return false;
        }
        if (*at != '"') {
            at += strcspn(at, ",\r\n");
        } else if (!take_quoted(reader, &at)) {
            *ret_why = "a quote that does not close";
            return false;
        }
        more = end_field(reader, at);
        unguard(field);
        row.fields[row.count++] = field;
    }
    *ret_row = row;
    return true;
}
