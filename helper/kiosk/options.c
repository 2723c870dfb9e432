/* SPDX-License-Identifier: BSD-2-Clause */
/* What the page shows comes from frontdesk.conf; here stand only places and where the log goes. */
#include "kiosk/options.h"

#include <stdlib.h>

#include "command_line.h"
#include "frontdesk/paths.h"

#define STATUS_USAGE      2
#define CONFIRM_DEFAULT_S 15
#define CONFIRM_MAX_S     3600
#define OWN_PROGRAM       "/proc/self/exe" /* the same one, also while a new version is being installed */

static const struct option known_options[] = {
    {"sign-in", no_argument, NULL, 'i'},
    {"confirm-after", required_argument, NULL, 't'},
    {"config-dir", required_argument, NULL, 'c'},
    {"vendor-dir", required_argument, NULL, 'V'},
    {"runtime-dir", required_argument, NULL, 'r'},
    {"worker", required_argument, NULL, 'w'},
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
                  "Serves the check-in page on this machine's loopback.\n\n"
                  "  --config-dir=DIR    configuration (default " FD_SYSCONFDIR ")\n"
                  "  --vendor-dir=DIR    configuration of the vendor's (default " FD_VENDORDIR ")\n"
                  "  --runtime-dir=DIR   token, start page and socket (default " FD_KIOSK_RUNDIR ")\n"
                  "  --worker=PROGRAM    what each sign-in runs in (default: this program)\n"
                  "  --log=TARGET        syslog or stderr (default syslog)\n"
                  "  --debug             log more\n"
                  "  --help, --version\n",
                  line->program);
}

static bool take_seconds(const char *argument, uint32_t *ret_seconds)
{
    char *end;
    const unsigned long seconds = strtoul(argument, &end, 10);

    if (argument[0] < '0' || argument[0] > '9' || *end || seconds < 1 || seconds > CONFIRM_MAX_S)
        return false;
    *ret_seconds = (uint32_t)seconds;
    return true;
}

static bool take_option(void *taken, int option, const char *value)
{
    struct kiosk_options *options = taken;

    switch (option) {
    case 'i':
        options->sign_in = true;
        return true;
    case 't':
        return take_seconds(value, &options->confirm_after);
    case 'c':
        return command_line_take_path(value, &options->config_dir);
    case 'V':
        return command_line_take_path(value, &options->vendor_dir);
    case 'r':
        return command_line_take_path(value, &options->runtime_dir);
    case 'w':
        return command_line_take_path(value, &options->worker);
    case 'o':
        return command_line_take_log(value, &options->log);
    case 'd':
        options->debug = true;
        return true;
    default:
        return false;
    }
}

bool options_read(int argc, char **argv, struct kiosk_options *ret_options, int *ret_status)
{
    static const struct command_line line = {.program = "frontdesk-kiosk",
                                             .known = known_options,
                                             .take = take_option,
                                             .print_usage = print_usage,
                                             .status_if_bad = STATUS_USAGE};
    struct kiosk_options options = {.confirm_after = CONFIRM_DEFAULT_S,
                                    .config_dir = FD_SYSCONFDIR,
                                    .vendor_dir = FD_VENDORDIR,
                                    .runtime_dir = FD_KIOSK_RUNDIR,
                                    .worker = OWN_PROGRAM,
                                    .log = LOG_TO_SYSLOG};

    if (!command_line_read(&line, argc, argv, &options, ret_status))
        return false;
    *ret_options = options;
    return true;
}
