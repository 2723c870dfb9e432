/* SPDX-License-Identifier: BSD-2-Clause */
/* What the keeper may not do, a command in its place may not do either. */
#include "cli/as_keeper.h"

#include "cli/folders.h"
#include "cli/output.h"
#include "frontdesk/paths.h"
#include "sandbox.h"

bool as_keeper(const struct cli *cli, struct config **ret_config)
{
    struct config *config;
    struct cli_users users;

    if (!folders_prepare(cli, &users))
        return false;
    config = config_read_layers(cli->config_dir, cli->vendor_dir);
    if (!config || (users.drop && !users_become(&users.keeper)) ||
        !sandbox_enter_keeper(cli->state_dir, cli->audit_file)) {
        output_error("cannot become the user " FD_KEEPER_USER " and give up the network");
        config_unref(config);
        return false;
    }
    *ret_config = config;
    return true;
}
