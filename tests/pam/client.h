/* SPDX-License-Identifier: BSD-2-Clause */
/* What the parts of the PAM test client share. Everything it prints is one line: a word, then fields. */
#ifndef PAM_TEST_CLIENT_H
#define PAM_TEST_CLIENT_H

#include <security/pam_appl.h>

/* What the host's conversation function does, and what it has been told to answer. */
struct host {
    pam_handle_t *pamh;
    const char *conversation; /* "answer", "none", "rename", or what converse.c says of others */
    const char *const *answers;
    int answer_count, answered;
};

int host_converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                  void *context);

/* The JSON extension of a display manager, as this host has it; see greeter.c. */
int host_greet(struct host *host, const struct pam_message *message, struct pam_response *response);

/* The state of this process that a module must leave as it was; compared after each call. */
struct snapshot;
struct snapshot *snapshot_take(void);
/* Prints a line "changed WHAT" for each difference, and frees both. */
void snapshot_compare(struct snapshot *before, struct snapshot *after);

/* The n-th call (from 1) of a watched libc function fails from now on once; 0: none. Returns whether one did.
 */
void inject_failure(unsigned n);
int inject_ended(void);
/* The most milliseconds that any poll since then would have waited. */
int inject_longest_wait(void);

/* From now on a second of the clock that the module looks at takes so many; its polls wait as long. */
void inject_slow_clock(unsigned factor);

/* Looks at this memory, an answer of the host's, when it is freed: a password must have been erased by then.
 */
void inject_watch(const char *answer);

/* Makes plain what was turned by 13 letters. */
void memory_make_plain(const char *turned, char *ret_plain);
/* Prints how often it stands in this process's memory; nothing before there was one. */
void memory_print_secrets(void);

/* "word hex-of-text" */
void print_hex(const char *word, const char *text);

#endif
