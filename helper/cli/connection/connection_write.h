/* SPDX-License-Identifier: BSD-2-Clause */
/* What `add` and `import` end in: a draft becomes a file of connections.d, and its secret one of secrets. */
#ifndef HELPER_CLI_CONNECTION_WRITE_H
#define HELPER_CLI_CONNECTION_WRITE_H

#include "cli/cli.h"
#include "connection/draft.h"
#include "secret.h"

struct connection_plan {
    const char *name;
    const char *event;           /* of the audit record */
    struct draft *draft;         /* client_secret_file is added when there is a secret */
    const struct secret *secret; /* empty: none */
    bool dry_run, check;
};

/* The exit status; with `check`, that of the check. Nothing is left when it could not be written. */
int connection_write(struct cli *cli, const struct connection_plan *plan);

/* A record of a change, where records are kept. False: said why. */
bool connection_record(const struct cli *cli, const char *event, const char *name, const char *file);

#endif
