/* SPDX-License-Identifier: BSD-2-Clause */
/* All that the store knows, for another machine or a spreadsheet: removed ones and former names, too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/members/member_csv.h"
#include "cli/members/member_output.h"
#include "cli/members/members_work.h"
#include "cli/output.h"

struct former_name {
    uint32_t id;
    char *name;
};

struct export
{
    const struct members_work *work;
    struct former_name *former;
    size_t former_count;
};

static bool take_former_name(void *context, uint32_t id, const char *name)
{
    struct export *export = context;
    struct former_name *longer = realloc(export->former, (export->former_count + 1) * sizeof *longer);

    if (!longer)
        return false;
    export->former = longer;
    longer[export->former_count++] = (struct former_name){.id = id, .name = strdup(name)};
    return true;
}

/* A NULL-terminated list, or NULL: no memory. Its strings are the export's. */
static char **former_names(const struct export *export, uint32_t id)
{
    char **names = calloc(export->former_count + 1, sizeof *names);
    size_t count = 0;

    for (size_t i = 0; names && i < export->former_count; i++)
        if (export->former[i].id == id && export->former[i].name)
            names[count++] = export->former[i].name;
    return names;
}

/* A freed name is nobody's: the tombstone has none. */
static struct member shown(const struct member *member)
{
    struct member copy = *member;

    if (copy.name[0] == '#')
        copy.name[0] = '\0';
    return copy;
}

static bool print_json(const struct export *export, const struct member *member)
{
    AUTO_JSON struct json_document *document = json_new();
    AUTO_FREE char **names = former_names(export, member->id);

    return document && names && member_add_json(document, member) &&
           json_add_boolean(document, "email_verified", member->email_verified) &&
           json_add_strings(document, "former_names", names) && output_json(document);
}

static void print_list(char *const *names)
{
    AUTO_FREE char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    for (size_t i = 0; stream && names[i]; i++)
        (void)fprintf(stream, "%s%s", i ? " " : "", names[i]);
    if (stream && fclose(stream) == 0)
        csv_write(stdout, text, false);
}

static bool print_csv(const struct export *export, const struct member *member)
{
    AUTO_FREE char **names = former_names(export, member->id);
    char id[16], created[MEMBER_TIME_TEXT], last[MEMBER_TIME_TEXT];
    const char *const fields[] = {member->name,
                                  id,
                                  member_state_name(member->state),
                                  member->connection,
                                  member->issuer,
                                  member->subject,
                                  member->full_name,
                                  member->email,
                                  member->email_verified ? "yes" : "no",
                                  member->groups,
                                  member->home,
                                  member->shell,
                                  member_time_text(member->created_at, created),
                                  member_time_text(member->last_sign_in_at, last)};

    (void)snprintf(id, sizeof id, "%u", member->id);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        csv_write(stdout, fields[i] ? fields[i] : "", i == 0);
    if (names)
        print_list(names);
    return fputs("\r\n", stdout) >= 0 && names;
}

static bool export_row(void *context, const struct member *member)
{
    const struct export *export = context;
    const struct member row = shown(member);

    return export->work->options->format == FORMAT_CSV ? print_csv(export, &row) : print_json(export, &row);
}

int members_export_verb(struct members_work *work)
{
    struct export export = {.work = work};
    bool done = store_each_former_name(work->members.store, take_former_name, &export) == STORE_OK;

    if (work->options->format == FORMAT_CSV)
        (void)fputs("name,uid,state,connection,issuer,subject,full_name,email,email_verified,groups,home,"
                    "shell,created_at,last_sign_in_at,former_names\r\n",
                    stdout);
    done = done && store_each(work->members.store, export_row, &export) == STORE_OK;
    for (size_t i = 0; i < export.former_count; i++)
        free(export.former[i].name);
    free(export.former);
    return done ? 0 : members_refuse(work, REASON_STORE_FAILED);
}
