/* SPDX-License-Identifier: BSD-2-Clause */
/* Who the parts of a command run as, and whether they can work in the folders. */
#ifndef HELPER_CLI_FOLDERS_H
#define HELPER_CLI_FOLDERS_H

#include <stdbool.h>

#include "cli/cli.h"
#include "users.h"

/* By root: our two users. By anybody else: that user for all parts. */
struct cli_users {
    bool drop; /* run by root */
    struct user_ids keeper, helper;
};

/*
 * Finds the users and tries, as them, whether they can enter the folders; only then makes missing folders
 * (0700, the keeper's own). False: one sentence on standard error with the command that mends it, and nothing
 * was touched.
 */
bool folders_prepare(const struct cli *cli, struct cli_users *ret_users);

/* The same without making or needing a state folder: for commands that only read the configuration. */
bool folders_find_users(const struct cli *cli, struct cli_users *ret_users);

#endif
