/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs that only look: the list, the roll call, and the file for a spreadsheet. */
#include <stdio.h>

#include "cli/check_ins/check_in_output.h"
#include "cli/check_ins/check_ins_work.h"
#include "cli/output.h"

struct listing {
    struct check_ins_work *work;
    bool (*print)(const struct member *member, const struct check_in *check_in);
    unsigned count;
    bool failed;
};

static bool print_row(void *context, const struct check_in *check_in)
{
    struct listing *listing = context;
    struct member member = {0};
    const enum store_result result = store_by_id(listing->work->members.store, check_in->member, &member);

    listing->failed = result != STORE_OK || !listing->print(&member, check_in);
    listing->count += !listing->failed;
    member_clear(&member);
    return !listing->failed;
}

/* Where that fails the list is told all the same: in a fire it is a late end that is wrong, and nobody's
 * presence.
 */
static void settle(struct check_ins_work *work)
{
    const struct check_ins rules = check_ins_rules(work);
    enum reason reason = work->config->broken ? REASON_CONFIG_BROKEN : check_ins_settle(&rules);

    if (reason != REASON_OK)
        output_error("check-ins that are over could not be ended (%s): they are told as open",
                     reason_code(reason));
}

/* REASON_OK, or why there is nothing to filter by. */
static enum reason filter_of(struct check_ins_work *work, struct check_in_filter *ret_filter)
{
    const struct check_ins_options *options = work->options;
    struct member member = {0};
    enum store_result result;

    *ret_filter = (struct check_in_filter){
        .location = options->location, .since = options->since, .until = options->until};
    if (!options->name)
        return REASON_OK;
    result = store_by_name(work->members.store, options->name, &member);
    ret_filter->member = member.id;
    member_clear(&member);
    if (result == STORE_NONE)
        return REASON_NOT_A_MEMBER;
    return result == STORE_OK ? REASON_OK : REASON_STORE_FAILED;
}

static int print_all(struct check_ins_work *work, bool only_open, struct listing *listing)
{
    struct check_in_filter filter;
    enum reason reason = filter_of(work, &filter);

    if (reason != REASON_OK)
        return check_ins_refuse(work, reason);
    filter.only_open = only_open;
    listing->work = work;
    if (store_each_check_in(work->members.store, &filter, print_row, listing) != STORE_OK || listing->failed)
        return check_ins_refuse(work, REASON_STORE_FAILED);
    return 0;
}

int check_ins_list_verb(struct check_ins_work *work)
{
    struct listing listing = {.print = work->cli->json ? check_in_print_json : check_in_print_row};

    settle(work);
    if (!work->cli->json)
        check_in_print_header();
    return print_all(work, false, &listing);
}

int check_ins_now_verb(struct check_ins_work *work)
{
    struct listing listing = {.print = work->cli->json ? check_in_print_json : check_in_print_call};
    int status;

    settle(work);
    if (!work->cli->json)
        check_in_print_call_header();
    status = print_all(work, true, &listing);
    if (status == 0 && !work->cli->json)
        (void)printf("%u checked in\n", listing.count);
    return status;
}

int check_ins_export_verb(struct check_ins_work *work)
{
    struct listing listing = {.print = check_in_print_csv};

    settle(work);
    check_in_print_csv_header();
    return print_all(work, false, &listing);
}
