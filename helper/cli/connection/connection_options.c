/* SPDX-License-Identifier: BSD-2-Clause */
/* Every key of the table of settings is an option, so that a new one needs no word here. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/connection/connection.h"
#include "cli/output.h"
#include "config/settings.h"

#define NAME_MAX_BYTES 64
#define FIRST_SETTING  1000 /* value of the option of row 0 */

enum { OPTION_SET = 1, OPTION_SERVICE, OPTION_SECRET_STDIN, OPTION_NO_CHECK, OPTION_DRY_RUN };

#define NAMES_MAX                                                                                            \
    (SETTINGS_MAX * 2) /* with the aliases: as many fit as there are in practice, and more are left out */

struct option_table {
    struct option options[NAMES_MAX + 10];
    char names[NAMES_MAX][NAME_MAX_BYTES];
    size_t count, name_count;
};

static void add_option(struct option_table *table, const char *name, int has_arg, int value)
{
    table->options[table->count++] = (struct option){name, has_arg, NULL, value};
}

/* okta_domain -> --okta-domain */
static void add_name(struct option_table *table, const char *key, size_t row)
{
    char *name;

    if (table->name_count == NAMES_MAX)
        return;
    name = table->names[table->name_count++];
    (void)snprintf(name, NAME_MAX_BYTES, "%s", key);
    for (char *c = name; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
    add_option(table, name, required_argument, FIRST_SETTING + (int)row);
}

/* The words of the guides are options, too; --help lists the names alone. */
static void make_table(struct option_table *table, bool takes_settings, bool aliases)
{
    const struct setting *setting;

    *table = (struct option_table){0};
    add_option(table, "json", no_argument, 'j');
    add_option(table, "help", no_argument, 'h');
    if (!takes_settings)
        return;
    add_option(table, "set", required_argument, OPTION_SET);
    add_option(table, "service", required_argument, OPTION_SERVICE);
    add_option(table, "client-secret-stdin", no_argument, OPTION_SECRET_STDIN);
    add_option(table, "no-check", no_argument, OPTION_NO_CHECK);
    add_option(table, "dry-run", no_argument, OPTION_DRY_RUN);
    for (size_t row = 0; (setting = settings_at(row)) != NULL; row++) {
        if (setting->section != SECTION_CONNECTION)
            continue;
        add_name(table, setting->key, row);
        for (size_t i = 0; aliases && i < SETTING_ALIASES_MAX && setting->aliases[i]; i++)
            add_name(table, setting->aliases[i], row);
    }
}

void connection_print_settings(void)
{
    struct option_table table;

    make_table(&table, true, false);
    (void)puts("\nSettings, each as an option; or --set KEY=VALUE. `frontdesk check --help` explains them:");
    for (size_t i = 0; i < table.count; i++)
        if (table.options[i].val >= FIRST_SETTING)
            (void)printf("  --%s\n", table.options[i].name);
}

/* False: said why. */
static bool set(struct connection_options *options, const char *key, const char *value)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, key, NULL);
    AUTO_FREE char *why = NULL;
    char shown[512];

    if (setting && !setting->repeats && draft_get(&options->draft, setting->key)) {
        output_error("`%s` was given already", setting->key);
        return false;
    }
    if (draft_add(&options->draft, key, value, &why))
        return true;
    output_error("%s", output_text(why ? why : "no memory", shown, sizeof shown));
    return false;
}

static bool set_pair(struct connection_options *options, const char *pair)
{
    const size_t length = strcspn(pair, "=");
    AUTO_FREE char *key = NULL;

    if (pair[length] == '\0') {
        output_error("--set takes KEY=VALUE");
        return false;
    }
    key = strndup(pair, length);
    return key && set(options, key, pair + length + 1);
}

/* --service may come several times. */
static bool add_service(char **services, const char *service)
{
    char *longer = setting_sentence("%s%s%s", *services ? *services : "", *services ? " " : "", service);

    free(*services);
    *services = longer;
    return longer != NULL;
}

/* False: said why. */
static bool take_option(struct connection_options *options, int option, const char *value, char **services)
{
    switch (option) {
    case OPTION_SET:
        return set_pair(options, value);
    case OPTION_SERVICE:
        return add_service(services, value);
    case OPTION_SECRET_STDIN:
        options->secret_stdin = true;
        return true;
    case OPTION_NO_CHECK:
        options->no_check = true;
        return true;
    case OPTION_DRY_RUN:
        options->dry_run = true;
        return true;
    default:
        return option >= FIRST_SETTING &&
               set(options, settings_at((size_t)(option - FIRST_SETTING))->key, value);
    }
}

/* A mistyped name of a setting gets its neighbour, as in a file. */
static int refuse_option(const char *option, bool lacks_value)
{
    char key[NAME_MAX_BYTES], nearest[NAME_MAX_BYTES], buffer[NAME_MAX_BYTES];
    const char *shown = output_text(option, buffer, sizeof buffer), *meant;

    if (lacks_value)
        return output_usage_error("connection", "`%s` needs a value", shown);
    (void)snprintf(key, sizeof key, "%.*s", (int)strcspn(option, "="), option);
    for (char *c = key; *c != '\0'; c++)
        *c = *c == '-' && c - key >= 2 ? '_' : *c;
    meant = strncmp(key, "--", 2) == 0 ? settings_nearest(SECTION_CONNECTION, key + 2) : NULL;
    if (!meant)
        return output_usage_error("connection", "there is no option `%s`", shown);
    (void)snprintf(nearest, sizeof nearest, "%s", meant);
    for (char *c = nearest; *c != '\0'; c++)
        *c = *c == '_' ? '-' : *c;
    return output_usage_error("connection", "there is no option `%s`; did you mean `--%s`?", shown, nearest);
}

int connection_parse_options(struct cli *cli, int argc, char **argv, bool takes_settings,
                             struct connection_options *ret_options)
{
    struct option_table table;
    AUTO_FREE char *services = NULL;
    int option;

    make_table(&table, takes_settings, true);
    optind = 0;
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":h", table.options, NULL)) != -1) {
        if (option == 'j')
            cli->json = true;
        else if (option == 'h')
            return -1;
        else if (option == '?' || option == ':')
            return refuse_option(argv[optind - 1], option == ':');
        else if (!take_option(ret_options, option, optarg, &services))
            return EXIT_USAGE;
    }
    if (services && !set(ret_options, "services", services))
        return EXIT_USAGE;
    if (ret_options->secret_stdin && draft_get(&ret_options->draft, "client_secret_file"))
        return output_usage_error("connection",
                                  "a secret comes from a file or from standard input, not both");
    return 0;
}
