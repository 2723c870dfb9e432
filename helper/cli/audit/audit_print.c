/* SPDX-License-Identifier: BSD-2-Clause */
/* Short columns first; what may be long stands last and is not cut. */
#include "cli/audit/audit_print.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"

#define CELL_SIZE 512

static const struct column {
    const char *title;
    int width;
    const char *members[4]; /* the first that the record has */
} columns[] = {
    {"TIME (UTC)", 20, {"time"}},
    {"EVENT", 18, {"event"}},
    {"VERDICT", 12, {"verdict"}},
    {"REASON", 22, {"reason"}},
    {"USER", 14, {"user", "requested_user", "member"}},
    {"CONNECTION", 12, {"connection"}},
    {"SERVICE", 12, {"service"}},
    {"HOST", 16, {"rhost", "tty"}},
};

bool audit_print_header(void)
{
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        (void)printf("%-*s ", columns[i].width, columns[i].title);
    return puts("WHO AND WHY") >= 0 && fflush(stdout) == 0;
}

/* Any value as text; "-": the record has none of them. */
static const char *cell(const struct json_value *record, const char *const *members, char text[CELL_SIZE])
{
    for (size_t i = 0; i < 4 && members[i]; i++) {
        const char *string;
        int64_t number;

        if (json_string(json_get(record, members[i]), &string, NULL))
            return output_text(string, text, CELL_SIZE);
        if (json_integer(json_get(record, members[i]), &number)) {
            (void)snprintf(text, CELL_SIZE, "%" PRId64, number);
            return text;
        }
    }
    return "-";
}

/* "2026-11-21T15:04:05.678Z": without what a person does not read. */
static const char *time_cell(const char *time, char text[CELL_SIZE])
{
    if (strlen(time) < 19 || time[10] != 'T')
        return time;
    (void)snprintf(text, CELL_SIZE, "%.10s %.8s", time, time + 11);
    return text;
}

/* Beside the columns: the person, who did it, and the detail. */
static void print_rest(const struct json_value *record)
{
    static const char *const names[][2] = {
        {"member", NULL},   {"issuer", NULL},      {"subject", NULL},   {"email", NULL},
        {"identity", NULL}, {"peer_uid", NULL},    {"login_uid", NULL}, {"new_name", NULL},
        {"file", NULL},     {"duration_ms", NULL}, {"detail", NULL},
    };
    char text[CELL_SIZE];
    const char *space = "";

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = cell(record, names[i], text);

        if (strcmp(value, "-") == 0)
            continue;
        (void)printf("%s%s=%s", space, names[i][0], value);
        space = " ";
    }
}

bool audit_print_row(const struct json_value *record)
{
    char text[CELL_SIZE], time[CELL_SIZE];

    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        const char *value = cell(record, columns[i].members, text);

        (void)printf("%-*s ", columns[i].width, i == 0 ? time_cell(value, time) : value);
    }
    print_rest(record);
    return putchar('\n') >= 0 && fflush(stdout) == 0;
}
