/* SPDX-License-Identifier: BSD-2-Clause */
/* What the command lines of the programs that systemd and frontdesk-hooks start have alike. */
#ifndef HELPER_COMMAND_LINE_H
#define HELPER_COMMAND_LINE_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "log.h"

/* Long options only, and no word behind them; 'h' is --help and 'v' --version. */
struct command_line {
    const char *program;
    const struct option *known;
    bool (*take)(void *options, int option, const char *value); /* false: not ours, or a bad value */
    void (*print_usage)(FILE *to, const struct command_line *line);
    const void *face;  /* print_usage's own */
    int status_if_bad; /* the exit status of a wrong line */
};

/* True: go on. False: *ret_status is the exit status (--help, --version, a wrong option). */
bool command_line_read(const struct command_line *line, int argc, char **argv, void *options,
                       int *ret_status);

/* Values. False: the path is not absolute; the target is neither syslog nor stderr. */
bool command_line_take_path(const char *value, const char **ret_path);
bool command_line_take_log(const char *value, enum log_target *ret_target);

#endif
