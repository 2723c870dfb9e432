/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keeper: decides. One process, one event loop, no network; alone opens the store, the index, client
 * secrets and the cache of issuers' documents. keeper_main.c starts it as a service; `frontdesk login` runs a
 * private one.
 */
#ifndef HELPER_KEEPER_H
#define HELPER_KEEPER_H

#include <stdbool.h>
#include <sys/types.h>

struct keeper_options {
    const char *config_dir;
    const char *vendor_dir; /* NULL: none */
    const char *state_dir;
    const char *audit_file; /* NULL: no records (and none in a dry run) */
    bool dry_run;           /* nothing is written */
    bool private_peer; /* the one sign-in is the CLI's own: its peer counts as root, whoever runs it, and it
                          begins no session */
    uid_t child_uid;   /* whose connections are served */
};

struct keeper;

/* Opens store and configuration, publishes a stale index. NULL: logged why. */
struct keeper *keeper_new(const struct keeper_options *options);
void keeper_free(struct keeper *keeper);

/* From now on events for hooks are given to this user, at another listening socket. False: no memory. */
bool keeper_serve_hooks(struct keeper *keeper, int listening_socket, uid_t uid);

/* Serves connections accepted from a listening socket until SIGTERM. */
int keeper_serve(struct keeper *keeper, int listening_socket);

/* Serves one already connected sign-in to its end. */
int keeper_serve_one(struct keeper *keeper, int connected_socket);

#endif
