/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk check`: one line a fact, each with the next step; the status tells scripts which kind is wrong.
 */
#include "cli/check/check.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/output.h"

static const char usage[] =
    "Usage: frontdesk [--config-dir D] check [NAME] [--json]\n"
    "What is configured, and whether connection NAME (all enabled ones without it) works.\n\n"
    "Exit status: 0 all is well; 1 something is wrong; 2 it could not be tried; 3 the configuration is "
    "broken;\n"
    "4 discovery MISSING; 5 discovery INCOMPLETE; 6 issuer MISMATCH; 7 the client is refused.\n";

/* 0, or the status to exit with; -1: done. */
static int parse_options(struct cli *cli, int argc, char **argv, const char **ret_only)
{
    static const struct option known[] = {
        {"json", no_argument, NULL, 'j'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    int option;

    optind = 0;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1)
        switch (option) {
        case 'j':
            cli->json = true;
            break;
        case 'h':
            (void)fputs(usage, stdout);
            settings_print_help();
            return -1;
        default:
            return EXIT_USAGE;
        }
    if (argc - optind > 1)
        return output_usage_error("check", "more than one connection was named");
    *ret_only = argv[optind];
    return 0;
}

static int check(const struct cli *cli, const struct config *config, const char *only)
{
    struct report report = {.json = cli->json};
    struct cli_users users;

    if (only && !config_connection(config, only) && !config_connection_is_broken(config, only) &&
        !config->broken)
        return output_usage_error("check", "there is no connection `%s`", only);
    check_config(&report, config, only);
    check_groups(&report, config, only);
    check_kiosk(&report, config, only);
    check_hooks(&report, config);
    check_machine(&report, config);
    if (!folders_find_users(cli, &users))
        return EXIT_USAGE;
    check_store(&report, &users, cli);
    check_ways(&report, config, check_ids(&report, &users, cli->state_dir, config));
    for (size_t i = 0; i < config->connection_count; i++)
        if (!only || strcmp(config->connections[i].name, only) == 0)
            check_secret(&report, &users, &config->connections[i]);
    check_network(&report, &users, config, only);
    return report.status;
}

int check_command(struct cli *cli, int argc, char **argv)
{
    const char *only = NULL;
    struct config *config;
    int status = parse_options(cli, argc, argv, &only);

    if (status != 0)
        return status < 0 ? 0 : status;
    config = config_read_layers(cli->config_dir, cli->vendor_dir);
    if (!config) {
        output_error("no memory to read the configuration");
        return EXIT_USAGE;
    }
    status = check(cli, config, only);
    config_unref(config);
    return status;
}
