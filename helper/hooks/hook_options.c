/* SPDX-License-Identifier: BSD-2-Clause */
/* Which programs run, and how long, comes from frontdesk.conf; here stand only places and where the log goes.
 */
#include "hooks/hook_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "frontdesk/paths.h"

#define STATUS_USAGE 2

static const struct option known_options[] = {
    {"config-dir", required_argument, NULL, 'c'},
    {"vendor-dir", required_argument, NULL, 'V'},
    {"runtime-dir", required_argument, NULL, 'r'},
    {"log", required_argument, NULL, 'o'},
    {"debug", no_argument, NULL, 'd'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

static void print_usage(FILE *to)
{
    (void)fprintf(to, "Usage: frontdesk-hooks [OPTION]...\n"
                      "Runs the programs of [kiosk] on_check_in and on_check_out.\n\n"
                      "  --config-dir=DIR    configuration (default " FD_SYSCONFDIR ")\n"
                      "  --vendor-dir=DIR    configuration of the vendor's (default " FD_VENDORDIR ")\n"
                      "  --runtime-dir=DIR   the keeper's socket (default " FD_RUNDIR ")\n"
                      "  --log=TARGET        syslog or stderr (default syslog)\n"
                      "  --debug             log more\n"
                      "  --help, --version\n");
}

static bool take_path(const char *argument, const char **ret_path)
{
    if (argument[0] != '/')
        return false;
    *ret_path = argument;
    return true;
}

static bool take_target(const char *argument, enum log_target *ret_target)
{
    const bool to_stderr = strcmp(argument, "stderr") == 0;

    if (!to_stderr && strcmp(argument, "syslog") != 0)
        return false;
    *ret_target = to_stderr ? LOG_TO_STDERR : LOG_TO_SYSLOG;
    return true;
}

/* False: not an option of ours, or a bad value. */
static bool take_option(int option, struct hook_options *options)
{
    switch (option) {
    case 'c':
        return take_path(optarg, &options->config_dir);
    case 'V':
        return take_path(optarg, &options->vendor_dir);
    case 'r':
        return take_path(optarg, &options->runtime_dir);
    case 'o':
        return take_target(optarg, &options->log);
    case 'd':
        return options->debug = true;
    default:
        return false;
    }
}

bool hook_options_read(int argc, char **argv, struct hook_options *ret_options, int *ret_status)
{
    struct hook_options options = {.config_dir = FD_SYSCONFDIR,
                                   .vendor_dir = FD_VENDORDIR,
                                   .runtime_dir = FD_RUNDIR,
                                   .log = LOG_TO_SYSLOG};
    int option;

    while ((option = getopt_long(argc, argv, "", known_options, NULL)) != -1) {
        if (option == 'h' || option == 'v') {
            if (option == 'h')
                print_usage(stdout);
            else
                (void)puts("frontdesk-hooks " FD_VERSION);
            *ret_status = 0;
            return false;
        }
        if (!take_option(option, &options))
            break;
    }
    if (option != -1 || optind != argc) {
        print_usage(stderr);
        *ret_status = STATUS_USAGE;
        return false;
    }
    *ret_options = options;
    return true;
}
