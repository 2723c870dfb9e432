/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk`: the administrator's command, a table of subcommands. */
#include <fcntl.h>
#include <getopt.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "frontdesk/paths.h"
#include "log.h"

static const struct command {
    const char *name;
    cli_command *run;
    const char *help;
} commands[] = {
    {"check", check_command, "what is configured, and whether it works, each with the next step"},
    {"login", login_command, "a real sign-in on this terminal, without PAM"},
    {"connection", connection_command, "list, show, add, import, export, enable and disable connections"},
    {"members", members_command,
     "list, show, invite, change, remove, export, import, back up and restore members"},
    {"check-ins", check_ins_command, "who is in and who was, and by hand: list, now, add, close, export"},
    {"kiosk", kiosk_command, "what the check-in screen shows, for other displays"},
    {"audit", audit_command, "who signed in, who was refused, and what was changed"},
    {"status", status_command, "whether the services run, and what waits or is wrong"},
};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

static void print_help(void)
{
    (void)puts("Usage: frontdesk [OPTION...] COMMAND ...\n"
               "Sign-in with OpenID Connect: settings, sign-ins and members of this machine.\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        (void)printf("  %-18s %s\n", commands[i].name, commands[i].help);
    (void)printf("\n"
                 "  --config-dir DIR   default %s\n"
                 "  --state-dir DIR    default %s\n"
                 "  --vendor-dir DIR   default %s\n"
                 "  --runtime-dir DIR  default %s\n"
                 "  --audit-file FILE  default %s, when run by root\n"
                 "  --json             one JSON object a line\n"
                 "  --help             also behind each COMMAND; that of check lists every setting\n"
                 "  --version\n",
                 FD_SYSCONFDIR, FD_STATEDIR, FD_VENDORDIR, FD_RUNDIR, FD_AUDIT_PATH);
}

/* What is opened later must not become the standard output of somebody who closed it. Nothing can be written
 * there, so that what is lost does not pass for told. */
static bool fill_standard_descriptors(void)
{
    int fd;

    do
        fd = open("/dev/null", O_RDONLY);
    while (fd >= 0 && fd <= STDERR_FILENO);
    return fd >= 0 && close(fd) == 0;
}

/* Libraries read files that the environment names; a setting of ours is never one of these. */
static bool clean_environment(void)
{
    static const char *const kept[] = {"LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_MESSAGES", "TZ"};
    char *values[sizeof kept / sizeof kept[0]] = {NULL};
    bool clean = true;

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        const char *value = getenv(kept[i]);

        values[i] = value ? strdup(value) : NULL;
    }
    clean = clearenv() == 0;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        clean = clean && (!values[i] || setenv(kept[i], values[i], 1) == 0);
        free(values[i]);
    }
    return clean;
}

/* Processes that change user and folder need whole paths. NULL: no memory, or no working folder. */
static char *absolute(const char *path)
{
    AUTO_FREE char *folder = NULL;
    char *whole;

    if (path[0] == '/')
        return strdup(path);
    folder = getcwd(NULL, 0);
    return folder && asprintf(&whole, "%s/%s", folder, path) >= 0 ? whole : NULL;
}

/* 0, or the status to exit with; -1: done. */
static int parse_options(int argc, char **argv, struct cli *cli)
{
    static const struct option known[] = {{"config-dir", required_argument, NULL, 'c'},
                                          {"state-dir", required_argument, NULL, 's'},
                                          {"vendor-dir", required_argument, NULL, 'v'},
                                          {"runtime-dir", required_argument, NULL, 'r'},
                                          {"audit-file", required_argument, NULL, 'a'},
                                          {"json", no_argument, NULL, 'j'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'V'},
                                          {NULL, 0, NULL, 0}};
    int option;

    while ((option = getopt_long(argc, argv, "+h", known, NULL)) != -1)
        switch (option) {
        case 'c':
            cli->config_dir = optarg;
            break;
        case 's':
            cli->state_dir = optarg;
            break;
        case 'v':
            cli->vendor_dir = optarg;
            break;
        case 'a':
            cli->audit_file = optarg;
            break;
        case 'r':
            cli->runtime_dir = optarg;
            cli->runtime_dir_given = true;
            break;
        case 'j':
            cli->json = true;
            break;
        case 'h':
            print_help();
            return -1;
        case 'V':
            (void)puts("frontdesk " FD_VERSION);
            return -1;
        default:
            return EXIT_USAGE;
        }
    if (!cli->config_dir[0] || !cli->vendor_dir[0] || !cli->state_dir[0] || !cli->runtime_dir[0] ||
        (cli->audit_file && !cli->audit_file[0]))
        return output_usage_error("", "a folder or file needs a name");
    return optind < argc ? 0 : output_usage_error("", "which command?");
}

/* An answer that did not reach anybody is none. */
static int run(const struct command *command, struct cli *cli, int argc, char **argv)
{
    const int status = command->run(cli, argc, argv);

    return (fflush(stdout) != 0 || ferror(stdout)) && status == 0 ? EXIT_REFUSED : status;
}

#define PLACE_COUNT 5

struct places {
    char *paths[PLACE_COUNT];
};

static void cleanup_places(struct places *places)
{
    for (size_t i = 0; i < PLACE_COUNT; i++)
        free(places->paths[i]);
}

/* False: no memory, or no working folder. */
static bool make_absolute(struct cli *cli, struct places *ret_places)
{
    const char **const places[PLACE_COUNT] = {&cli->config_dir, &cli->vendor_dir, &cli->state_dir,
                                              &cli->runtime_dir, &cli->audit_file};

    for (size_t i = 0; i < PLACE_COUNT; i++) {
        if (!*places[i])
            continue;
        *places[i] = ret_places->paths[i] = absolute(*places[i]);
        if (!*places[i])
            return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    struct cli cli = {.config_dir = FD_SYSCONFDIR,
                      .vendor_dir = FD_VENDORDIR,
                      .state_dir = FD_STATEDIR,
                      .runtime_dir = FD_RUNDIR,
                      .audit_file = geteuid() == 0 ? FD_AUDIT_PATH : NULL};
    CLEANUP(cleanup_places) struct places places = {0};
    int status;

    (void)setlocale(LC_ALL, "");
    log_open("frontdesk", LOG_TO_STDERR);
    if (!fill_standard_descriptors() || !clean_environment())
        return EXIT_USAGE;
    status = parse_options(argc, argv, &cli);
    if (status != 0)
        return status < 0 ? 0 : status;
    if (!make_absolute(&cli, &places)) {
        output_error("the working folder cannot be named");
        return EXIT_USAGE;
    }
    argv += optind;
    argc -= optind;
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i].name, argv[0]) == 0)
            return run(&commands[i], &cli, argc, argv);
    return output_usage_error("", "there is no command `%s`", argv[0]);
}
