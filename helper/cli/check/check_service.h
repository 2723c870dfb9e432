/* SPDX-License-Identifier: BSD-2-Clause */
/* One service as `frontdesk check` looks at it: its settings and its PAM lines. */
#ifndef HELPER_CLI_CHECK_SERVICE_H
#define HELPER_CLI_CHECK_SERVICE_H

#include "cli/check/check_report.h"
#include "cli/check/pam_stack.h"
#include "cli/check/stack_ways.h"
#include "config/config.h"

struct service_view {
    struct report *report;
    const struct config *config;
    const char *name;
    const struct service *service;
    struct pam_stack *stacks[PAM_TYPE_SESSION + 1];    /* NULL: cannot be used */
    const struct pam_line *ours[PAM_TYPE_SESSION + 1]; /* NULL: no such line */
};

/* A fact about it, with its name and role before the words; a wrong one makes the status EXIT_REFUSED. */
__attribute__((format(printf, 3, 4))) void service_view_say(const struct service_view *view, struct fact fact,
                                                            const char *format, ...);

/* Does an enabled connection before this one serve it, so that it was looked at already? */
bool service_is_served_before(const struct config *config, size_t before, const char *service);

/* What stands behind pam_frontdesk.so: arguments, the accounts and the connection that they name. */
void check_service_arguments(const struct service_view *view);

#endif
