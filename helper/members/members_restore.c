/* SPDX-License-Identifier: BSD-2-Clause */
/* See members_restore.h. What is carried over is read row by row: a damaged store may have many sound ones.
 */
#include "members/members_restore.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "members/check_ins_restore.h"
#include "members/index_records.h"
#include "members/members_internal.h"
#include "members/publish.h"

struct carrying {
    struct store *to;
    struct members_restoration *restoration;
    bool failed;
};

static enum reason refuse(struct members *members, const char *why)
{
    (void)snprintf(members->why, sizeof members->why, "%s", why ? why : "out of memory");
    return REASON_STORE_FAILED;
}

/* STORE_FAILED counts as taken: then nothing is restored anyway. */
static bool name_is_taken(struct carrying *carrying, const char *name)
{
    struct member other = {0};
    uint32_t holder;
    enum store_result result = store_by_name(carrying->to, name, &other);

    member_clear(&other);
    if (result == STORE_NONE)
        result = store_former_holder(carrying->to, name, &holder);
    carrying->failed = carrying->failed || result == STORE_FAILED;
    return result != STORE_NONE;
}

static bool identity_is_taken(struct carrying *carrying, const struct member *member)
{
    struct member other = {0};
    const enum store_result result = store_by_identity(carrying->to, member->issuer, member->subject, &other);

    member_clear(&other);
    carrying->failed = carrying->failed || result == STORE_FAILED;
    return result != STORE_NONE;
}

/* Who cannot keep the name, because the backup has another one of it, keeps the id alone. */
static void carry_member(struct carrying *carrying, const struct member *member)
{
    struct member copy = *member;

    if (copy.state != MEMBER_REMOVED)
        copy.state = MEMBER_DISABLED;
    if (copy.issuer && identity_is_taken(carrying, &copy))
        copy.issuer = copy.subject = NULL;
    if (name_is_taken(carrying, copy.name)) {
        (void)snprintf(copy.name, sizeof copy.name, "#%u", (unsigned)copy.id);
        copy.state = MEMBER_REMOVED;
    }
    carrying->failed = carrying->failed || store_insert(carrying->to, &copy) != STORE_OK;
    carrying->restoration->kept += copy.state == MEMBER_DISABLED;
}

static void carry_name(struct carrying *carrying, const char *name, uint32_t id)
{
    if (name[0] != '#' && !name_is_taken(carrying, name))
        carrying->failed = carrying->failed || store_add_former_name(carrying->to, id, name) != STORE_OK;
}

/* Who is not told of all of them cannot shut them out anew: without memory for that, nothing is restored. */
static void note(struct carrying *carrying, const char *name, unsigned *count, char **names)
{
    char *longer = NULL;

    if (asprintf(&longer, "%s%s%s", *names ? *names : "", *names ? " " : "", name) < 0) {
        carrying->failed = true;
        return;
    }
    free(*names);
    *names = longer;
    ++*count;
}

static bool is_of(const struct member *member, const char *issuer, const char *subject)
{
    return member->issuer && strcmp(member->issuer, issuer) == 0 && strcmp(member->subject, subject) == 0;
}

static void note_undone(struct carrying *carrying, const struct member *was, const struct member *is)
{
    struct members_restoration *restoration = carrying->restoration;

    if (is->state != MEMBER_ACTIVE && is->state != MEMBER_INVITED)
        return;
    if (was->state == MEMBER_DISABLED || was->state == MEMBER_REMOVED)
        note(carrying, is->name, &restoration->reopened, &restoration->reopened_names);
    if (was->issuer && !is_of(is, was->issuer, was->subject))
        note(carrying, is->name, &restoration->rebound, &restoration->rebound_names);
}

static bool carry_row(void *context, const struct member *member)
{
    struct carrying *carrying = context;
    struct member same = {0};
    const enum store_result result = store_by_id(carrying->to, member->id, &same);

    if (result == STORE_NONE)
        carry_member(carrying, member);
    else if (result == STORE_OK)
        note_undone(carrying, member, &same);
    else
        carrying->failed = true;
    member_clear(&same);
    return !carrying->failed;
}

/* Behind all rows, so that who has a name has it, and not who once had it. */
static bool carry_row_name(void *context, const struct member *member)
{
    struct carrying *carrying = context;

    carry_name(carrying, member->name, member->id);
    return !carrying->failed;
}

