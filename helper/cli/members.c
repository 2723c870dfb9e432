/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk members`: works on the store as the keeper's user, without a network. */
#include "members/members.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "cli/folders.h"
#include "cli/member_output.h"
#include "cli/output.h"
#include "frontdesk/paths.h"
#include "sandbox.h"

struct members_options {
    struct members_invitation invitation;
    const char *name;
    bool all, free_name, erase;
};

/* What a verb works with. */
struct work {
    const struct cli *cli;
    const struct members_options *options;
    struct members members;
};

static const char usage[] =
    "Usage: frontdesk [OPTION...] members VERB ...\n\n"
    "  list [--all]                      --all: removed ones, too\n"
    "  show NAME\n"
    "  invite NAME --email E [--connection C] [--full-name F]\n"
    "                                    the first sign-in with this verified e-mail becomes NAME\n"
    "  disable NAME\n"
    "  enable NAME\n"
    "  remove NAME [--free-name] [--erase]\n"
    "                                    name and id stay taken; --free-name frees the name, --erase "
    "deletes\n"
    "                                    personal data; the home folder stays\n"
    "  --json                            one JSON object a line\n";

static const char *words_for(enum reason reason)
{
    switch (reason) {
    case REASON_NAME_INVALID:
        return "this cannot be a member's name ([a-z_][a-z0-9._-]*, at most 31, no dot last)";
    case REASON_NAME_RESERVED:
        return "this name is reserved for the system";
    case REASON_NAME_TAKEN:
        return "this name is taken: by a member, a removed member, or a local user or group";
    case REASON_RANGE_FULL:
        return "every id of uid_range was given already";
    case REASON_NOT_A_MEMBER:
        return "there is no such member";
    case REASON_MEMBER_REMOVED:
        return "this member was removed";
    case REASON_CONNECTION_UNKNOWN:
        return "there is no such connection, or its file is broken (see `frontdesk check`)";
    case REASON_CLAIMS_MALFORMED:
        return "the e-mail or the full name cannot be used";
    case REASON_CONFIG_BROKEN:
        return "the configuration is broken (see `frontdesk check`)";
    case REASON_STORE_FAILED:
        return "the members' store cannot be used";
    case REASON_PUBLISH_FAILED:
        return "written, but the index for the system could not be published";
    default:
        return "it could not be done";
    }
}

static int refuse(const struct work *work, enum reason reason)
{
    const char *name = work->options->name, *why = work->members.why;
    char shown[64];

    output_error("%s: %s (%s)%s%s", output_text(name ? name : "members", shown, sizeof shown),
                 words_for(reason), reason_code(reason), why[0] ? ": " : "", why);
    return EXIT_REFUSED;
}

/* Ends a verb that changed one member. */
static int tell(const struct work *work, enum reason reason, struct member *member, const char *done)
{
    int status = EXIT_REFUSED;

    if (reason != REASON_OK)
        status = refuse(work, reason);
    else if (work->cli->json)
        status = member_print_json(member) ? 0 : EXIT_REFUSED;
    else {
        (void)printf("%s (uid %u) %s\n", member->name, member->id, done);
        status = 0;
    }
    member_clear(member);
    return status;
}

static bool list_row(void *context, const struct member *member)
{
    const struct work *work = context;

    if (member->state == MEMBER_REMOVED && !work->options->all)
        return true;
    return work->cli->json ? member_print_json(member) : member_print_row(member);
}

static int list(struct work *work)
{
    if (!work->cli->json)
        member_print_header();
    return store_each(work->members.store, list_row, work) == STORE_OK ? 0
                                                                       : refuse(work, REASON_STORE_FAILED);
}

static int show(struct work *work)
{
    struct member member = {0};
    const enum store_result found = store_by_name(work->members.store, work->options->name, &member);
    bool printed;

    if (found != STORE_OK)
        return refuse(work, found == STORE_NONE ? REASON_NOT_A_MEMBER : REASON_STORE_FAILED);
    printed = work->cli->json ? member_print_json(&member) : member_print_details(&member);
    member_clear(&member);
    return printed ? 0 : EXIT_REFUSED;
}

static int invite(struct work *work)
{
    struct config *config = config_read_layers(work->cli->config_dir, work->cli->vendor_dir);
    struct member member = {0};
    enum reason reason = REASON_CONFIG_BROKEN;

    if (config && !config->broken)
        reason = members_invite(&work->members, config, &work->options->invitation, &member);
    config_unref(config);
    return tell(work, reason, &member,
                "is invited: the first sign-in with that verified e-mail takes the name");
}

static int disable(struct work *work)
{
    struct member member = {0};
    const enum reason reason =
        members_set_state(&work->members, work->options->name, MEMBER_DISABLED, &member);

    return tell(work, reason, &member, "is disabled: no sign-in, by key neither; sessions that run go on");
}

static int enable(struct work *work)
{
    struct member member = {0};
    const enum reason reason = members_set_state(&work->members, work->options->name, MEMBER_ACTIVE, &member);

    return tell(work, reason, &member, "is enabled");
}

static int remove_member(struct work *work)
{
    const struct members_options *options = work->options;
    struct member member = {0};
    AUTO_FREE char *done = NULL;
    const enum reason reason =
        members_remove(&work->members, options->name, options->free_name, options->erase, &member);

    if (asprintf(&done, "is removed; the id stays taken%s; the home %s stays, if there is one",
                 options->free_name ? "" : ", and the name", member.home ? member.home : "folder") < 0)
        done = NULL;
    return tell(work, reason, &member, done ? done : "is removed");
}

static const struct verb {
    const char *name;
    int (*run)(struct work *work);
    bool takes_name;
} verbs[] = {
    {"list", list, false},      {"show", show, true},     {"invite", invite, true},
    {"disable", disable, true}, {"enable", enable, true}, {"remove", remove_member, true},
};

/* 0, or the status to exit with; -1: done. */
static int parse_options(struct cli *cli, int argc, char **argv, struct members_options *options)
{
    static const struct option known[] = {{"email", required_argument, NULL, 'e'},
                                          {"connection", required_argument, NULL, 'c'},
                                          {"full-name", required_argument, NULL, 'f'},
                                          {"all", no_argument, NULL, 'a'},
                                          {"free-name", no_argument, NULL, 'n'},
                                          {"erase", no_argument, NULL, 'E'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    int option;

    optind = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1)
        switch (option) {
        case 'e':
            options->invitation.email = optarg;
            break;
        case 'c':
            options->invitation.connection = optarg;
            break;
        case 'f':
            options->invitation.full_name = optarg;
            break;
        case 'a':
            options->all = true;
            break;
        case 'n':
            options->free_name = true;
            break;
        case 'E':
            options->erase = true;
            break;
        case 'j':
            cli->json = true;
            break;
        case 'h':
            (void)fputs(usage, stdout);
            return -1;
        default:
            return EXIT_USAGE;
        }
    return 0;
}

/* An option of another verb is a mistake, not something to pass over. */
static const char *misplaced_option(const struct verb *verb, const struct members_options *options)
{
    const struct members_invitation *invitation = &options->invitation;

    if (verb->run != invite && (invitation->email || invitation->connection || invitation->full_name))
        return "--email, --connection and --full-name belong to invite";
    if (verb->run == invite && (!invitation->email || !strchr(invitation->email, '@')))
        return "invite needs --email ADDRESS";
    if (verb->run != list && options->all)
        return "--all belongs to list";
    if (verb->run != remove_member && (options->free_name || options->erase))
        return "--free-name and --erase belong to remove";
    return NULL;
}

static int run(const struct cli *cli, const struct verb *verb, const struct members_options *options)
{
    struct work work = {.cli = cli, .options = options, .members = {.state_dir = cli->state_dir}};
    AUTO_FREE char *why = NULL;
    struct cli_users users;
    int status;

    if (!folders_prepare(cli, &users))
        return EXIT_USAGE;
    if ((users.drop && !users_become(&users.keeper)) || !sandbox_enter(SANDBOX_KEEPER, cli->state_dir)) {
        output_error("cannot become the user " FD_KEEPER_USER " and give up the network");
        return EXIT_USAGE;
    }
    work.members.store = store_open(cli->state_dir, &why);
    if (!work.members.store) {
        output_error("%s", why ? why : "no memory to open the members' store");
        return EXIT_REFUSED;
    }
    status = verb->run(&work);
    store_close(work.members.store);
    return status;
}

int members_command(struct cli *cli, int argc, char **argv)
{
    struct members_options options = {0};
    const struct verb *verb = NULL;
    const char *fault;
    const int status = parse_options(cli, argc, argv, &options);

    if (status != 0)
        return status < 0 ? 0 : status;
    if (optind == argc)
        return output_usage_error("members", "which verb?");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verbs[i].name, argv[optind]) == 0)
            verb = &verbs[i];
    if (!verb)
        return output_usage_error("members", "there is no verb `%s`", argv[optind]);
    if (argc - optind - 1 != (verb->takes_name ? 1 : 0))
        return output_usage_error("members", "%s takes %s", verb->name,
                                  verb->takes_name ? "one name" : "no name");
    fault = misplaced_option(verb, &options);
    if (fault)
        return output_usage_error("members", "%s", fault);
    options.name = options.invitation.name = argv[optind + 1];
    return run(cli, verb, &options);
}
