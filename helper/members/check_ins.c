/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is in, who is out, and since when: see check_ins.h. */
#include "members/check_ins.h"

#include <string.h>

#include "cleanup.h"
#include "members/check_in_event.h"
#include "members/members_internal.h"
#include "members/store_events.h"

const char *check_in_outcome_name(enum check_in_outcome outcome)
{
    switch (outcome) {
    case CHECKED_IN:
        return "in";
    case CHECKED_OUT:
        return "out";
    case CHECK_IN_ALREADY:
        break;
    }
    return "already";
}

const char *check_in_location(const struct config *config)
{
    return config->machine.location ? config->machine.location : "";
}

static enum reason of_result(const struct check_ins *check_ins, enum store_result result)
{
    return result == STORE_OK ? REASON_OK : members_store_failed(check_ins->members);
}

/* No publication: nothing of this is in the index. */
static enum reason finish(const struct check_ins *check_ins, enum reason reason)
{
    struct store *store = check_ins->members->store;

    if (reason == REASON_OK && !check_ins->members->dry_run)
        return of_result(check_ins, store_commit(store));
    store_rollback(store);
    return reason;
}

static enum reason begin(const struct check_ins *check_ins, const struct member *member, const char *location,
                         enum check_in_how how, struct check_in *ret_check_in)
{
    struct check_in check_in = {.member = member->id, .in_at = check_ins->now, .how_in = how};
    enum reason reason;

    check_in.location = strdup(location);
    if (!check_in.location)
        return REASON_INTERNAL;
    reason = of_result(check_ins, store_check_in_begin(check_ins->members->store, &check_in));
    if (reason == REASON_OK)
        reason = check_in_event_add(check_ins, member, &check_in);
    *ret_check_in = check_in;
    return reason;
}

/* The open one ends, in the store and in *check_in. */
static enum reason end(const struct check_ins *check_ins, const struct member *member,
                       struct check_in *check_in, int64_t out_at, enum check_in_how how)
{
    const enum store_result result = store_check_in_end(check_ins->members->store, check_in->id, out_at, how);

    if (result != STORE_OK)
        return of_result(check_ins, result);
    check_in->is_open = false;
    check_in->out_at = out_at > check_in->in_at ? out_at : check_in->in_at;
    check_in->how_out = how;
    return check_in_event_add(check_ins, member, check_in);
}

static enum reason tell(const struct check_ins *check_ins, const struct member *member,
                        const struct check_in *check_in)
{
    return !check_ins->told || check_ins->told(check_ins->context, member, check_in) ? REASON_OK
                                                                                     : REASON_AUDIT_FAILED;
}

static enum reason tell_scanned(const struct check_ins *check_ins, enum check_in_outcome outcome,
                                const struct check_in *check_in)
{
    return !check_ins->scanned || check_ins->scanned(check_ins->context, outcome, check_in)
               ? REASON_OK
               : REASON_AUDIT_FAILED;
}

static enum reason end_by(const struct check_ins *check_ins, struct check_in *check_in, int64_t out_at,
                          enum check_in_how how)
{
    struct member member = {0};
    enum reason reason =
        of_result(check_ins, store_by_id(check_ins->members->store, check_in->member, &member));

    if (reason == REASON_OK)
        reason = end(check_ins, &member, check_in, out_at, how);
    if (reason == REASON_OK)
        reason = tell(check_ins, &member, check_in);
    member_clear(&member);
    return reason;
}

static enum reason end_what_is_due(const struct check_ins *check_ins)
{
    const int64_t limit = check_ins->config->kiosk.check_in_limit;
    enum reason reason = REASON_OK;

    while (reason == REASON_OK) {
        struct check_in check_in = {0};
        const enum store_result result =
            store_check_in_open_before(check_ins->members->store, check_ins->now - limit + 1, &check_in);

        if (result == STORE_NONE)
            return REASON_OK;
        reason = of_result(check_ins, result);
        if (reason == REASON_OK)
            reason = end_by(check_ins, &check_in, check_in.in_at + limit, CHECK_IN_LIMIT);
        check_in_clear(&check_in);
    }
    return reason;
}

static enum reason settle(const struct check_ins *check_ins)
{
    const int64_t before = check_ins->now - check_ins->config->kiosk.keep_check_ins;
    struct store *store = check_ins->members->store;
    const enum reason reason = end_what_is_due(check_ins);

    if (reason != REASON_OK)
        return reason;
    if (store_check_ins_forget(store, before) != STORE_OK || store_events_forget(store, before) != STORE_OK)
        return members_store_failed(check_ins->members);
    return REASON_OK;
}

enum reason check_ins_settle(const struct check_ins *check_ins)
{
    const struct kiosk_settings *kiosk = &check_ins->config->kiosk;
    struct store *store = check_ins->members->store;
    bool is_due = false;

    /* Looked at first: nobody waits for the write lock each minute for nothing. */
    if (store_check_ins_due(store, check_ins->now - kiosk->check_in_limit + 1,
                            check_ins->now - kiosk->keep_check_ins, &is_due) != STORE_OK)
        return members_store_failed(check_ins->members);
    if (!is_due)
        return REASON_OK;
    if (store_begin(store) != STORE_OK)
        return members_store_failed(check_ins->members);
    return finish(check_ins, settle(check_ins));
}

