/* SPDX-License-Identifier: BSD-2-Clause */
/* Which programs run, and how long, comes from frontdesk.conf; here stand only places and where the log goes.
 */
#include "hooks/hook_options.h"

#include "command_line.h"
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

static void print_usage(FILE *to, const struct command_line *line)
{
    (void)fprintf(to,
                  "Usage: %s [OPTION]...\n"
                  "Runs the programs of [kiosk] on_check_in and on_check_out.\n\n"
                  "  --config-dir=DIR    configuration (default " FD_SYSCONFDIR ")\n"
                  "  --vendor-dir=DIR    configuration of the vendor's (default " FD_VENDORDIR ")\n"
                  "  --runtime-dir=DIR   the keeper's socket (default " FD_RUNDIR ")\n"
                  "  --log=TARGET        syslog or stderr (default syslog)\n"
                  "  --debug             log more\n"
                  "  --help, --version\n",
                  line->program);
}

static bool take_option(void *taken, int option, const char *value)
{
    struct hook_options *options = taken;

    switch (option) {
    case 'c':
        return command_line_take_path(value, &options->config_dir);
    case 'V':
        return command_line_take_path(value, &options->vendor_dir);
    case 'r':
        return command_line_take_path(value, &options->runtime_dir);
    case 'o':
        return command_line_take_log(value, &options->log);
    case 'd':
        return options->debug = true;
    default:
        return false;
    }
}

bool hook_options_read(int argc, char **argv, struct hook_options *ret_options, int *ret_status)
{
    static const struct command_line line = {.program = "frontdesk-hooks",
                                             .known = known_options,
                                             .take = take_option,
                                             .print_usage = print_usage,
                                             .status_if_bad = STATUS_USAGE};
    struct hook_options options = {.config_dir = FD_SYSCONFDIR,
                                   .vendor_dir = FD_VENDORDIR,
                                   .runtime_dir = FD_RUNDIR,
                                   .log = LOG_TO_SYSLOG};

    if (!command_line_read(&line, argc, argv, &options, ret_status))
        return false;
    *ret_options = options;
    return true;
}
