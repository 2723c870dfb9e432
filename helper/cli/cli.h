/* SPDX-License-Identifier: BSD-2-Clause */
/* What every subcommand of `frontdesk` gets, and how it ends. */
#ifndef HELPER_CLI_H
#define HELPER_CLI_H

#include <stdbool.h>

#define EXIT_REFUSED     1   /* it worked, and the answer is no */
#define EXIT_USAGE       2   /* the command line, or this machine: nothing was touched */
#define EXIT_INTERRUPTED 130 /* a signal ended it */

struct cli {
    const char *config_dir, *vendor_dir, *state_dir, *runtime_dir; /* absolute */
    const char *audit_file;                                        /* absolute; NULL: nothing is recorded */
    bool runtime_dir_given;
    bool json;
};

/* argv[0] is the subcommand's own name. The result is the exit status. */
typedef int cli_command(struct cli *cli, int argc, char **argv);

cli_command login_command, check_command, members_command, connection_command, audit_command, kiosk_command,
    check_ins_command, status_command;

#endif
