/* SPDX-License-Identifier: BSD-2-Clause */
/* By hand: for a phone that is dead, for one who left without a scan, and for a building that was cleared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "audit/audit.h"
#include "cleanup.h"
#include "cli/check_ins/check_in_output.h"
#include "cli/check_ins/check_ins_work.h"
#include "cli/output.h"
#include "cli/record_tell.h"

static bool fill(const struct check_ins_work *work, struct json_document *record, const struct member *member,
                 const struct check_in *check_in)
{
    const enum check_in_how how = check_in->is_open ? check_in->how_in : check_in->how_out;

    return json_add_string(record, "reason", reason_code(REASON_OK)) &&
           json_add_string(record, "how", check_in_how_name(how)) &&
           json_add_string(record, "member", member->name) && json_add_integer(record, "uid", member->id) &&
           json_add_integer(record, "check_in_id", check_in->id) &&
           json_add_string(record, "location", check_in->location) &&
           (check_in->is_open || json_add_integer(record, "stay_s", check_in->out_at - check_in->in_at)) &&
           json_add_integer(record, "peer_uid", work->uid) &&
           (work->login_uid == (uid_t)-1 || json_add_integer(record, "login_uid", work->login_uid));
}

bool check_ins_record(struct check_ins_work *work, const struct member *member,
                      const struct check_in *check_in)
{
    const struct audit_settings *settings = &work->config->audit;
    const struct audit_file file = {
        .path = work->cli->audit_file, .max_size = settings->max_size, .keep = settings->keep};
    AUTO_JSON struct json_document *record = NULL;
    AUTO_FREE char *why = NULL;

    if (!work->cli->audit_file)
        return true;
    record = audit_record(check_in->is_open ? "check_in" : "check_out");
    if (record && fill(work, record, member, check_in) && audit_append(&file, record, &why)) {
        record_tell(work->cli, record);
        return true;
    }
    (void)snprintf(work->members.why, sizeof work->members.why, "%s", why ? why : "out of memory");
    return false;
}

/* Those that ended, to be told when it is sure that they did. */
struct ended {
    struct check_ins_work *work;
    struct row {
        struct member member;
        struct check_in check_in;
    } * rows;
    size_t count;
};

static bool keep_row(struct ended *ended, const struct member *member, const struct check_in *check_in)
{
    struct row *longer = realloc(ended->rows, (ended->count + 1) * sizeof *longer), *row;

    if (!longer)
        return false;
    ended->rows = longer;
    row = &longer[ended->count++];
    *row = (struct row){.member = {.id = member->id}, .check_in = *check_in};
    memcpy(row->member.name, member->name, sizeof row->member.name);
    row->member.full_name = member->full_name ? strdup(member->full_name) : NULL;
    row->member.email = member->email ? strdup(member->email) : NULL;
    row->check_in.location = strdup(check_in->location);
    return row->check_in.location && (row->member.full_name || !member->full_name) &&
           (row->member.email || !member->email);
}

static bool take_ended(void *context, const struct member *member, const struct check_in *check_in)
{
    struct ended *ended = context;

    return (check_in->how_out == CHECK_IN_LIMIT || keep_row(ended, member, check_in)) &&
           (ended->work->members.dry_run || check_ins_record(ended->work, member, check_in));
}

static void clear_ended(struct ended *ended)
{
    for (size_t i = 0; i < ended->count; i++) {
        member_clear(&ended->rows[i].member);
        check_in_clear(&ended->rows[i].check_in);
    }
    free(ended->rows);
}

static bool tell(const struct check_ins_work *work, const struct member *member,
                 const struct check_in *check_in)
{
    char location[300];

    if (work->cli->json)
        return check_in_print_json(member, check_in);
    return printf("%s is checked %s%s%s%s\n", member->name, check_in->is_open ? "in" : "out",
                  check_in->location[0] != '\0' ? " at " : "",
                  output_text(check_in->location, location, sizeof location),
                  work->options->dry_run ? " (nothing was written: --dry-run)" : "") > 0;
}

int check_ins_close_verb(struct check_ins_work *work)
{
    const struct check_ins_options *options = work->options;
    struct ended ended = {.work = work};
    struct check_ins rules = check_ins_rules(work);
    enum reason reason;
    int status = 0;

    rules.told = take_ended;
    rules.context = &ended;
    work->members.dry_run = options->dry_run;
    reason = work->config->broken ? REASON_CONFIG_BROKEN
                                  : check_ins_close(&rules, options->name, options->location);
    if (reason != REASON_OK)
        status = check_ins_refuse(work, reason);
    for (size_t i = 0; status == 0 && i < ended.count; i++)
        status = tell(work, &ended.rows[i].member, &ended.rows[i].check_in) ? 0 : EXIT_REFUSED;
    clear_ended(&ended);
    return status;
}

int check_ins_add_verb(struct check_ins_work *work)
{
    const struct check_ins_options *options = work->options;
    const char *location = options->location ? options->location : check_in_location(work->config);
    struct check_in check_in = {0};
    struct member member = {0};
    const struct check_ins rules = check_ins_rules(work);
    enum reason reason = REASON_CONFIG_BROKEN;
    int status;

    work->members.dry_run = options->dry_run;
    if (!work->config->broken) {
        const enum store_result found = store_by_name(work->members.store, options->name, &member);

        reason = found == STORE_OK     ? check_ins_add(&rules, member.name, location, &check_in)
                 : found == STORE_NONE ? REASON_NOT_A_MEMBER
                                       : REASON_STORE_FAILED;
    }
    if (reason != REASON_OK)
        status = check_ins_refuse(work, reason);
    else
        status = tell(work, &member, &check_in) ? 0 : EXIT_REFUSED;
    check_in_clear(&check_in);
    member_clear(&member);
    return status;
}
