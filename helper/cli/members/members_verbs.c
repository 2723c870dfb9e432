/* SPDX-License-Identifier: BSD-2-Clause */
/* Verbs of `frontdesk members` that are about one member, and the two that only look. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/members/member_output.h"
#include "cli/members/members_work.h"
#include "cli/output.h"

const char *members_words_for(enum reason reason)
{
    static const struct {
        enum reason reason;
        const char *words;
    } known[] = {
        {REASON_NAME_INVALID, "this cannot be a member's name ([a-z_][a-z0-9._-]*, at most 31, no dot last)"},
        {REASON_NAME_RESERVED, "this name is reserved for the system"},
        {REASON_NAME_TAKEN,
         "this name, id or identity is taken: by a member, a removed member, or a local user or group"},
        {REASON_RANGE_FULL, "every id of uid_range was given already, or this one is not in it"},
        {REASON_NOT_A_MEMBER, "there is no such member"},
        {REASON_MEMBER_REMOVED, "this member was removed"},
        {REASON_MEMBER_DISABLED, "this member is disabled"},
        {REASON_ALREADY_CHECKED_IN, "this member is checked in there already"},
        {REASON_NOT_CHECKED_IN, "nobody is checked in there"},
        {REASON_INVITED_NOT_BOUND, "this invitation has no subject yet: name one with --subject"},
        {REASON_CONNECTION_UNKNOWN,
         "there is no such connection, or its file is broken (see `frontdesk check`)"},
        {REASON_CLAIMS_MALFORMED, "the e-mail or the full name cannot be used"},
        {REASON_CLAIM_ISS, "this cannot be an issuer: https://... is one"},
        {REASON_CLAIM_SUB, "this cannot be a subject, or there is none"},
        {REASON_CONFIG_BROKEN, "the configuration is broken (see `frontdesk check`)"},
        {REASON_STORE_FAILED, "the members' store cannot be used"},
        {REASON_STORE_CORRUPT,
         "the members' store is damaged: `frontdesk members restore FILE` puts a backup back"},
        {REASON_PUBLISH_FAILED, "written, but the index for the system could not be published"},
        {REASON_AUDIT_FAILED, "nothing was changed, because it could not be recorded"},
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].reason == reason)
            return known[i].words;
    return "it could not be done";
}

int members_tell_refusal(const char *about, enum reason reason, const char *why)
{
    char shown[64];

    output_error("%s: %s (%s)%s%s", output_text(about, shown, sizeof shown), members_words_for(reason),
                 reason_code(reason), why[0] ? ": " : "", why);
    return EXIT_REFUSED;
}

int members_refuse(const struct members_work *work, enum reason reason)
{
    const char *name = work->options->name;

    return members_tell_refusal(name ? name : "members", reason, work->members.why);
}

static bool list_row(void *context, const struct member *member)
{
    const struct members_work *work = context;

    if (member->state == MEMBER_REMOVED && !work->options->all)
        return true;
    return work->cli->json ? member_print_json(member) : member_print_row(member);
}

int members_list_verb(struct members_work *work)
{
    if (!work->cli->json)
        member_print_header();
    return store_each(work->members.store, list_row, work) == STORE_OK
               ? 0
               : members_refuse(work, REASON_STORE_FAILED);
}

int members_show_verb(struct members_work *work)
{
    struct member member = {0};
    const enum store_result found = store_by_name(work->members.store, work->options->name, &member);
    bool printed;

    if (found != STORE_OK)
        return members_refuse(work, found == STORE_NONE ? REASON_NOT_A_MEMBER : REASON_STORE_FAILED);
    printed = work->cli->json ? member_print_json(&member) : member_print_details(&member);
    member_clear(&member);
    return printed ? 0 : EXIT_REFUSED;
}

/* A change of one member: what is done, and who it was done to. */
struct one {
    enum reason (*make)(struct members_work *work, struct member *ret_member);
    struct member member;
};

static enum reason make_one(struct members_work *work, void *context)
{
    struct one *one = context;

    member_clear(&one->member);
    one->member = (struct member){0};
    return one->make(work, &one->member);
}

static bool describe_one(const struct members_work *work, const void *context, struct json_document *record)
{
    const struct members_options *options = work->options;
    const struct one *one = context;

    if (!json_add_string(record, "member", options->name) ||
        !json_add_integer(record, "uid", one->member.id) ||
        (options->other && !json_add_string(record, "new_name", options->other)) ||
        (options->free_name && !json_add_boolean(record, "free_name", true)) ||
        (options->erase && !json_add_boolean(record, "erase", true)))
        return false;
    return !options->invitation.email ||
           (json_add_string(record, "email", options->invitation.email) &&
            json_add_string(record, "connection", options->invitation.connection));
}

static int change_one(struct members_work *work, const char *event,
                      enum reason (*make)(struct members_work *work, struct member *ret_member),
                      const char *done)
{
    struct one one = {.make = make};
    const struct members_change change = {
        .event = event, .make = make_one, .describe = describe_one, .context = &one};
    const bool dry_run = work->options->dry_run;
    const enum reason reason = members_change(work, &change, dry_run);
    int status = 0;

    if (reason != REASON_OK)
        status = members_refuse(work, reason);
    else if (work->cli->json)
        status = member_print_json(&one.member) ? 0 : EXIT_REFUSED;
    else
        (void)printf("%s (uid %u) %s%s; the home is %s\n", one.member.name, one.member.id, done,
                     dry_run ? " (nothing was written: --dry-run)" : "",
                     one.member.home ? one.member.home : "none");
    member_clear(&one.member);
    return status;
}

static enum reason invite(struct members_work *work, struct member *ret_member)
{
    if (work->config->broken)
        return REASON_CONFIG_BROKEN;
    return members_invite(&work->members, work->config, &work->options->invitation, ret_member);
}

int members_invite_verb(struct members_work *work)
{
    return change_one(work, "members_invite", invite,
                      "is invited: the first sign-in with that verified e-mail takes the name");
}

static enum reason disable(struct members_work *work, struct member *ret_member)
{
    return members_set_state(&work->members, work->options->name, MEMBER_DISABLED, ret_member);
}

int members_disable_verb(struct members_work *work)
{
    return change_one(work, "members_disable", disable,
                      "is disabled: no sign-in, by key neither; sessions that run go on");
}

static enum reason enable(struct members_work *work, struct member *ret_member)
{
    return members_set_state(&work->members, work->options->name, MEMBER_ACTIVE, ret_member);
}

int members_enable_verb(struct members_work *work)
{
    return change_one(work, "members_enable", enable, "is enabled");
}

static enum reason remove_member(struct members_work *work, struct member *ret_member)
{
    const struct members_options *options = work->options;

    return members_remove(&work->members, options->name, options->free_name, options->erase, ret_member);
}

int members_remove_verb(struct members_work *work)
{
    return change_one(work, "members_remove", remove_member,
                      work->options->free_name
                          ? "is removed; the id stays taken, and the home where it is"
                          : "is removed; id and name stay taken, and the home where it is");
}

static enum reason rename_member(struct members_work *work, struct member *ret_member)
{
    const struct members_options *options = work->options;

    return members_rename(&work->members, options->name, options->other, options->free_name, ret_member);
}

int members_rename_verb(struct members_work *work)
{
    return change_one(work, "members_rename", rename_member,
                      "is the name from now on; move what is in the old home yourself");
}
