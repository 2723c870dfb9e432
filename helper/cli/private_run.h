/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Processes of one command: a confined child for the network and, for a sign-in, a private keeper, as the
 * helper has them. This process stays in between, and once they run it has no power over them either.
 */
#ifndef HELPER_CLI_PRIVATE_RUN_H
#define HELPER_CLI_PRIVATE_RUN_H

#include <stdbool.h>
#include <sys/types.h>

#include "cli/folders.h"
#include "config/config.h"
#include "http/tls.h"

#define KEEPER_EXIT_NOT_STARTED 3

/* The certificates of one file; trust NULL: `error` says why. */
struct confined_trust {
    const char *ca_file; /* NULL: the system's */
    const struct tls_trust *trust;
    const char *error;
};
struct confined_trusts {
    struct confined_trust at[CONFIG_CONNECTIONS_MAX];
    size_t count;
};
/* Work with the network: runs confined, writes lines to `output`. */
typedef int confined_work(void *context, const struct confined_trusts *trusts, int output);

struct confined {
    pid_t pid;
    int output; /* our end: what it writes */
};

struct confined_plan {
    const struct cli_users *users;
    const struct config *config;
    const struct connection *connection; /* whose certificates are read; NULL: those of all enabled ones */
    int keep[2];                         /* descriptors that it gets besides; -1: none */
    confined_work *work;
    void *context;
};
bool confined_start(const struct confined_plan *plan, struct confined *ret_confined);

struct private_plan {
    const struct cli *cli;
    const struct cli_users *users;
    struct config *config;
    const struct connection *connection; /* NULL: not known before the sign-in */
    bool commit;
    bool show_claims; /* the private ones, too */
};

struct private_run {
    struct confined child;
    pid_t keeper;
    int module; /* our end: this process is the module's side */
};

/* False: said why; nothing is left running. */
bool private_run_start(const struct private_plan *plan, struct private_run *ret_run);

/* Closes our ends, which ends both, and waits for them. The keeper's exit status, or -1. */
int private_run_end(struct private_run *run);

#endif
