/* SPDX-License-Identifier: BSD-2-Clause */
/* Times are UTC, as ISO 8601 has them: a listing reads the same on every machine. */
#include "cli/members/member_output.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/output.h"
#include "frontdesk/member_index.h"

const char *member_time_text(int64_t seconds, char buffer[MEMBER_TIME_TEXT])
{
    const time_t when = (time_t)seconds;
    struct tm parts;

    buffer[0] = '\0';
    if (seconds > 0 && gmtime_r(&when, &parts))
        (void)strftime(buffer, MEMBER_TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return buffer;
}

bool member_time_parse(const char *text, int64_t *ret_seconds)
{
    struct tm parts = {0};
    const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    time_t seconds;

    if (!end || *end != '\0')
        return false;
    seconds = timegm(&parts);
    if (seconds <= 0)
        return false;
    *ret_seconds = seconds;
    return true;
}

static const char *or_dash(const char *text, char *buffer, size_t size)
{
    const char *shown = output_text(text, buffer, size);

    return shown[0] != '\0' ? shown : "-";
}

void member_print_header(void)
{
    (void)printf("%-20s %6s %-8s %-16s %-20s %-16s %s\n", "NAME", "UID", "STATE", "CONNECTION",
                 "LAST SIGN-IN", "GROUPS", "E-MAIL");
}

bool member_print_row(const struct member *member)
{
    char connection[80], email[300], groups[300], last[MEMBER_TIME_TEXT];

    return printf("%-20s %6u %-8s %-16s %-20s %-16s %s\n", member->name, member->id,
                  member_state_name(member->state),
                  or_dash(member->connection, connection, sizeof connection),
                  or_dash(member_time_text(member->last_sign_in_at, last), NULL, 0),
                  or_dash(member->groups, groups, sizeof groups),
                  or_dash(member->email, email, sizeof email)) > 0;
}

bool member_print_details(const struct member *member)
{
    char buffers[8][300], created[MEMBER_TIME_TEXT], last[MEMBER_TIME_TEXT];
    const char *const texts[] = {member->connection, member->issuer, member->subject, member->full_name,
                                 member->email,      member->groups, member->home,    member->shell};
    static const char *const labels[] = {"connection", "issuer", "subject", "full name",
                                         "e-mail",     "groups", "home",    "shell"};
    bool printed = printf("%-14s %s\n%-14s %u\n%-14s %s\n", "name", member->name, "uid and gid", member->id,
                          "state", member_state_name(member->state)) > 0;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        printed =
            printf("%-14s %s\n", labels[i], or_dash(texts[i], buffers[i], sizeof buffers[i])) > 0 && printed;
    return printf("%-14s %s\n%-14s %s\n", "created",
                  or_dash(member_time_text(member->created_at, created), NULL, 0), "last sign-in",
                  or_dash(member_time_text(member->last_sign_in_at, last), NULL, 0)) > 0 &&
           printed;
}

static bool add_time(struct json_document *document, const char *name, int64_t seconds)
{
    char text[MEMBER_TIME_TEXT];

    return json_add_string(document, name, seconds > 0 ? member_time_text(seconds, text) : NULL);
}

/* "a,b" as a list. */
static bool add_groups(struct json_document *document, const char *groups)
{
    AUTO_FREE char *copy = strdup(groups ? groups : "");
    char *names[MEMBER_GROUPS_MAX + 1] = {NULL}, *rest = copy, *name;
    size_t count = 0;

    while (rest && count < MEMBER_GROUPS_MAX && (name = strsep(&rest, ",")) != NULL)
        if (name[0] != '\0')
            names[count++] = name;
    return copy && json_add_strings(document, "groups", names);
}

bool member_add_json(struct json_document *document, const struct member *member)
{
    return json_add_string(document, "name", member->name) && json_add_integer(document, "uid", member->id) &&
           json_add_string(document, "state", member_state_name(member->state)) &&
           json_add_string(document, "connection", member->connection) &&
           json_add_string(document, "issuer", member->issuer) &&
           json_add_string(document, "subject", member->subject) &&
           json_add_string(document, "full_name", member->full_name) &&
           json_add_string(document, "email", member->email) && add_groups(document, member->groups) &&
           json_add_string(document, "home", member->home) &&
           json_add_string(document, "shell", member->shell) &&
           add_time(document, "created_at", member->created_at) &&
           add_time(document, "last_sign_in_at", member->last_sign_in_at);
}

bool member_print_json(const struct member *member)
{
    AUTO_JSON struct json_document *document = json_new();

    return document && member_add_json(document, member) && output_json(document);
}
