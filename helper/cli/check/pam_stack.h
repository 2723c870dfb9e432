/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A service's PAM lines as libpam would join them, and what becomes of a call when each module answers a
 * given way. `frontdesk check` judges by this what a stack allows, without running a module.
 */
#ifndef HELPER_CLI_PAM_STACK_H
#define HELPER_CLI_PAM_STACK_H

#include <stdbool.h>
#include <stddef.h>

#define PAM_INCLUDE_DEPTH_MAX 16
#define PAM_LINES_MAX         512

enum pam_type { PAM_TYPE_AUTH, PAM_TYPE_ACCOUNT, PAM_TYPE_PASSWORD, PAM_TYPE_SESSION };

/* The return values that tell one stack from another; the rest is `default`. */
enum pam_outcome {
    PAM_OUTCOME_SUCCESS,
    PAM_OUTCOME_IGNORE,
    PAM_OUTCOME_AUTH_ERR,
    PAM_OUTCOME_PERM_DENIED,
    PAM_OUTCOME_USER_UNKNOWN,
    PAM_OUTCOME_AUTHINFO_UNAVAIL,
    PAM_OUTCOME_COUNT,
};

/* What a control field makes of an outcome; from 1 on: that many lines are jumped over. */
enum pam_action {
    PAM_ACTION_IGNORE = 0,
    PAM_ACTION_OK = -1,
    PAM_ACTION_DONE = -2,
    PAM_ACTION_BAD = -3,
    PAM_ACTION_DIE = -4,
    PAM_ACTION_RESET = -5,
};

struct pam_line {
    unsigned level;   /* of substacks */
    char *module;     /* "pam_unix.so", without a folder; NULL: the place of a substack, one level deeper */
    char **arguments; /* NULL-terminated */
    int actions[PAM_OUTCOME_COUNT];
    char *file; /* where it stands */
    unsigned number;
};

struct pam_stack {
    struct pam_line *lines;
    size_t count;
    char *file; /* of the service, or of `other`, which stands in for a type that it has no line of */
    bool is_other;
};

/*
 * Reads SERVICE from the first of the folders (NULL-terminated; NULL: the system's) that has it. NULL:
 * *ret_why (malloc'd) says what is wrong: a file that is missing or cannot be read, a line that is none,
 * includes that lead in a circle. libpam goes on with some of these, so nothing is said of whom they let in.
 */
struct pam_stack *pam_stack_read(const char *const *folders, const char *service, enum pam_type type,
                                 char **ret_why);
void pam_stack_free(struct pam_stack *stack);

/* "required", or pairs like "success=done default=die". False: neither. */
bool pam_control_parse(const char *control, int ret_actions[PAM_OUTCOME_COUNT]);

/* Calls back for each line that libpam would call. True: the whole is PAM_SUCCESS. */
bool pam_stack_run(const struct pam_stack *stack,
                   enum pam_outcome (*module)(void *context, const struct pam_line *line), void *context);

/* The first line of this module; NULL: none. */
const struct pam_line *pam_stack_line(const struct pam_stack *stack, const char *module);

/* The value of the argument "NAME=VALUE" (name with its '='), or NULL. */
const char *pam_line_argument(const struct pam_line *line, const char *name);

#endif
