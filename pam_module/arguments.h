/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stands on the PAM line. It is root's and holds while the helper is down, so nothing here is asked of
 * the helper. All strings are the host's argv.
 */
#ifndef PAM_ARGUMENTS_H
#define PAM_ARGUMENTS_H

#include <stdbool.h>

struct arguments {
    const char *socket;      /* socket=PATH */
    unsigned timeout_s;      /* timeout=SECONDS */
    const char *connection;  /* connection=NAME; NULL: none */
    const char *local_users; /* local_users=NAME,NAME; NULL: none */
    const char *break_glass; /* break_glass=NAME,NAME; NULL: none */
    bool passwords_allowed;  /* password_login=allowed */
    bool debug;
    const char
        *fault; /* the first argument that is unknown, repeated or has a bad value; NULL: all is well */
};

/* Reads every argument, also behind a fault: a slip elsewhere must not take break_glass= away. */
struct arguments arguments_read(int argc, const char **argv);

/* True when `name` is one of the names in a comma-separated list (NULL: an empty one). */
bool name_list_has(const char *list, const char *name);

#endif
