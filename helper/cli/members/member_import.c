/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk members import`: a report first, all or nothing afterwards. */
#include <stdio.h>
#include <stdlib.h>

#include "cleanup.h"
#include "cli/members/member_rows.h"
#include "cli/members/members_work.h"
#include "cli/output.h"

struct import {
    struct member_rows rows;
    struct members_import_answer *answers;
};

static enum reason make(struct members_work *work, void *context)
{
    struct import *import = context;

    if (work->config->broken)
        return REASON_CONFIG_BROKEN;
    return members_import(&work->members, work->config, import->rows.rows, import->rows.count,
                          import->answers);
}

static bool describe(const struct members_work *work, const void *context, struct json_document *record)
{
    const struct import *import = context;

    return json_add_string(record, "file", work->options->name) &&
           json_add_integer(record, "count", (int64_t)import->rows.count);
}

static bool print_json(const struct import *import, size_t i, bool written)
{
    AUTO_JSON struct json_document *document = json_new();
    const struct members_import_answer *answer = &import->answers[i];

    return document && json_add_integer(document, "line", import->rows.lines[i]) &&
           json_add_string(document, "name", import->rows.rows[i].name) &&
           json_add_integer(document, "uid", answer->id) &&
           json_add_string(document, "reason", reason_code(answer->reason)) &&
           json_add_string(document, "field", answer->reason == REASON_OK ? NULL : answer->what) &&
           json_add_boolean(document, "written", written) && output_json(document);
}

static void print_text(const struct import *import, size_t i, bool written)
{
    const struct members_import_answer *answer = &import->answers[i];
    char name[64];

    (void)printf("line %u: %s: ", import->rows.lines[i],
                 output_text(import->rows.rows[i].name, name, sizeof name));
    if (answer->reason == REASON_OK)
        (void)printf("uid %u%s\n", answer->id, written ? "" : ", would be imported");
    else
        (void)printf("%s: %s (%s)\n", answer->what, members_words_for(answer->reason),
                     reason_code(answer->reason));
}

static int tell(const struct members_work *work, const struct import *import, enum reason reason)
{
    const bool written = reason == REASON_OK && work->options->yes && !work->options->dry_run;
    bool told = true;

    for (size_t i = 0; i < import->rows.count; i++)
        if (!work->cli->json)
            print_text(import, i, written);
        else
            told = print_json(import, i, written) && told;
    if (reason != REASON_OK)
        return members_refuse(work, reason);
    if (!written)
        output_error("nothing was written: --yes imports all of them");
    return told ? 0 : EXIT_REFUSED;
}

static void cleanup_import(struct import *import)
{
    member_rows_clear(&import->rows);
    free(import->answers);
}

int members_import_verb(struct members_work *work)
{
    CLEANUP(cleanup_import) struct import import = {0};
    const struct members_change change = {
        .event = "members_import", .make = make, .describe = describe, .context = &import};
    const bool dry_run = work->options->dry_run || !work->options->yes;
    AUTO_FREE char *why = NULL;

    if (!member_rows_read(work->text, work->length, work->options->format, &import.rows, &why)) {
        output_error("%s: %s", work->options->name, why ? why : "no memory");
        return EXIT_REFUSED;
    }
    import.answers = calloc(import.rows.count + 1, sizeof *import.answers);
    if (!import.answers)
        return members_refuse(work, REASON_INTERNAL);
    return tell(work, &import, members_change(work, &change, dry_run));
}
