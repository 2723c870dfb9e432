/* SPDX-License-Identifier: BSD-2-Clause */
/* See record_tell.h. */
#include "cli/record_tell.h"

#include <string.h>
#include <syslog.h>

#include "audit/audit.h"
#include "cleanup.h"
#include "frontdesk/paths.h"
#include "log.h"

void record_tell(const struct cli *cli, const struct json_document *record)
{
    AUTO_FREE char *line = NULL;

    if (!cli->audit_file || strcmp(cli->audit_file, FD_AUDIT_PATH) != 0)
        return;
    line = audit_line(record);
    if (line)
        log_to_syslog(LOG_NOTICE, line);
}
