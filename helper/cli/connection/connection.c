/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk connection`: a table of verbs. */
#include "cli/connection/connection.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/output.h"

static const struct verb {
    const char *name, *takes, *help;
    connection_verb *run;
    int least, most; /* words behind it */
    bool makes;      /* a connection: it takes settings */
} verbs[] = {
    {"list", "", "all of them", connection_list, 0, 0, false},
    {"show", "NAME", "every setting, and where it comes from", connection_show, 1, 1, false},
    {"add", "NAME [OPTION...]", "a new one; asks at a terminal for what no option says", connection_add, 1, 1,
     true},
    {"import", "[NAME] FILE|- [OPTION...]", "a new one from the body of Auth0's Management API",
     connection_import, 1, 2, true},
    {"export", "NAME", "that body, without the secret", connection_export, 1, 1, false},
    {"enable", "NAME", "enabled = yes", connection_enable, 1, 1, false},
    {"disable", "NAME", "enabled = no: no sign-in through it, by its members' keys neither",
     connection_disable, 1, 1, false},
};
#define VERB_COUNT (sizeof verbs / sizeof verbs[0])

static void print_help(void)
{
    (void)puts("Usage: frontdesk [OPTION...] connection VERB ...\n");
    for (size_t i = 0; i < VERB_COUNT; i++)
        (void)printf("  %-7s %-26s %s\n", verbs[i].name, verbs[i].takes, verbs[i].help);
    (void)puts(
        "\nA connection cannot be renamed: the name of its file is its name, and members belong to it.\n\n"
        "  --json                 one JSON object a line\n\n"
        "add and import write connections.d/NAME.conf, never over another one, and run `frontdesk check "
        "NAME`,\n"
        "whose exit status they take:\n"
        "  --service SERVICE      a PAM service that it serves; may come several times\n"
        "  --client-secret-stdin  the secret comes from standard input, and goes to secrets/NAME\n"
        "  --set KEY=VALUE        any setting\n"
        "  --dry-run              prints the file that would be written\n"
        "  --no-check             without the check");
    connection_print_settings();
}

struct config *connection_find(const struct cli *cli, const char *name,
                               const struct connection **ret_connection)
{
    struct config *config = config_read_layers(cli->config_dir, cli->vendor_dir);
    char shown[64];

    if (!config) {
        output_error("no memory to read the configuration");
        return NULL;
    }
    *ret_connection = config_connection(config, name);
    if (*ret_connection)
        return config;
    if (config->broken)
        output_error("the configuration is broken: mend it first (see `frontdesk check`)");
    else if (config_connection_is_broken(config, name))
        output_error("the file of `%s` is broken: mend it first (see `frontdesk check %s`)", name, name);
    else
        output_error("there is no connection `%s`", output_text(name, shown, sizeof shown));
    config_unref(config);
    return NULL;
}

/* 0, or the status to exit with. */
static int take_words(const struct verb *verb, int count, char **words, struct connection_options *options)
{
    char shown[64];

    if (count < verb->least || count > verb->most)
        return output_usage_error("connection", "%s takes %s", verb->name,
                                  verb->takes[0] ? verb->takes : "nothing");
    if (verb->run == connection_import) {
        options->name = count == 2 ? words[0] : NULL;
        options->file = words[count - 1];
    } else if (count == 1) {
        options->name = words[0];
    }
    if (verb->makes && options->name && !connection_name_is_valid(options->name))
        return output_usage_error("connection",
                                  "`%s`: a connection's name is [a-z0-9][a-z0-9_-]*, at most %d bytes",
                                  output_text(options->name, shown, sizeof shown), CONNECTION_NAME_MAX);
    return 0;
}

static int run(struct cli *cli, const struct verb *verb, int argc, char **argv)
{
    struct connection_options options = {0};
    int status = connection_parse_options(cli, argc, argv, verb->makes, &options);

    if (status < 0)
        print_help();
    else if (status == 0)
        status = take_words(verb, argc - optind, argv + optind, &options);
    if (status == 0)
        status = verb->run(cli, &options);
    draft_clear(&options.draft);
    return status < 0 ? 0 : status;
}

int connection_command(struct cli *cli, int argc, char **argv)
{
    char shown[64];
    int at = 1;

    for (; at < argc && strcmp(argv[at], "--json") == 0; at++)
        cli->json = true;
    if (at == argc)
        return output_usage_error("connection", "which verb?");
    if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
        print_help();
        return 0;
    }
    if (strcmp(argv[at], "rename") == 0)
        return output_usage_error("connection", "a connection cannot be renamed: the name of its file is its "
                                                "name; add another one, and disable this one");
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (strcmp(verbs[i].name, argv[at]) == 0)
            return run(cli, &verbs[i], argc - at, argv + at);
    return output_usage_error("connection", "there is no verb `%s`",
                              output_text(argv[at], shown, sizeof shown));
}
