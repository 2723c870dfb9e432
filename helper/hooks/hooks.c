/* SPDX-License-Identifier: BSD-2-Clause */
/* frontdesk-hooks: the programs after a check-in, as a service. Has the network, and no store. */
#include <errno.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon.h"
#include "frontdesk/paths.h"
#include "hooks/hook_family.h"
#include "hooks/hook_runner.h"

/* Root becomes the service's own user; anybody else stays who they are, and has their own keeper. */
static bool find_self(struct user_ids *ret_self)
{
    if (geteuid() != 0) {
        *ret_self = (struct user_ids){geteuid(), getegid()};
        return true;
    }
    if (users_find(FD_HOOKS_USER, ret_self))
        return true;
    log_line(LOG_ERR, "the user %s is needed: systemd-sysusers makes it", FD_HOOKS_USER);
    return false;
}

int main(int argc, char **argv)
{
    static const struct daemon_face face = {.program = "frontdesk-hooks", .user = FD_HOOKS_USER};
    struct hook_options options;
    struct daemon_options begin = {0};
    struct hook_signals signals;
    struct user_ids self;
    int status;

    if (!hook_options_read(argc, argv, &options, &status))
        return status;
    begin.log = options.log;
    begin.debug = options.debug;
    (void)daemon_begin(&face, &begin);
    if (!find_self(&self) || !daemon_drop(&face, &self))
        return 1;
    if (!hook_family_begin() || !hook_signals_begin(&signals)) {
        log_line(LOG_ERR, "cannot serve: %s", strerror(errno));
        return 1;
    }
    return hook_runner_serve(&options, &signals);
}