static bool carry_former_name(void *context, uint32_t id, const char *name)
{
    struct carrying *carrying = context;

    carry_name(carrying, name, id);
    return !carrying->failed;
}

static bool carry_record(void *context, const struct member *member)
{
    struct carrying *carrying = context;
    struct member same = {0};
    const enum store_result result = store_by_id(carrying->to, member->id, &same);

    member_clear(&same);
    if (result == STORE_OK)
        carry_name(carrying, member->name, member->id);
    else if (result == STORE_NONE)
        carry_member(carrying, member);
    else
        carrying->failed = true;
    return !carrying->failed;
}

/* Of a damaged store what can be read is enough; of one that is whole it has to be all. */
static bool carry_over(struct members *members, struct store *live, struct carrying *carrying)
{
    bool is_whole = live != NULL;

    if (live) {
        is_whole = store_each_sound(live, carry_row, carrying) == STORE_OK;
        is_whole = store_each_sound(live, carry_row_name, carrying) == STORE_OK && is_whole;
        is_whole = store_each_former_name(live, carry_former_name, carrying) == STORE_OK && is_whole;
    }
    index_each_record(members->state_dir, carry_record, carrying);
    return !carrying->failed && (is_whole || !carrying->restoration->live_was_readable);
}

static bool raise_generation(struct members *members, struct store *restored)
{
    uint64_t generation = 0, live = 0, published = 0;

    if (store_generation(restored, &generation) != STORE_OK)
        return false;
    if (members->store && store_generation(members->store, &live) == STORE_OK && live > generation)
        generation = live;
    if (publish_index_generation(members->state_dir, &published) && published > generation)
        generation = published;
    return generation < INT64_MAX && store_set_generation(restored, generation + 1) == STORE_OK;
}

static bool count_row(void *context, const struct member *member)
{
    *(unsigned *)context += member->state != MEMBER_REMOVED;
    return true;
}

static bool fill(struct members *members, struct store *live, struct store *restored,
                 struct members_restoration *restoration)
{
    struct carrying carrying = {.to = restored, .restoration = restoration};

    return store_begin(restored) == STORE_OK && carry_over(members, live, &carrying) &&
           (!restoration->live_was_readable || check_ins_carry_over(live, restored)) &&
           raise_generation(members, restored) && store_commit(restored) == STORE_OK &&
           store_verify(restored) == STORE_OK &&
           store_each(restored, count_row, &restoration->members) == STORE_OK;
}

static enum reason restore(struct members *members, struct store *live, const unsigned char *bytes,
                           size_t size, struct members_restoration *restoration)
{
    AUTO_FREE char *why = NULL;
    struct store *restored = store_restore_begin(members->state_dir, bytes, size, &why);

    if (!restored)
        return refuse(members, why);
    if (!fill(members, live, restored, restoration)) {
        const char *words = store_error(restored);
        const enum reason reason =
            refuse(members, words[0] ? words : "what was given since cannot be carried over");

        store_restore_abandon(restored);
        return reason;
    }
    if (members->dry_run) {
        store_restore_abandon(restored);
        return REASON_OK;
    }
    return store_restore_finish(restored, restoration->kept_file, &why) ? REASON_OK : refuse(members, why);
}

enum reason members_restore(struct members *members, const unsigned char *bytes, size_t size,
                            struct members_restoration *ret_restoration)
{
    struct store *live;
    enum reason reason;

    *ret_restoration = (struct members_restoration){0};
    ret_restoration->live_was_readable = store_begin(members->store) == STORE_OK;
    if (!ret_restoration->live_was_readable && !store_is_damaged(members->store))
        return members_store_failed(members);
    /* Under the live store's write lock: this process's own, or where it is damaged the salvage's. */
    live = store_salvage(members->state_dir, !ret_restoration->live_was_readable);
    reason = restore(members, live, bytes, size, ret_restoration);
    store_close(live);
    store_rollback(members->store);
    if (reason != REASON_OK || members->dry_run)
        return reason;
    return members_publish_if_stale(members);
}

void members_restoration_clear(struct members_restoration *restoration)
{
    free(restoration->reopened_names);
    free(restoration->rebound_names);
    *restoration = (struct members_restoration){0};
}
