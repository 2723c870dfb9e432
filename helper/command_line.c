/* SPDX-License-Identifier: BSD-2-Clause */
/* One loop over the options, so that a wrong one ends every program alike. */
#include "command_line.h"

#include <string.h>

bool command_line_read(const struct command_line *line, int argc, char **argv, void *options, int *ret_status)
{
    int option;

    while ((option = getopt_long(argc, argv, "", line->known, NULL)) != -1) {
        if (option == 'h' || option == 'v') {
            if (option == 'h')
                line->print_usage(stdout, line);
            else
                (void)printf("%s %s\n", line->program, FD_VERSION);
            *ret_status = 0;
            return false;
        }
        if (!line->take(options, option, optarg))
            break;
    }
    if (option == -1 && optind == argc)
        return true;
    line->print_usage(stderr, line);
    *ret_status = line->status_if_bad;
    return false;
}

bool command_line_take_path(const char *value, const char **ret_path)
{
    if (value[0] != '/')
        return false;
    *ret_path = value;
    return true;
}

bool command_line_take_log(const char *value, enum log_target *ret_target)
{
    const bool to_stderr = strcmp(value, "stderr") == 0;

    if (!to_stderr && strcmp(value, "syslog") != 0)
        return false;
    *ret_target = to_stderr ? LOG_TO_STDERR : LOG_TO_SYSLOG;
    return true;
}
