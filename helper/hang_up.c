/* SPDX-License-Identifier: BSD-2-Clause */
/* Watching a socket for the end of its peer, without being woken by unread packets. */
#include "hang_up.h"

#include <poll.h>

#include "clock.h"

#define STEP_MS 1000 /* poll does not count the machine's sleep, so look at the clock now and then */

static bool wait_for(int fd, short events, int milliseconds)
{
    struct pollfd watched = {.fd = fd, .events = events};

    return poll(&watched, 1, milliseconds) > 0;
}

bool hang_up_seen(int fd)
{
    return wait_for(fd, POLLRDHUP, 0);
}

static bool wait_long_for(int fd, short events, int64_t milliseconds)
{
    /* One more, for the clock is cut to whole ones: a server must not see a poll come early. */
    const int64_t until = boottime_ms() + milliseconds + (milliseconds > 0 ? 1 : 0);

    for (;;) {
        const int64_t left = until - boottime_ms();

        if (wait_for(fd, events, left <= 0 ? 0 : left < STEP_MS ? (int)left : STEP_MS))
            return false;
        if (left <= 0)
            return true;
    }
}

bool hang_up_wait(int fd, int64_t milliseconds)
{
    return wait_long_for(fd, POLLRDHUP, milliseconds);
}

bool hang_up_or_word(int fd, int64_t milliseconds)
{
    return wait_long_for(fd, POLLRDHUP | POLLIN, milliseconds);
}
