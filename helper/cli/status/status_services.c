/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A helper that says HELLO has reached the keeper before: it hands each sign-in over first. Only where it
 * says nothing is the keeper's own socket tried, for that one logs who is not its child.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/status/status_facts.h"
#include "frontdesk/paths.h"
#include "frontdesk/protocol.h"
#include "sockets.h"

#define PATIENCE_MS 5000 /* of a machine under load; a module waits for less */

void status_blame(struct status_part *part, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(part->words, sizeof part->words, format, arguments);
    va_end(arguments);
    part->is_good = false;
}

static bool says_hello(int helper)
{
    struct pollfd at = {.fd = helper, .events = POLLIN};
    unsigned char packet[16];

    return poll(&at, 1, PATIENCE_MS) == 1 && recv(helper, packet, sizeof packet, MSG_DONTWAIT) > 0 &&
           packet[0] == MESSAGE_HELLO;
}

static int connect_in(const struct cli *cli, const char *name, char ret_path[PATH_MAX])
{
    if (snprintf(ret_path, PATH_MAX, "%s/%s", cli->runtime_dir, name) >= PATH_MAX) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return socket_connect(ret_path);
}

static void ask_keeper(const struct cli *cli, struct status_facts *facts)
{
    char path[PATH_MAX];
    AUTO_CLOSE const int keeper = connect_in(cli, FD_KEEPER_SOCKET_NAME, path);

    facts->keeper.is_good = keeper >= 0;
    if (keeper < 0)
        status_blame(&facts->keeper, "%s: %s", path, strerror(errno));
}

void status_ask_services(const struct cli *cli, struct status_facts *facts)
{
    char path[PATH_MAX];
    AUTO_CLOSE const int helper = connect_in(cli, FD_HELPER_SOCKET_NAME, path);

    if (helper < 0)
        status_blame(&facts->helper, "%s: %s", path, strerror(errno));
    else
        facts->helper.is_good = says_hello(helper);
    facts->keeper.is_good = facts->helper.is_good;
    if (facts->helper.is_good)
        return;
    if (facts->helper.words[0] == '\0')
        status_blame(&facts->helper, "%s: it does not answer", path);
    ask_keeper(cli, facts);
}
