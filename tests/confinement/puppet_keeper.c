/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The real keeper program with nobody behind its socket but a puppet: user, folders, limits and sandbox are
 * those that are shipped. Its strings are a unix socket in the state folder: of the network a keeper has
 * nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "keeper/keeper.h"
#include "puppet.h"

struct keeper {
    struct sockaddr_un at;
};

struct keeper *keeper_new(const struct keeper_options *options)
{
    struct keeper *keeper = calloc(1, sizeof *keeper);

    if (!keeper)
        return NULL;
    keeper->at.sun_family = AF_UNIX;
    if (snprintf(keeper->at.sun_path, sizeof keeper->at.sun_path, "%s/strings", options->state_dir) <
        (int)sizeof keeper->at.sun_path)
        return keeper;
    free(keeper);
    return NULL;
}

void keeper_free(struct keeper *keeper)
{
    free(keeper);
}

int keeper_serve(struct keeper *keeper, int listening_socket)
{
    const int64_t facts[PUPPET_FACTS] = {listening_socket};
    const int strings = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (strings < 0 || connect(strings, (const struct sockaddr *)&keeper->at, sizeof keeper->at) != 0)
        return 1;
    puppet_obey(strings, facts);
    return 0;
}
