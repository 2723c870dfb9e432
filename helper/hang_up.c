/* SPDX-License-Identifier: BSD-2-Clause */
/* Watching a socket for the end of its peer, without being woken by unread packets. */
#include "hang_up.h"

#include <poll.h>

#include "clock.h"

#define STEP_MS 1000 /* poll does not count the machine's sleep, so look at the clock now and then */

static bool wait_for_end(int fd, int milliseconds)
{
    struct pollfd watched = {.fd = fd, .events = POLLRDHUP};

    return poll(&watched, 1, milliseconds) > 0;
}

bool hang_up_seen(int fd)
{
    return wait_for_end(fd, 0);
}

bool hang_up_wait(int fd, int64_t milliseconds)
{
    /* One more, for the clock is cut to whole ones: a server must not see a poll come early. */
    const int64_t until = boottime_ms() + milliseconds + (milliseconds > 0 ? 1 : 0);

    for (;;) {
        const int64_t left = until - boottime_ms();

        if (wait_for_end(fd, left <= 0 ? 0 : left < STEP_MS ? (int)left : STEP_MS))
            return false;
        if (left <= 0)
            return true;
    }
}
