/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets past a service's auth lines, and by what: each question is the whole stack run with other answers.
 */
#ifndef HELPER_CLI_STACK_WAYS_H
#define HELPER_CLI_STACK_WAYS_H

#include "cli/check/pam_stack.h"

#define OUR_MODULE "pam_frontdesk.so"

struct stack_ways {
    bool sign_in;             /* an approved sign-in is enough */
    bool local_password;      /* the right password of a local account, which is not ours to judge, enters */
    bool password_after_deny; /* ... and even after a sign-in that was refused */
    bool password_while_down; /* ... and while the helper or the identity provider cannot be had */
    bool break_glass;         /* ... of an account that break_glass= names */
    bool nothing;             /* somebody whom every module refused enters */
    char *passwords;          /* modules that take one, with commas between; "": none */
    char *others; /* further modules that let in without any of those passwords, alone or together */
};

/* False: no memory. Free with stack_ways_clear. */
bool stack_ways_find(const struct pam_stack *auth, struct stack_ways *ret_ways);
void stack_ways_clear(struct stack_ways *ways);

/* Does the account stack refuse whom our module refuses there, for whatever reason, whatever others say? */
bool stack_account_heeds(const struct pam_stack *account);

/* Of the line of ours: may a local account go on to its password? */
bool stack_passwords_allowed(const struct pam_line *ours);

#endif
