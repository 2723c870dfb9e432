/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only door to libseccomp, and to Landlock. What each of our processes gives up before it meets foreign
 * bytes. File ownership is the wall; this is the second one.
 */
#ifndef HELPER_SANDBOX_H
#define HELPER_SANDBOX_H

#include <stdbool.h>

enum sandbox_kind {
    SANDBOX_CHILD,  /* network, reading /etc /usr /run; no write, exec, fork, ptrace, listen, unix sockets */
    SANDBOX_KEEPER, /* no network; writes in the state folder only; no exec, fork, ptrace */
};

/*
 * no_new_privs, Landlock where the kernel has it, then seccomp: violations kill the process; sockets not
 * allowed, and a child's opening for writing, answer EACCES; clone3 answers ENOSYS. Call it with one thread.
 * writable: the folder that a keeper may write, NULL for a child. What a keeper may read is left to file
 * ownership: a client secret may lie anywhere, and without a network it can tell nobody. Files named in the
 * configuration (certificates) are read before a child enters.
 * False: the sandbox could not be closed, and the caller must end.
 */
bool sandbox_enter(enum sandbox_kind kind, const char *writable);

/* A keeper's, who also appends to the audit file (NULL: none): its folder may be written, where it is there.
 */
bool sandbox_enter_keeper(const char *state_dir, const char *audit_file);

/*
 * A listener's, which its children inherit beneath their own: what none of them needs is refused. Once for
 * all starts anew. False: it could not be closed.
 */
bool sandbox_enter_listener(void);

/*
 * The same in two steps, for a listener's children: compiling the filters takes half a millisecond, which no
 * sign-in has to wait for. Prepared once before the fork, sealed in each child, which then holds no
 * descriptor of it. NULL: it could not be prepared.
 */
struct sandbox;
struct sandbox *sandbox_prepare(enum sandbox_kind kind, const char *writable);
bool sandbox_seal(struct sandbox *sandbox);
void sandbox_free(struct sandbox *sandbox);

/* Programs say at start, once, when it is missing. */
bool sandbox_has_landlock(void);

#endif
