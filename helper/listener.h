/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accepts modules and forks a child for each sign-in. Owns nothing, so it can be warm: libraries loaded,
 * certificates parsed, configuration read, all shared with the children by copy-on-write.
 */
#ifndef HELPER_LISTENER_H
#define HELPER_LISTENER_H

struct listener_options {
    int listening; /* made or passed; stays open */
    const char *config_dir;
    const char *vendor_dir; /* NULL: none */
    const char *keeper_socket;
    const char *children; /* of the memory before this one, as listener_run gave them; NULL: none */
};

enum listener_end {
    LISTENER_ENDED,  /* by a signal */
    LISTENER_FAILED, /* logged */
    LISTENER_RENEW,  /* children died by signal too often: this process's memory may be the reason */
};

/* *ret_children: with LISTENER_RENEW, those that live on (malloc'd; NULL: no memory), for whoever comes next.
 */
enum listener_end listener_run(const struct listener_options *options, char **ret_children);

#endif
