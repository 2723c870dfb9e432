/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk check-ins`: works on the store as the keeper's user, without a network. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/as_keeper.h"
#include "cli/audit/audit_time.h"
#include "cli/check_ins/check_ins_work.h"
#include "cli/login_uid.h"
#include "cli/members/members_work.h"
#include "cli/output.h"
#include "cli/verb_options.h"
#include "frontdesk/member_text.h"

static const char usage[] =
    "Usage: frontdesk [OPTION...] check-ins VERB ...\n\n"
    "  list [--since TIME] [--until TIME] [--member NAME] [--location PLACE]\n"
    "                                    oldest first; TIME: 2026-11-21, 2026-11-21T15:04:05Z, or so long\n"
    "                                    ago: 90s, 30m, 2h, 3d, 1w\n"
    "  now [--member NAME] [--location PLACE]\n"
    "                                    who is in: the roll call\n"
    "  add NAME [--location PLACE]       checks a member in by hand; here, where no place is named\n"
    "  close NAME | --all [--location PLACE]\n"
    "                                    checks a member, or everybody, out by hand\n"
    "  export [--since TIME] [--until TIME] [--member NAME] [--location PLACE]\n"
    "                                    the list as CSV, for a spreadsheet\n"
    "  --dry-run                         with add and close: tries it, writes nothing\n"
    "  --json                            one JSON object a line\n";

enum {
    OPTION_SINCE = 1 << 0,
    OPTION_UNTIL = 1 << 1,
    OPTION_MEMBER = 1 << 2,
    OPTION_LOCATION = 1 << 3,
    OPTION_ALL = 1 << 4,
    OPTION_DRY_RUN = 1 << 5,
};
#define FILTERS (OPTION_SINCE | OPTION_UNTIL | OPTION_MEMBER | OPTION_LOCATION)

static const struct option known_options[] = {{"since", required_argument, NULL, OPTION_SINCE},
                                              {"until", required_argument, NULL, OPTION_UNTIL},
                                              {"member", required_argument, NULL, OPTION_MEMBER},
                                              {"location", required_argument, NULL, OPTION_LOCATION},
                                              {"all", no_argument, NULL, OPTION_ALL},
                                              {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
                                              {"json", no_argument, NULL, OPTION_JSON},
                                              {"help", no_argument, NULL, OPTION_HELP},
                                              {NULL, 0, NULL, 0}};

static const struct verb {
    const char *name;
    check_ins_verb *run;
    bool is_named; /* a member stands behind it */
    int options;
} verbs[] = {
    {"list", check_ins_list_verb, false, FILTERS},
    {"now", check_ins_now_verb, false, OPTION_MEMBER | OPTION_LOCATION},
    {"add", check_ins_add_verb, true, OPTION_LOCATION | OPTION_DRY_RUN},
    {"close", check_ins_close_verb, true, OPTION_LOCATION | OPTION_ALL | OPTION_DRY_RUN},
    {"export", check_ins_export_verb, false, FILTERS},
};

static int take_time(const char *text, int64_t *ret_seconds)
{
    int64_t ms;

    if (!audit_time_read(text, (int64_t)time(NULL) * 1000, &ms))
        return output_usage_error("check-ins", "`%s` is no time", text);
    *ret_seconds = ms / 1000;
    return 0;
}

/* 0, or the status to exit with. */
static int take_option(void *taken, int option, const char *value)
{
    struct check_ins_options *options = taken;

    switch (option) {
    case OPTION_SINCE:
        return take_time(value, &options->since);
    case OPTION_UNTIL:
        return take_time(value, &options->until);
    case OPTION_MEMBER:
        options->name = value;
        return 0;
    case OPTION_LOCATION:
        options->location = value;
        return strlen(value) <= LOCATION_MAX && text_is_printable(value, strlen(value))
                   ? 0
                   : output_usage_error("check-ins", "this cannot be a place");
    case OPTION_ALL:
        options->all = true;
        return 0;
    case OPTION_DRY_RUN:
        options->dry_run = true;
        return 0;
    default:
        return EXIT_USAGE;
    }
}

static int judge_words(const struct verb *verb, const struct check_ins_options *options, int words)
{
    if (words != (verb->is_named && !options->all ? 1 : 0))
        return output_usage_error("check-ins", "%s takes %s", verb->name,
                                  !verb->is_named              ? "no name"
                                  : options->all               ? "a name or --all"
                                  : verb->options & OPTION_ALL ? "one name, or --all"
                                                               : "one name");
    return 0;
}

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

static bool record_told(void *context, const struct member *member, const struct check_in *check_in)
{
    struct check_ins_work *work = context;

    return work->members.dry_run || check_ins_record(work, member, check_in);
}

struct check_ins check_ins_rules(struct check_ins_work *work)
{
    return (struct check_ins){.members = &work->members,
                              .config = work->config,
                              .now = time(NULL),
                              .told = record_told,
                              .context = work};
}

int check_ins_refuse(const struct check_ins_work *work, enum reason reason)
{
    const char *name = work->options->name;

    return members_tell_refusal(name ? name : "check-ins", reason, work->members.why);
}

static int work_on_store(struct check_ins_work *work)
{
    const struct cli *cli = work->cli;
    AUTO_FREE char *why = NULL;
    int status;

    if (!as_keeper(cli, &work->config))
        return EXIT_USAGE;
    work->members.store = store_open(cli->state_dir, &why);
    if (!work->members.store) {
        output_error("%s", why ? why : "no memory to open the members' store");
        return EXIT_REFUSED;
    }
    status = work->verb(work);
    store_close(work->members.store);
    return status;
}

int check_ins_command(struct cli *cli, int argc, char **argv)
{
    struct check_ins_options options = {0};
    struct check_ins_work work = {.cli = cli,
                                  .options = &options,
                                  .uid = getuid(),
                                  .login_uid = login_uid_find(),
                                  .members = {.state_dir = cli->state_dir}};
    const struct verb_options line = {.command = "check-ins",
                                      .usage = usage,
                                      .known = known_options,
                                      .take = take_option,
                                      .options = &options};
    const struct verb *verb;
    int seen = 0, status = verb_options_read(&line, cli, argc, argv, &seen);

    if (status != 0)
        return status < 0 ? 0 : status;
    if (optind == argc)
        return output_usage_error("check-ins", "which verb?");
    verb = find_verb(argv[optind]);
    if (!verb)
        return output_usage_error("check-ins", "there is no verb `%s`", argv[optind]);
    status = verb_options_judge(&line, verb->name, verb->options, seen);
    if (status == 0)
        status = judge_words(verb, &options, argc - optind - 1);
    if (status != 0)
        return status;
    if (verb->is_named)
        options.name = options.all ? NULL : argv[optind + 1];
    work.verb = verb->run;
    status = work_on_store(&work);
    config_unref(work.config);
    return status;
}
