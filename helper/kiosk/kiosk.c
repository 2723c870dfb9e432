/* SPDX-License-Identifier: BSD-2-Clause */
/* frontdesk-kiosk: the check-in page as a service, and each of its sign-ins. */
#include <syslog.h>
#include <unistd.h>

#include "cleanup.h"
#include "daemon.h"
#include "kiosk/kiosk_server.h"
#include "kiosk/listening.h"
#include "kiosk/options.h"
#include "kiosk/screen.h"
#include "kiosk/sign_in.h"
#include "kiosk/token.h"
#include "sandbox.h"

static void free_watch(struct config_watch **watch)
{
    config_watch_free(*watch);
}

/* Sockets first, which root may have to make; then the user; then what this user alone may read. */
static bool prepare(const struct kiosk_options *options, int passed, struct server_plan *ret_plan)
{
    const struct config *config = config_watch_current(ret_plan->watch);
    const struct daemon_face face = {.program = "frontdesk-kiosk", .user = config->kiosk.user};
    struct user_ids self;

    if (!users_find(config->kiosk.user, &self)) {
        log_line(LOG_ERR, "the user %s is needed: systemd-sysusers makes it", config->kiosk.user);
        return false;
    }
    token_withdraw(options->runtime_dir);
    if (!listening_begin(config->kiosk.listen, passed, &ret_plan->listening))
        return false;
    if (!daemon_make_folder(options->runtime_dir, 0711, &self))
        return false;
    ret_plan->screen = screen_listen(options->runtime_dir, self.uid);
    if (ret_plan->screen < 0 || !daemon_drop(&face, &self))
        return false;
    if (!sandbox_enter_listener()) {
        log_line(LOG_ERR, "the sandbox could not be closed");
        return false;
    }
    return request_place_set(config->kiosk.listen, &ret_plan->place) &&
           token_prepare(options->runtime_dir, config->kiosk.listen, ret_plan->place.token);
}

int main(int argc, char **argv)
{
    static const struct daemon_face face = {.program = "frontdesk-kiosk"};
    struct kiosk_options options;
    struct daemon_options begin = {0};
    struct server_plan plan = {.listening = {.page = -1, .localhost = -1}, .screen = -1};
    CLEANUP(free_watch) struct config_watch *watch = NULL;
    int status, passed;

    if (!options_read(argc, argv, &options, &status))
        return status;
    if (options.sign_in) {
        log_open(face.program, options.log);
        log_set_debug(options.debug);
        return sign_in_run(options.confirm_after);
    }
    begin.log = options.log;
    begin.debug = options.debug;
    passed = daemon_begin_passed(&face, &begin);
    plan.watch = watch = config_watch_new_layers(options.config_dir, options.vendor_dir);
    plan.workers = (struct worker_plan){.program = options.worker,
                                        .log = options.log == LOG_TO_STDERR ? "stderr" : "syslog",
                                        .debug = options.debug};
    if (!watch || !prepare(&options, passed, &plan))
        return 1;
    status = server_run(&plan);
    token_withdraw(options.runtime_dir);
    return status;
}
