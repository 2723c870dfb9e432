/* SPDX-License-Identifier: BSD-2-Clause */
/* The verbs of `frontdesk connection`, and what they are given. */
#ifndef HELPER_CLI_CONNECTION_H
#define HELPER_CLI_CONNECTION_H

#include "cli/cli.h"
#include "config/config.h"
#include "connection/draft.h"
#include "secret.h"

struct connection_options {
    const char *name; /* NULL: not given */
    const char *file; /* of import */
    struct draft draft;
    bool secret_stdin, no_check, dry_run;
};

/* argv[0] is the verb. 0, or the status to exit with; -1: done. `takes_settings`: the verb makes a
 * connection. */
int connection_parse_options(struct cli *cli, int argc, char **argv, bool takes_settings,
                             struct connection_options *ret_options);
void connection_print_settings(void); /* the options of verbs that make one */

typedef int connection_verb(struct cli *cli, struct connection_options *options);
connection_verb connection_list, connection_show, connection_add, connection_import, connection_export,
    connection_enable, connection_disable;

/* The configuration, and the connection in it; NULL: said why not. Both: config_unref in the end. */
struct config *connection_find(const struct cli *cli, const char *name,
                               const struct connection **ret_connection);

/*
 * The secret from standard input: what private_key_jwt wants is a whole PEM file, everything else one line.
 * False: said why.
 */
bool connection_read_stdin_secret(bool is_key, struct secret *ret_secret);

/* Asks at the terminal for what is missing, when there is one. 0, or the status to exit with. */
int connection_ask(struct draft *draft, bool ask_secret, struct secret *ret_secret);

#endif
