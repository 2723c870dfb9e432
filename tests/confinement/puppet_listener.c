/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real helper with a puppet in the listener's place: user, descriptors and sandbox are those that are
 * shipped. Its strings are a unix socket beside the keeper's.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "listener.h"
#include "puppet.h"

enum listener_end listener_run(const struct listener_options *options, char **ret_children)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    const int64_t facts[PUPPET_FACTS] = {options->listening};
    const int strings = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    (void)ret_children;
    if (snprintf(at.sun_path, sizeof at.sun_path, "%s.strings", options->keeper_socket) >=
            (int)sizeof at.sun_path ||
        strings < 0 || connect(strings, (const struct sockaddr *)&at, sizeof at) != 0)
        return LISTENER_FAILED;
    puppet_obey(strings, facts);
    return LISTENER_ENDED;
}
