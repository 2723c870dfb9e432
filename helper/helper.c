/* SPDX-License-Identifier: BSD-2-Clause */
/* frontdesk-helper: the listener as a service. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "daemon.h"
#include "display/qr.h"
#include "frontdesk/paths.h"
#include "http/http.h"
#include "listener.h"
#include "sandbox.h"
#include "json/json.h"

#define PASSED_SOCKET     3 /* sd_listen_fds(3) */
#define CHILDREN_VARIABLE "FRONTDESK_CHILDREN"

static const struct daemon_face face = {
    .program = "frontdesk-helper",
    .summary = "Takes sign-ins from pam_frontdesk and talks to the identity providers.",
    .user = FD_HELPER_USER,
    .socket_name = FD_HELPER_SOCKET_NAME,
    .socket_mode = 0666,
    .socket_group_user = FD_HELPER_USER,
};

/* Touches once what every child will use, so that no child has to load it. */
static bool warm(void)
{
    static const char sample[] = "{\"a\":[1,\"b\",true]}";
    AUTO_JSON struct json_document *document = json_parse(sample, sizeof sample - 1);
    struct qr_text qr = {0};

    if (!document || !http_warm() ||
        !qr_draw("https://localhost/", QR_STYLE_HALF_BLOCKS, QR_MARGIN_NORMAL, &qr))
        return false;
    free(qr.text);
    return true;
}

/*
 * The same program again, with fresh memory and the same socket, passed as systemd passes it, and the same
 * children, who go on. Returns only when that failed.
 */
static void renew(int listening, const char *children, char **argv)
{
    char pid[16];

    log_line(LOG_WARNING, "starting anew: several children died by signal");
    if (listening == PASSED_SOCKET) {
        if (fcntl(listening, F_SETFD, 0) != 0)
            return;
    } else if (dup2(listening, PASSED_SOCKET) != PASSED_SOCKET) {
        return;
    }
    (void)snprintf(pid, sizeof pid, "%d", getpid());
    if (setenv("LISTEN_PID", pid, 1) == 0 && setenv("LISTEN_FDS", "1", 1) == 0 &&
        setenv(CHILDREN_VARIABLE, children ? children : "", 1) == 0)
        (void)execv("/proc/self/exe", argv);
}

/* Before the environment is cleared. A malloc'd copy, or NULL. */
static char *children_of_before(void)
{
    const char *children = getenv(CHILDREN_VARIABLE);

    return children ? strdup(children) : NULL;
}

static int serve(const struct daemon_options *options, int listening, const char *before, char **argv)
{
    AUTO_FREE char *children = NULL;
    char keeper_socket[PATH_MAX];
    const struct listener_options listener_options = {.listening = listening,
                                                      .config_dir = options->config_dir,
                                                      .vendor_dir = options->vendor_dir,
                                                      .keeper_socket = keeper_socket,
                                                      .children = before};

    if (snprintf(keeper_socket, sizeof keeper_socket, "%s/%s", options->runtime_dir, FD_KEEPER_SOCKET_NAME) >=
        (int)sizeof keeper_socket)
        return 1;
    switch (listener_run(&listener_options, &children)) {
    case LISTENER_ENDED:
        return 0;
    case LISTENER_FAILED:
        log_line(LOG_ERR, "cannot serve: %s", strerror(errno));
        return 1;
    case LISTENER_RENEW:
        renew(listening, children, argv);
        log_line(LOG_ERR, "cannot start anew: %s", strerror(errno));
        return 1;
    }
    return 1;
}

int main(int argc, char **argv)
{
    AUTO_FREE char *before = children_of_before();
    struct daemon_options options;
    struct user_ids self;
    int status, listening;

    if (!daemon_options_read(argc, argv, &face, &options, &status))
        return status;
    listening = daemon_begin(&face, &options);
    if (listening < 0)
        listening = daemon_listen(&face, &options);
    if (listening < 0)
        return 1;
    if (!users_find(FD_HELPER_USER, &self)) {
        log_line(LOG_ERR, "the user %s is needed: systemd-sysusers makes it", FD_HELPER_USER);
        return 1;
    }
    if (!daemon_drop(&face, &self))
        return 1;
    if (!sandbox_has_landlock())
        log_line(LOG_NOTICE, "this kernel has no Landlock: file ownership alone guards the files");
    if (!warm()) {
        log_line(LOG_ERR, "the libraries cannot be used");
        return 1;
    }
    if (!sandbox_enter_listener()) {
        log_line(LOG_ERR, "the listener's sandbox could not be closed");
        return 1;
    }
    return serve(&options, listening, before, argv);
}
