/* SPDX-License-Identifier: BSD-2-Clause */
/* A program after a check-in that frontdesk-hooks will not run is told here, before the first visitor. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/check/check.h"
#include "cli/cli.h"
#include "frontdesk/paths.h"
#include "trusted_path.h"
#include "users.h"

#define RUN_BITS 0111

static void check_program(struct report *report, const char *key, const char *program)
{
    const struct fact wrong = {.state = FACT_WRONG,
                               .status = EXIT_REFUSED,
                               .name = "hooks",
                               .next = "events wait until it can be run (frontdesk-hooks(8))"};
    struct path_fault fault;
    struct stat status;

    if (!path_is_trusted(program, &fault))
        report_say(report, &wrong, "%s: %s %s", key, fault.where, fault.why);
    else if (stat(program, &status) != 0)
        report_say(report, &wrong, "%s: %s: %s", key, program, strerror(errno));
    else if (!S_ISREG(status.st_mode) || (status.st_mode & RUN_BITS) == 0)
        report_say(report, &wrong, "%s: %s is no program that can be run", key, program);
    else
        report_say(report, &(struct fact){.state = FACT_GOOD, .name = "hooks"}, "%s: %s may be run", key,
                   program);
}

void check_hooks(struct report *report, const struct config *config)
{
    const struct kiosk_settings *kiosk = &config->kiosk;
    struct user_ids user;

    if (config->broken || (!kiosk->on_check_in && !kiosk->on_check_out))
        return;
    if (kiosk->on_check_in)
        check_program(report, "on_check_in", kiosk->on_check_in);
    if (kiosk->on_check_out)
        check_program(report, "on_check_out", kiosk->on_check_out);
    if (!users_find(FD_HOOKS_USER, &user))
        report_say(report,
                   &(struct fact){.state = FACT_WRONG,
                                  .status = EXIT_REFUSED,
                                  .name = "hooks",
                                  .next = "systemd-sysusers makes it"},
                   "there is no user %s, whom those programs run as", FD_HOOKS_USER);
}
