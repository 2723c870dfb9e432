/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A user's bucket is one of user and asker together: or a stranger who names somebody, over and over, would
 * shut that person out everywhere. Whoever sits at a console, and a service that says nothing of who asks,
 * have no bucket of their own: there is no name to put on it.
 */
#include "keeper/start_limits.h"

#include <stdio.h>
#include <string.h>

#define WANTS_MAX 3

struct wants {
    struct token_want list[WANTS_MAX];
    enum reason refusals[WANTS_MAX];
    size_t count;
};

/* Names of different buckets differ: the length of the user's says where the asker's begins. */
static void want(struct wants *wants, enum reason refusal, const struct asker *asker, const char *user)
{
    struct token_want *one = &wants->list[wants->count];

    wants->refusals[wants->count++] = refusal;
    (void)snprintf(one->name, sizeof one->name, "%d %d %zu %s %s", (int)refusal, (int)asker->kind,
                   strlen(user), user, asker->name);
}

static void set_rate(struct wants *wants, uint32_t per_minute, uint32_t burst)
{
    wants->list[wants->count - 1].per_minute = per_minute;
    wants->list[wants->count - 1].burst = burst;
}

static void want_for_user(struct wants *wants, const struct limits_settings *limits,
                          const struct sign_in *sign_in)
{
    const enum asker_kind kind = sign_in->asker.kind;

    if ((kind != ASKER_REMOTE && kind != ASKER_LOCAL_USER) || sign_in->login.user[0] == '\0')
        return;
    want(wants, REASON_TOO_OFTEN_FOR_USER, &sign_in->asker, sign_in->login.user);
    set_rate(wants, limits->starts_per_minute_per_user, limits->starts_burst_per_user);
}

static void want_for_asker(struct wants *wants, const struct limits_settings *limits,
                           const struct asker *asker)
{
    if (asker->kind == ASKER_REMOTE) {
        want(wants, REASON_TOO_OFTEN_FOR_HOST, asker, "");
        set_rate(wants, limits->starts_per_minute_per_host, limits->starts_burst_per_host);
    } else if (asker->kind == ASKER_LOCAL_USER || asker->kind == ASKER_UNPRIVILEGED) {
        want(wants, REASON_TOO_OFTEN_FOR_PEER, asker, "");
        set_rate(wants, limits->starts_per_minute_per_peer, limits->starts_burst_per_peer);
    }
}

static void want_of_all(struct wants *wants, const struct limits_settings *limits, enum asker_kind kind)
{
    const struct asker all = {.kind = kind};

    want(wants, REASON_TOO_OFTEN, &all, "");
    set_rate(wants, limits->starts_per_minute, limits->starts_burst);
}

/* As many as all others together: they cost this machine alone, and a locker asks once for each unlocking. */
static void want_for_later_phase(struct wants *wants, const struct limits_settings *limits,
                                 const struct asker *asker)
{
    if (asker->kind != ASKER_UNPRIVILEGED)
        return;
    want(wants, REASON_TOO_OFTEN_FOR_PEER, asker, "later");
    set_rate(wants, limits->starts_per_minute, limits->starts_burst);
}

enum reason start_limits_take(struct keeper *keeper, const struct sign_in *sign_in)
{
    const struct limits_settings *limits = &sign_in->config->limits;
    struct wants wants = {.count = 0};
    size_t taken;

    if (sign_in->login.phase == PHASE_AUTH) {
        want_for_user(&wants, limits, sign_in);
        want_for_asker(&wants, limits, &sign_in->asker);
        want_of_all(&wants, limits, sign_in->asker.kind);
    } else {
        want_for_later_phase(&wants, limits, &sign_in->asker);
    }
    taken = token_buckets_take(keeper->starts, wants.list, wants.count, boottime_ms());
    return taken == wants.count ? REASON_OK : wants.refusals[taken];
}
