/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes of the configuration are recorded where sign-ins are, by the user whom that file belongs to. */
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/audit.h"
#include "cleanup.h"
#include "cli/connection/connection_write.h"
#include "cli/folders.h"
#include "cli/output.h"
#include "cli/record_tell.h"
#include "config/config.h"
#include "frontdesk/paths.h"

static bool append(const struct cli *cli, const struct json_document *record)
{
    struct config *config = config_read_layers(cli->config_dir, cli->vendor_dir);
    const struct audit_file file = {.path = cli->audit_file,
                                    .max_size = config ? config->audit.max_size : 0,
                                    .keep = config ? config->audit.keep : 0};
    AUTO_FREE char *why = NULL;
    const bool appended = audit_append(&file, record, &why);

    config_unref(config);
    if (appended)
        record_tell(cli, record);
    else
        output_error("it was done, but not recorded: %s", why ? why : "no memory");
    return appended;
}

/* Another process becomes the keeper's user: a file that is made is its own, and stays writable for it. */
static bool append_as_keeper(const struct cli *cli, const struct json_document *record)
{
    struct user_ids keeper;
    int status = -1;
    const pid_t pid = fork();

    if (pid == 0) {
        if (users_find(FD_KEEPER_USER, &keeper) && users_become(&keeper))
            _exit(append(cli, record) ? 0 : 1);
        output_error("it was done, but not recorded: cannot become the user " FD_KEEPER_USER);
        _exit(1);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool connection_record(const struct cli *cli, const char *event, const char *name, const char *file)
{
    AUTO_JSON struct json_document *record = NULL;

    if (!cli->audit_file)
        return true;
    record = audit_record(event);
    if (!record || !json_add_string(record, "connection", name) || !json_add_string(record, "file", file) ||
        !json_add_integer(record, "peer_uid", getuid())) {
        output_error("it was done, but not recorded: no memory");
        return false;
    }
    return geteuid() == 0 ? append_as_keeper(cli, record) : append(cli, record);
}
