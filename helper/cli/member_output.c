/* SPDX-License-Identifier: BSD-2-Clause */
/* Times are UTC, as ISO 8601 has them: a listing reads the same on every machine. */
#include "cli/member_output.h"

#include <stdio.h>
#include <time.h>

#include "cli/output.h"

#define TIME_TEXT 32

/* "" for never. */
static const char *time_text(int64_t seconds, char buffer[TIME_TEXT])
{
    const time_t when = (time_t)seconds;
    struct tm parts;

    buffer[0] = '\0';
    if (seconds > 0 && gmtime_r(&when, &parts))
        (void)strftime(buffer, TIME_TEXT, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return buffer;
}

static const char *or_dash(const char *text, char *buffer, size_t size)
{
    const char *shown = output_text(text, buffer, size);

    return shown[0] != '\0' ? shown : "-";
}

void member_print_header(void)
{
    (void)printf("%-20s %6s %-8s %-16s %-20s %s\n", "NAME", "UID", "STATE", "CONNECTION", "LAST SIGN-IN",
                 "E-MAIL");
}

bool member_print_row(const struct member *member)
{
    char connection[80], email[300], last[TIME_TEXT];

    return printf("%-20s %6u %-8s %-16s %-20s %s\n", member->name, member->id,
                  member_state_name(member->state),
                  or_dash(member->connection, connection, sizeof connection),
                  or_dash(time_text(member->last_sign_in_at, last), NULL, 0),
                  or_dash(member->email, email, sizeof email)) > 0;
}

bool member_print_details(const struct member *member)
{
    char buffers[7][300], created[TIME_TEXT], last[TIME_TEXT];
    const char *const texts[] = {member->connection, member->issuer, member->subject, member->full_name,
                                 member->email,      member->home,   member->shell};
    static const char *const labels[] = {"connection", "issuer", "subject", "full name",
                                         "e-mail",     "home",   "shell"};
    bool printed = printf("%-14s %s\n%-14s %u\n%-14s %s\n", "name", member->name, "uid and gid", member->id,
                          "state", member_state_name(member->state)) > 0;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        printed =
            printf("%-14s %s\n", labels[i], or_dash(texts[i], buffers[i], sizeof buffers[i])) > 0 && printed;
    return printf("%-14s %s\n%-14s %s\n", "created", or_dash(time_text(member->created_at, created), NULL, 0),
                  "last sign-in", or_dash(time_text(member->last_sign_in_at, last), NULL, 0)) > 0 &&
           printed;
}

static bool add_time(struct json_document *document, const char *name, int64_t seconds)
{
    char text[TIME_TEXT];

    return json_add_string(document, name, seconds > 0 ? time_text(seconds, text) : NULL);
}

bool member_print_json(const struct member *member)
{
    AUTO_JSON struct json_document *document = json_new();

    return document && json_add_string(document, "name", member->name) &&
           json_add_integer(document, "uid", member->id) &&
           json_add_string(document, "state", member_state_name(member->state)) &&
           json_add_string(document, "connection", member->connection) &&
           json_add_string(document, "issuer", member->issuer) &&
           json_add_string(document, "subject", member->subject) &&
           json_add_string(document, "full_name", member->full_name) &&
           json_add_string(document, "email", member->email) &&
           json_add_string(document, "home", member->home) &&
           json_add_string(document, "shell", member->shell) &&
           add_time(document, "created_at", member->created_at) &&
           add_time(document, "last_sign_in_at", member->last_sign_in_at) && output_json(document);
}
