/* SPDX-License-Identifier: BSD-2-Clause */
/* What the page shows comes from frontdesk.conf; here stand only places and where the log goes. */
#include "kiosk/options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void print_usage(FILE *to)
{
    (void)fprintf(to, "Usage: frontdesk-kiosk [OPTION]...\n"
                      "Serves the check-in page on this machine's loopback.\n\n"
                      "  --config-dir=DIR    configuration (default " FD_SYSCONFDIR ")\n"
                      "  --vendor-dir=DIR    configuration of the vendor's (default " FD_VENDORDIR ")\n"
                      "  --runtime-dir=DIR   token, start page and socket (default " FD_KIOSK_RUNDIR ")\n"
                      "  --worker=PROGRAM    what each sign-in runs in (default: this program)\n"
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

static bool take_seconds(const char *argument, uint32_t *ret_seconds)
{
    char *end;
    const unsigned long seconds = strtoul(argument, &end, 10);

    if (argument[0] < '0' || argument[0] > '9' || *end || seconds < 1 || seconds > CONFIRM_MAX_S)
        return false;
    *ret_seconds = (uint32_t)seconds;
    return true;
}

/* False: not an option of ours, or a bad value. */
static bool take_option(int option, struct kiosk_options *options)
{
    switch (option) {
    case 'i':
        options->sign_in = true;
        return true;
    case 't':
        return take_seconds(optarg, &options->confirm_after);
    case 'c':
        return take_path(optarg, &options->config_dir);
    case 'V':
        return take_path(optarg, &options->vendor_dir);
    case 'r':
        return take_path(optarg, &options->runtime_dir);
    case 'w':
        return take_path(optarg, &options->worker);
    case 'o':
        return take_target(optarg, &options->log);
    case 'd':
        options->debug = true;
        return true;
    default:
        return false;
    }
}

bool options_read(int argc, char **argv, struct kiosk_options *ret_options, int *ret_status)
{
    struct kiosk_options options = {.confirm_after = CONFIRM_DEFAULT_S,
                                    .config_dir = FD_SYSCONFDIR,
                                    .vendor_dir = FD_VENDORDIR,
                                    .runtime_dir = FD_KIOSK_RUNDIR,
                                    .worker = OWN_PROGRAM,
                                    .log = LOG_TO_SYSLOG};
    int option;

    while ((option = getopt_long(argc, argv, "", known_options, NULL)) != -1) {
        if (option == 'h' || option == 'v') {
            if (option == 'h')
                print_usage(stdout);
            else
                (void)puts("frontdesk-kiosk " FD_VERSION);
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
