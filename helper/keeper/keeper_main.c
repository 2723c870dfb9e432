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

static int serve(const struct daemon_options *options, uid_t child_uid, int listening)
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
    status = keeper_serve(keeper, listening);
    keeper_free(keeper);
    return status;
}

int main(int argc, char **argv)
{
    struct daemon_options options;
    struct user_ids keeper, child;
    int status, listening;

    if (!daemon_options_read(argc, argv, &face, &options, &status))
        return status;
    listening = daemon_begin(&face, &options);
    if (!users_find(FD_KEEPER_USER, &keeper) || !users_find(FD_HELPER_USER, &child) ||
        keeper.uid == child.uid) {
        log_line(LOG_ERR, "the users %s and %s are needed: systemd-sysusers makes them", FD_KEEPER_USER,
                 FD_HELPER_USER);
        return 1;
    }
    if (listening < 0)
        listening = daemon_listen(&face, &options);
    if (listening < 0 ||
        (geteuid() == 0 && (!daemon_make_folder(options.state_dir, 0711, &keeper) ||
                            !make_audit_folder(options.audit_file, &keeper))) ||
        !daemon_drop(&face, &keeper))
        return 1;
    return serve(&options, child.uid, listening);
}
