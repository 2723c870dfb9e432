/* SPDX-License-Identifier: BSD-2-Clause */
/* What a command changed is in the log, too, as sign-ins are. */
#ifndef HELPER_CLI_RECORD_TELL_H
#define HELPER_CLI_RECORD_TELL_H

#include "cli/cli.h"
#include "json/json.h"

/* To syslog, where the record went into this machine's own file; another one is another's log. */
void record_tell(const struct cli *cli, const struct json_document *record);

#endif
