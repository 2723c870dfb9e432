/* SPDX-License-Identifier: BSD-2-Clause */
/* Times are UTC, as in every listing. */
#include "cli/check_ins/check_in_output.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/members/member_csv.h"
#include "cli/members/member_output.h"
#include "cli/output.h"

static const char *or_dash(const char *text, char *buffer, size_t size)
{
    const char *shown = output_text(text, buffer, size);

    return shown[0] != '\0' ? shown : "-";
}

static const char *out_text(const struct check_in *check_in, char buffer[MEMBER_TIME_TEXT])
{
    return check_in->is_open ? "" : member_time_text(check_in->out_at, buffer);
}

static const char *how_out(const struct check_in *check_in)
{
    return check_in->is_open ? "" : check_in_how_name(check_in->how_out);
}

void check_in_print_header(void)
{
    (void)printf("%-8s %-20s %-20s %-20s %-20s %s\n", "CHECK-IN", "MEMBER", "LOCATION", "IN", "OUT", "HOW");
}

bool check_in_print_row(const struct member *member, const struct check_in *check_in)
{
    char location[300], in[MEMBER_TIME_TEXT], out[MEMBER_TIME_TEXT];

    return printf("%-8" PRId64 " %-20s %-20s %-20s %-20s %s%s%s\n", check_in->id, member->name,
                  or_dash(check_in->location, location, sizeof location),
                  member_time_text(check_in->in_at, in), or_dash(out_text(check_in, out), NULL, 0),
                  check_in_how_name(check_in->how_in), check_in->is_open ? "" : "/", how_out(check_in)) > 0;
}

void check_in_print_call_header(void)
{
    (void)printf("%-20s %-30s %-20s %s\n", "MEMBER", "NAME", "LOCATION", "SINCE");
}

bool check_in_print_call(const struct member *member, const struct check_in *check_in)
{
    char name[600], location[300], in[MEMBER_TIME_TEXT];

    return printf("%-20s %-30s %-20s %s\n", member->name, or_dash(member->full_name, name, sizeof name),
                  or_dash(check_in->location, location, sizeof location),
                  member_time_text(check_in->in_at, in)) > 0;
}

bool check_in_print_json(const struct member *member, const struct check_in *check_in)
{
    AUTO_JSON struct json_document *document = json_new();
    char in[MEMBER_TIME_TEXT], out[MEMBER_TIME_TEXT];
    const bool is_open = check_in->is_open;

    return document && json_add_integer(document, "check_in", check_in->id) &&
           json_add_string(document, "member", member->name) &&
           json_add_integer(document, "uid", check_in->member) &&
           json_add_string(document, "full_name", member->full_name) &&
           json_add_string(document, "email", member->email) &&
           json_add_string(document, "location", check_in->location[0] ? check_in->location : NULL) &&
           json_add_string(document, "in_at", member_time_text(check_in->in_at, in)) &&
           json_add_string(document, "out_at", is_open ? NULL : out_text(check_in, out)) &&
           json_add_string(document, "how_in", check_in_how_name(check_in->how_in)) &&
           json_add_string(document, "how_out", is_open ? NULL : how_out(check_in)) && output_json(document);
}

void check_in_print_csv_header(void)
{
    (void)fputs("check_in,member,uid,full_name,email,location,in_at,out_at,how_in,how_out\r\n", stdout);
}

bool check_in_print_csv(const struct member *member, const struct check_in *check_in)
{
    char id[24], uid[16], in[MEMBER_TIME_TEXT], out[MEMBER_TIME_TEXT];
    const char *const fields[] = {id,
                                  member->name,
                                  uid,
                                  member->full_name,
                                  member->email,
                                  check_in->location,
                                  member_time_text(check_in->in_at, in),
                                  out_text(check_in, out),
                                  check_in_how_name(check_in->how_in),
                                  how_out(check_in)};

    (void)snprintf(id, sizeof id, "%" PRId64, check_in->id);
    (void)snprintf(uid, sizeof uid, "%u", check_in->member);
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        csv_write(stdout, fields[i] ? fields[i] : "", i == 0);
    return fputs("\r\n", stdout) >= 0;
}
