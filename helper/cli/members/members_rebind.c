/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk members rebind`: another identity for one member, another issuer for all of one. */
#include <stdio.h>

#include "cli/members/members_work.h"
#include "cli/output.h"

struct rebinding {
    size_t count;
    struct member before; /* of one member: the identity that it had */
};

static enum reason make(struct members_work *work, void *context)
{
    const struct members_rebind *rebind = &work->options->rebind;
    struct rebinding *rebinding = context;

    if (work->config->broken)
        return REASON_CONFIG_BROKEN;
    member_clear(&rebinding->before);
    if (rebind->name && store_by_name(work->members.store, rebind->name, &rebinding->before) == STORE_FAILED)
        return REASON_STORE_FAILED;
    return members_rebind(&work->members, work->config, rebind, &rebinding->count);
}

static bool describe(const struct members_work *work, const void *context, struct json_document *record)
{
    const struct members_rebind *rebind = &work->options->rebind;
    const struct rebinding *rebinding = context;
    const struct member *before = &rebinding->before;

    return json_add_string(record, "member", rebind->name) &&
           json_add_string(record, "old_issuer", rebind->name ? before->issuer : rebind->old_issuer) &&
           json_add_string(record, "old_subject", before->subject) &&
           json_add_string(record, "issuer", rebind->issuer) &&
           json_add_string(record, "subject", rebind->subject) &&
           json_add_string(record, "connection", rebind->connection) &&
           json_add_integer(record, "count", (int64_t)rebinding->count);
}

int members_rebind_verb(struct members_work *work)
{
    const struct members_options *options = work->options;
    struct rebinding rebinding = {0};
    const struct members_change change = {
        .event = "members_rebind", .make = make, .describe = describe, .context = &rebinding};
    const bool dry_run = options->dry_run || (options->all && !options->yes);
    const enum reason reason = members_change(work, &change, dry_run);
    const size_t count = rebinding.count;
    char shown[300];

    member_clear(&rebinding.before);
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
