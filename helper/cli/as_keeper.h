/* SPDX-License-Identifier: BSD-2-Clause */
/* Work on the store without a running service. */
#ifndef HELPER_CLI_AS_KEEPER_H
#define HELPER_CLI_AS_KEEPER_H

#include <stdbool.h>

#include "cli/cli.h"
#include "config/config.h"

/*
 * Prepares the folders, reads the configuration (which may be broken; config_unref), and then becomes the
 * keeper's user for good, without a network. False: one sentence on standard error, and the store is
 * untouched.
 */
bool as_keeper(const struct cli *cli, struct config **ret_config);

#endif
