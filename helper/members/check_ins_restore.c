/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers only grow, so a store that gave more of them, and calls nothing else by one of the backup's, is
 * later. */
#include "members/check_ins_restore.h"

#include <string.h>

#include "members/store_check_ins.h"
#include "members/store_events.h"
#include "members/store_internal.h"

struct carrying {
    struct store *live, *restored;
    bool is_later, failed;
};

static bool compare_row(void *context, const struct check_in *check_in)
{
    struct carrying *carrying = context;
    struct check_in same = {0};
    const enum store_result result = store_check_in_by_id(carrying->live, check_in->id, &same);

    if (result == STORE_OK)
        carrying->is_later = same.member == check_in->member && same.in_at == check_in->in_at &&
                             strcmp(same.location, check_in->location) == 0;
    carrying->failed = result == STORE_FAILED;
    check_in_clear(&same);
    return carrying->is_later && !carrying->failed;
}

static bool carry_check_in(void *context, const struct check_in *check_in)
{
    struct carrying *carrying = context;

    carrying->failed = store_check_in_put(carrying->restored, check_in) != STORE_OK;
    return !carrying->failed;
}

static bool carry_event(void *context, const struct hook_event *event)
{
    struct carrying *carrying = context;

    carrying->failed = store_event_put(carrying->restored, event) != STORE_OK;
    return !carrying->failed;
}

bool check_ins_carry_over(struct store *live, struct store *restored)
{
    static const struct check_in_filter all = {0};
    struct carrying carrying = {.live = live, .restored = restored};
    int64_t now, then;

    if (store_numbers_given(live, &now) != STORE_OK || store_numbers_given(restored, &then) != STORE_OK)
        return false;
    carrying.is_later = now >= then;
    if (carrying.is_later &&
        (store_each_check_in(restored, &all, compare_row, &carrying) != STORE_OK || carrying.failed))
        return false;
    if (!carrying.is_later)
        return store_raise_numbers(restored, now) == STORE_OK;
    return store_check_ins_empty(restored) == STORE_OK &&
           store_each_check_in(live, &all, carry_check_in, &carrying) == STORE_OK && !carrying.failed &&
           store_each_event(live, carry_event, &carrying) == STORE_OK && !carrying.failed &&
           store_raise_numbers(restored, now) == STORE_OK;
}
