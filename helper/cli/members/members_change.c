/* SPDX-License-Identifier: BSD-2-Clause */
/* Changes by an administrator are recorded like sign-ins: by whom, of whom, and what came of it. */
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "cleanup.h"
#include "cli/members/members_work.h"
#include "cli/record_tell.h"

static bool append(const struct members_work *work, const struct json_document *document, char **ret_why)
{
    const struct audit_settings *settings = &work->config->audit;
    const struct audit_file file = {
        .path = work->cli->audit_file, .max_size = settings->max_size, .keep = settings->keep};

    if (!audit_append(&file, document, ret_why))
        return false;
    record_tell(work->cli, document);
    return true;
}

static bool record(struct members_work *work, const struct members_change *change, enum reason reason)
{
    AUTO_JSON struct json_document *document = NULL;
    AUTO_FREE char *why = NULL;

    if (!work->cli->audit_file)
        return true;
    document = audit_record(change->event);
    if (document && json_add_string(document, "reason", reason_code(reason)) &&
        change->describe(work, change->context, document) &&
        json_add_integer(document, "peer_uid", work->uid) &&
        (work->login_uid == (uid_t)-1 || json_add_integer(document, "login_uid", work->login_uid)) &&
        append(work, document, &why))
        return true;
    (void)snprintf(work->members.why, sizeof work->members.why, "%s", why ? why : "out of memory");
    return false;
}

enum reason members_change(struct members_work *work, const struct members_change *change, bool dry_run)
{
    enum reason reason;

    work->members.dry_run = true;
    reason = change->make(work, change->context);
    work->members.dry_run = false;
    if (reason != REASON_OK || dry_run)
        return reason;
    if (!record(work, change, REASON_OK))
        return REASON_AUDIT_FAILED;
    reason = change->make(work, change->context);
    if (reason != REASON_OK)
        (void)record(work, change, reason);
    return reason;
}
