/* SPDX-License-Identifier: BSD-2-Clause */
/* Arithmetic of polling. */
#include "oidc/poll_pace.h"

#include "oidc/device_grant.h"

#define MS_PER_S 1000

static long at_most_max(int64_t seconds)
{
    return seconds < DEVICE_INTERVAL_MAX_S ? (long)seconds : DEVICE_INTERVAL_MAX_S;
}

void poll_pace_pending(struct poll_pace *pace)
{
    pace->failures = 0;
    pace->retry_after_s = 0;
}

void poll_pace_slow_down(struct poll_pace *pace, int64_t named_interval_s)
{
    const long stepped = pace->interval_s + SLOW_DOWN_STEP_S;

    pace->interval_s = at_most_max(named_interval_s > stepped ? named_interval_s : stepped);
    poll_pace_pending(pace);
}

void poll_pace_failed(struct poll_pace *pace, long retry_after_s)
{
    pace->failures++;
    poll_pace_retry_after(pace, retry_after_s);
}

void poll_pace_retry_after(struct poll_pace *pace, long retry_after_s)
{
    pace->retry_after_s = retry_after_s > 0 ? at_most_max(retry_after_s) : 0;
}

int64_t poll_pace_wait_ms(const struct poll_pace *pace, int64_t left_ms)
{
    const int64_t interval_ms = (int64_t)pace->interval_s * MS_PER_S;
    long wait_s = pace->interval_s;

    for (unsigned i = 0; i < pace->failures && wait_s < DEVICE_INTERVAL_MAX_S; i++)
        wait_s = at_most_max((int64_t)wait_s * 2);
    if (wait_s < pace->retry_after_s)
        wait_s = pace->retry_after_s;
    if ((int64_t)wait_s * MS_PER_S < left_ms)
        return (int64_t)wait_s * MS_PER_S;
    return left_ms / 2 > interval_ms ? left_ms / 2 : interval_ms;
}