/* A clock that was set back by more makes it long ago, not just now. */
static bool was_just_now(int64_t in_at, int64_t now)
{
    return in_at - now < CHECK_IN_ALREADY_S && now - in_at < CHECK_IN_ALREADY_S;
}

static enum reason scan(const struct check_ins *check_ins, const struct member *member,
                        enum check_in_outcome *ret_outcome, struct check_in *ret_check_in)
{
    const char *location = check_in_location(check_ins->config);
    const enum store_result found =
        store_check_in_find(check_ins->members->store, member->id, location, ret_check_in);

    if (found == STORE_NONE) {
        *ret_outcome = CHECKED_IN;
        return begin(check_ins, member, location, CHECK_IN_KIOSK, ret_check_in);
    }
    if (found != STORE_OK)
        return members_store_failed(check_ins->members);
    if (was_just_now(ret_check_in->in_at, check_ins->now)) {
        *ret_outcome = CHECK_IN_ALREADY;
        return REASON_OK;
    }
    *ret_outcome = CHECKED_OUT;
    return end(check_ins, member, ret_check_in, check_ins->now, CHECK_IN_KIOSK);
}

enum reason check_ins_scan(const struct check_ins *check_ins, const struct member *member,
                           enum check_in_outcome *ret_outcome, struct check_in *ret_check_in)
{
    enum reason reason;

    *ret_check_in = (struct check_in){0};
    if (store_begin(check_ins->members->store) != STORE_OK)
        return members_store_failed(check_ins->members);
    reason = settle(check_ins);
    if (reason == REASON_OK)
        reason = scan(check_ins, member, ret_outcome, ret_check_in);
    if (reason == REASON_OK)
        reason = tell_scanned(check_ins, *ret_outcome, ret_check_in);
    return finish(check_ins, reason);
}

static enum reason judge_member(const struct member *member)
{
    switch (member->state) {
    case MEMBER_ACTIVE:
    case MEMBER_INVITED:
        return REASON_OK;
    case MEMBER_DISABLED:
        return REASON_MEMBER_DISABLED;
    case MEMBER_REMOVED:
        break;
    }
    return REASON_MEMBER_REMOVED;
}

static enum reason add(const struct check_ins *check_ins, const char *name, const char *location,
                       struct check_in *ret_check_in)
{
    struct store *store = check_ins->members->store;
    struct member member = {0};
    enum reason reason = members_find(check_ins->members, name, &member);

    if (reason == REASON_OK)
        reason = judge_member(&member);
    if (reason == REASON_OK) {
        const enum store_result found = store_check_in_find(store, member.id, location, ret_check_in);

        if (found == STORE_OK)
            reason = REASON_ALREADY_CHECKED_IN;
        else
            reason = found == STORE_NONE ? begin(check_ins, &member, location, CHECK_IN_DESK, ret_check_in)
                                         : members_store_failed(check_ins->members);
    }
    if (reason == REASON_OK)
        reason = tell(check_ins, &member, ret_check_in);
    member_clear(&member);
    return reason;
}

enum reason check_ins_add(const struct check_ins *check_ins, const char *name, const char *location,
                          struct check_in *ret_check_in)
{
    enum reason reason;

    *ret_check_in = (struct check_in){0};
    if (store_begin(check_ins->members->store) != STORE_OK)
        return members_store_failed(check_ins->members);
    reason = settle(check_ins);
    if (reason == REASON_OK)
        reason = add(check_ins, name, location, ret_check_in);
    return finish(check_ins, reason);
}

struct closing {
    const struct check_ins *check_ins;
    enum reason reason;
    unsigned count;
};

static bool close_row(void *context, const struct check_in *check_in)
{
    struct closing *closing = context;
    struct check_in copy = *check_in;

    closing->reason = end_by(closing->check_ins, &copy, closing->check_ins->now, CHECK_IN_DESK);
    closing->count += closing->reason == REASON_OK;
    return closing->reason == REASON_OK;
}

static enum reason close_open(const struct check_ins *check_ins, const char *name, const char *location)
{
    struct closing closing = {.check_ins = check_ins};
    struct check_in_filter filter = {.only_open = true, .location = location};
    struct member member = {0};
    enum reason reason = name ? members_find(check_ins->members, name, &member) : REASON_OK;

    filter.member = member.id;
    member_clear(&member);
    if (reason != REASON_OK)
        return reason;
    closing.reason = REASON_OK;
    if (store_each_check_in(check_ins->members->store, &filter, close_row, &closing) != STORE_OK)
        return members_store_failed(check_ins->members);
    return closing.reason == REASON_OK && closing.count == 0 ? REASON_NOT_CHECKED_IN : closing.reason;
}

enum reason check_ins_close(const struct check_ins *check_ins, const char *name, const char *location)
{
    enum reason reason;

    if (store_begin(check_ins->members->store) != STORE_OK)
        return members_store_failed(check_ins->members);
    reason = settle(check_ins);
    if (reason == REASON_OK)
        reason = close_open(check_ins, name, location);
    return finish(check_ins, reason);
}
