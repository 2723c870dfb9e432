/* SPDX-License-Identifier: BSD-2-Clause */
/* Milliseconds since boot, and whether the time of day can be right. */
#include "clock.h"

#include <time.h>

#define MS_PER_S  1000
#define NS_PER_MS 1000000

int64_t boottime_ms(void)
{
    struct timespec now = {0};

    (void)clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * MS_PER_S + now.tv_nsec / NS_PER_MS;
}

bool clock_is_possible(void)
{
    return (int64_t)time(NULL) >= CLOCK_EARLIEST_S;
}
