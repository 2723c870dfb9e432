/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk members rebind`: another identity for one member, another issuer for all of one. */
#include <stdio.h>

#include "cli/members/members_work.h"
#include "cli/output.h"

static enum reason make(struct members_work *work, void *context)
{
    size_t *count = context;

    if (work->config->broken)
        return REASON_CONFIG_BROKEN;
    return members_rebind(&work->members, work->config, &work->options->rebind, count);
}

static bool describe(const struct members_work *work, const void *context, struct json_document *record)
{
    const struct members_rebind *rebind = &work->options->rebind;

    return json_add_string(record, "member", rebind->name) &&
           json_add_string(record, "old_issuer", rebind->old_issuer) &&
           json_add_string(record, "issuer", rebind->issuer) &&
           json_add_string(record, "subject", rebind->subject) &&
           json_add_string(record, "connection", rebind->connection) &&
           json_add_integer(record, "count", (int64_t) * (const size_t *)context);
}

int members_rebind_verb(struct members_work *work)
{
    const struct members_options *options = work->options;
    size_t count = 0;
    const struct members_change change = {
        .event = "members_rebind", .make = make, .describe = describe, .context = &count};
    const bool dry_run = options->dry_run || (options->all && !options->yes);
    const enum reason reason = members_change(work, &change, dry_run);
    char shown[300];

    if (reason != REASON_OK)
        return members_refuse(work, reason);
    if (work->cli->json) {
        AUTO_JSON struct json_document *document = json_new();

        return document && json_add_integer(document, "count", (int64_t)count) &&
                       json_add_string(document, "issuer", options->rebind.issuer) &&
                       json_add_boolean(document, "written", !dry_run) && output_json(document)
                   ? 0
                   : EXIT_REFUSED;
    }
    (void)printf("%zu member%s %s to %s%s\n", count, count == 1 ? "" : "s",
                 dry_run ? "would be bound" : "bound",
                 output_text(options->rebind.issuer, shown, sizeof shown),
                 !dry_run       ? ""
                 : options->all ? "; nothing was written: --yes does it"
                                : "; nothing was written: --dry-run");
    return 0;
}
