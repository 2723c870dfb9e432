/* SPDX-License-Identifier: BSD-2-Clause */
/* frontdesk-keeper: the keeper as a service. */
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>

#include "daemon.h"
#include "frontdesk/paths.h"
#include "keeper/keeper.h"
#include "sandbox.h"

static const struct daemon_face face = {
    .program = "frontdesk-keeper",
    .summary = "Keeps the members and decides who may enter. Has no network.",
    .user = FD_KEEPER_USER,
    .socket_name = FD_KEEPER_SOCKET_NAME,
    .socket_mode = 0660,
    .socket_group_user = FD_HELPER_USER,
};

/* By root, where no tmpfiles.d did it. The group is inherited by the file, which log readers may read. */
static bool make_audit_folder(const char *file, const struct user_ids *keeper)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(file, '/');
    const struct group *adm = getgrnam("adm");
    const struct user_ids owner = {.uid = keeper->uid, .gid = adm ? adm->gr_gid : keeper->gid};

    if (slash == file || snprintf(folder, sizeof folder, "%.*s", (int)(slash - file), file) >= PATH_MAX)
        return true;
    return daemon_make_folder(folder, 02750, &owner);
}

/* Who runs programs after check-ins, and where it asks for events. */
struct hooks_place {
    struct user_ids user;
    int listening; /* -1: nobody is told */
};

/* Passed by systemd, or made by root beside the other one. A machine without that user has no hooks. */
static void find_hooks(const struct daemon_options *options, struct hooks_place *place)
{
    static const struct daemon_face hooks_face = {.user = FD_KEEPER_USER,
                                                  .socket_name = FD_HOOKS_SOCKET_NAME,
                                                  .socket_mode = 0660,
                                                  .socket_group_user = FD_HOOKS_USER};

    if (!users_find(FD_HOOKS_USER, &place->user)) {
        log_line(LOG_NOTICE, "no user %s: programs after a check-in are not told", FD_HOOKS_USER);
        place->listening = -1;
    } else if (place->listening < 0 && options->listen && geteuid() == 0)
        place->listening = daemon_listen(&hooks_face, options);
}

static int serve(const struct daemon_options *options, uid_t child_uid, int listening,
                 const struct hooks_place *hooks)
{
    const struct keeper_options keeper_options = {.config_dir = options->config_dir,
                                                  .vendor_dir = options->vendor_dir,
                                                  .state_dir = options->state_dir,
                                                  .audit_file = options->audit_file,
                                                  .child_uid = child_uid};
    struct keeper *keeper;
    int status;

    if (!sandbox_has_landlock())
        log_line(LOG_NOTICE, "this kernel has no Landlock: file ownership alone guards the files");
    /* Every file's mode is said in full where it is made. */
    (void)umask(0077);
    if (!sandbox_enter_keeper(options->state_dir, options->audit_file)) {
        log_line(LOG_ERR, "the sandbox around %s could not be closed", options->state_dir);
        return 1;
    }
    keeper = keeper_new(&keeper_options);
    if (!keeper)
        return 1;
    if (hooks->listening >= 0 && !keeper_serve_hooks(keeper, hooks->listening, hooks->user.uid))
        log_line(LOG_ERR, "no memory to serve the socket for hooks");
    status = keeper_serve(keeper, listening);
    keeper_free(keeper);
    return status;
}

int main(int argc, char **argv)
{
    struct daemon_options options;
    struct user_ids keeper, child;
    struct hooks_place hooks = {.listening = -1};
    int status, listening;

    if (!daemon_options_read(argc, argv, &face, &options, &status))
        return status;
    listening = daemon_begin_with(&face, &options, FD_HOOKS_FD_NAME, &hooks.listening);
    if (!users_find(FD_KEEPER_USER, &keeper) || !users_find(FD_HELPER_USER, &child) ||
        keeper.uid == child.uid) {
        log_line(LOG_ERR, "the users %s and %s are needed: systemd-sysusers makes them", FD_KEEPER_USER,
                 FD_HELPER_USER);
        return 1;
    }
    if (listening < 0)
        listening = daemon_listen(&face, &options);
    find_hooks(&options, &hooks);
    if (listening < 0 ||
        (geteuid() == 0 && (!daemon_make_folder(options.state_dir, 0711, &keeper) ||
                            !make_audit_folder(options.audit_file, &keeper))) ||
        !daemon_drop(&face, &keeper))
        return 1;
    return serve(&options, child.uid, listening, &hooks);
}
