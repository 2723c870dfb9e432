/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A keeper with a store and a configuration of its own, one sign-in of it, and the ends of a module and of a
 * child, all in one thread: whoever waits for the keeper lets it work first, and time is a number.
 */
#ifndef FUZZ_DESK_H
#define FUZZ_DESK_H

#include "config/config.h"
#include "fuzz/lib/fuzz.h"
#include "keeper/sign_in.h"

#define DESK_SUBJECT "s-1" /* the one whom policy allows: member `ada`, or a new one */

#define DESK_DESCRIPTORS_MAX 4

struct desk {
    struct keeper *keeper;
    struct sign_in *sign_in; /* NULL: it has ended */
    struct config *config;
    int module, host;          /* the helper's end of the module's socket, and the host's */
    unsigned descriptors;      /* that ride along with HANDOVER; 0: one, as it should be */
    int child;                 /* the child's end of its line to the keeper */
    struct fuzz_bytes answers; /* of the person at the host, a line each */
    /* what the host was told */
    bool allowed, ended;
    unsigned verdict, sets;
    char user[257];
};

/* Everything fresh: members as they were made once, the same configuration. False: a call failed. */
bool desk_open(struct desk *desk);

/* LOGIN goes out, and the listener hands the socket over. */
bool desk_log_in(struct desk *desk, const struct login *login);

/* The keeper takes what has come from the child. */
void desk_work(struct desk *desk);

/* All that the module was told. */
void desk_listen(struct desk *desk);

/* Closes all, and checks that nothing is left open and store and index agree. */
void desk_close(struct desk *desk);

#endif
