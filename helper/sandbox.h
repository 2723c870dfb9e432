/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only door to libseccomp, and to Landlock. What each of our processes gives up before it meets foreign
 * bytes.
 */
#ifndef HELPER_SANDBOX_H
#define HELPER_SANDBOX_H

#include <stdbool.h>

enum sandbox_kind {
    SANDBOX_CHILD,  /* network, reading /etc /usr /run; no write, exec, fork, ptrace, listen, unix sockets */
    SANDBOX_KEEPER, /* no network; writes in the state folder only; no exec, fork, ptrace */
};

/*
 * no_new_privs, seccomp (violations kill the process; sockets not allowed answer EACCES, clone3 ENOSYS),
 * Landlock where the kernel has it (else logged once). writable: the folder that a keeper may write, NULL for
 * a child. False: the sandbox could not be closed, and the caller must end.
 */
bool sandbox_enter(enum sandbox_kind kind, const char *writable);

#endif
