/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk status`: one look at all that runs, for a person and for monitoring. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "cli/folders.h"
#include "cli/members/member_output.h"
#include "cli/output.h"
#include "cli/status/status_facts.h"
#include "frontdesk/paths.h"
#include "sandbox.h"

static const char usage[] = "Usage: frontdesk [OPTION...] status\n"
                            "Whether helper and keeper answer, the store and its index are whole, who is "
                            "checked in, and whether hook\n"
                            "programs are told. Exit status 1 where something is wrong.\n\n"
                            "  --json             one JSON object\n";

static bool all_are_good(const struct status_facts *facts)
{
    return facts->config.is_good && facts->helper.is_good && facts->keeper.is_good && facts->store.is_good &&
           facts->index.is_good && facts->hooks.is_good;
}

static bool add_part(struct json_document *document, const char *name, const struct status_part *part)
{
    AUTO_JSON struct json_document *object = json_new();

    return object && json_add_boolean(object, "good", part->is_good) &&
           json_add_string(object, "why", part->words[0] ? part->words : NULL) &&
           json_add_object(document, name, json_top(object));
}

static bool add_number(struct json_document *document, const char *name, int64_t number)
{
    return number < 0 ? json_add_string(document, name, NULL) : json_add_integer(document, name, number);
}

static bool add_time(struct json_document *document, const char *name, int64_t seconds)
{
    char text[MEMBER_TIME_TEXT];

    return json_add_string(document, name, seconds > 0 ? member_time_text(seconds, text) : NULL);
}

static bool add_hooks(struct json_document *document, const struct status_facts *facts)
{
    AUTO_JSON struct json_document *object = json_new();
    const struct hook_backlog *backlog = &facts->backlog;

    return object && json_add_boolean(object, "good", facts->hooks.is_good) &&
           json_add_string(object, "why", facts->hooks.words[0] ? facts->hooks.words : NULL) &&
           json_add_integer(object, "waiting", backlog->count) &&
           add_time(object, "oldest_at", backlog->oldest_made_at) &&
           json_add_integer(object, "attempts", backlog->attempts) &&
           add_time(object, "failing_since", backlog->failing_since) &&
           json_add_string(object, "last_error", backlog->last_error[0] ? backlog->last_error : NULL) &&
           json_add_integer(object, "lost", backlog->lost) &&
           json_add_object(document, "hooks", json_top(object));
}

static bool print_json(const struct status_facts *facts)
{
    AUTO_JSON struct json_document *document = json_new();

    return document && json_add_boolean(document, "good", all_are_good(facts)) &&
           add_part(document, "configuration", &facts->config) &&
           add_part(document, "helper", &facts->helper) && add_part(document, "keeper", &facts->keeper) &&
           add_part(document, "store", &facts->store) && add_part(document, "index", &facts->index) &&
           add_number(document, "members", facts->members) &&
           add_number(document, "open_check_ins", facts->open_check_ins) && add_hooks(document, facts) &&
           output_json(document);
}

static void print_part(const char *name, const struct status_part *part, const char *good)
{
    char shown[STATUS_WHY_SIZE];

    (void)printf("%s %-14s %s\n", part->is_good ? "✔" : "✘", name,
                 part->is_good ? good : output_text(part->words, shown, sizeof shown));
}

static void print_hooks(const struct status_facts *facts)
{
    const struct hook_backlog *backlog = &facts->backlog;
    char when[MEMBER_TIME_TEXT], error[STATUS_WHY_SIZE];

    print_part("hooks", &facts->hooks, backlog->count > 0 ? "events are being told" : "nothing waits");
    if (backlog->count > 0)
        (void)printf("  %-14s %" PRId64 " wait, the oldest since %s\n", "", backlog->count,
                     member_time_text(backlog->oldest_made_at, when));
    if (backlog->attempts > 0)
        (void)printf("  %-14s failing since %s, %" PRId64 " times: %s\n", "",
                     member_time_text(backlog->failing_since, when), backlog->attempts,
                     output_text(backlog->last_error, error, sizeof error));
    if (backlog->lost > 0)
        (void)printf("  %-14s %" PRId64 " were never told: there were too many\n", "", backlog->lost);
}

static bool print_text(const struct status_facts *facts)
{
    char members[64], check_ins[64];

    (void)snprintf(members, sizeof members, "%" PRId64 " member%s", facts->members,
                   facts->members == 1 ? "" : "s");
    (void)snprintf(check_ins, sizeof check_ins, "%" PRId64 " open", facts->open_check_ins);
    print_part("configuration", &facts->config, "can be read");
    print_part("helper", &facts->helper, "answers");
    print_part("keeper", &facts->keeper, "answers");
    print_part("store", &facts->store, members);
    print_part("index", &facts->index, "as new as the store");
    if (facts->open_check_ins >= 0)
        print_part("check-ins", &(const struct status_part){.is_good = true}, check_ins);
    print_hooks(facts);
    return true;
}

/* 0, or the status to exit with; -1: done. */
static int parse_options(struct cli *cli, int argc, char **argv)
{
    static const struct option known[] = {
        {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int option;

    optind = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h') {
            (void)fputs(usage, stdout);
            return -1;
        }
        if (option != 'j')
            return EXIT_USAGE;
        cli->json = true;
    }
    return optind == argc ? 0 : output_usage_error("status", "no word is expected behind it");
}

int status_command(struct cli *cli, int argc, char **argv)
{
    struct status_facts facts = {0};
    const int status = parse_options(cli, argc, argv);
    struct config *config;
    struct cli_users users;
    bool told;

    if (status != 0)
        return status < 0 ? 0 : status;
    if (!folders_find_users(cli, &users))
        return EXIT_USAGE;
    config = config_read_layers(cli->config_dir, cli->vendor_dir);
    if (!config)
        return EXIT_USAGE;
    facts.config.is_good = !config->broken;
    if (config->broken)
        status_blame(&facts.config, "frontdesk.conf is broken: see `frontdesk check`");
    status_ask_services(cli, &facts);
    if ((users.drop && !users_become(&users.keeper)) || !sandbox_enter_keeper(cli->state_dir, NULL))
        status_blame(&facts.store, "cannot become the user " FD_KEEPER_USER);
    else
        status_read_store(cli, config, &facts);
    config_unref(config);
    told = cli->json ? print_json(&facts) : print_text(&facts);
    return told && all_are_good(&facts) ? 0 : EXIT_REFUSED;
}
