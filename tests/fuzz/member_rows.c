/* SPDX-License-Identifier: BSD-2-Clause */
/* Members to import, as a table and as lines of JSON: rows within their bounds, or a line and a reason. */
#include "cli/members/member_rows.h"

#include <stdlib.h>
#include <string.h>

#include "cli/members/member_csv.h"
#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

static void judge_rows(const uint8_t *data, size_t size, enum members_format format)
{
    struct member_rows rows = {0};
    char *text = fuzz_text(data, size), *why = NULL;

    if (member_rows_read(text, size, format, &rows, &why)) {
        if (rows.count > 0)
            fuzz_note_good();
        FUZZ_CHECK(rows.count <= MEMBER_ROWS_MAX && !why);
        for (size_t i = 0; i < rows.count; i++)
            FUZZ_CHECK(rows.lines[i] >= 1 && rows.rows[i].name);
        member_rows_clear(&rows);
    } else {
        FUZZ_CHECK(why || faults_fired());
        FUZZ_CHECK(!rows.rows && rows.count == 0);
    }
    free(why);
    free(text);
}

/* A field that is written comes back. */
static void judge_round_trip(const char *value)
{
    struct csv_reader reader = {.next_line = 1};
    struct csv_row row;
    char *text = NULL;
    const char *why = NULL;
    size_t size = 0;
    FILE *file;

    faults_pause();
    file = open_memstream(&text, &size);
    FUZZ_CHECK(file);
    csv_write(file, value, true);
    csv_write(file, "end", false);
    FUZZ_CHECK(fputs("\r\n", file) >= 0 && fclose(file) == 0);
    faults_resume();
    reader.rest = text;
    FUZZ_CHECK(csv_read(&reader, &row, &why) && row.count == 2);
    FUZZ_CHECK(strcmp(row.fields[0], value) == 0 && strcmp(row.fields[1], "end") == 0);
    free(text);
}

static void judge(const uint8_t *data, size_t size)
{
    char *value = fuzz_text(data, size);

    judge_rows(data, size, FORMAT_CSV);
    judge_rows(data, size, FORMAT_JSON);
    judge_round_trip(value);
    free(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
