/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module waits a second for the helper's first word. Its patience is not what these hosts are about, so
 * here a second of the clock that it looks at takes many, and its polls wait as long: a machine may be slow.
 * (An executable's symbols win over those of the libraries.)
 */
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SLOWNESS 20
#define NS_PER_S INT64_C(1000000000)

/* libc's own parameter names are reserved ones. */
/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

int clock_gettime(clockid_t clock, struct timespec *now)
{
    const long status = syscall(SYS_clock_gettime, clock, now);
    int64_t passed;

    if (status != 0 || clock != CLOCK_BOOTTIME)
        return (int)status;
    passed = (now->tv_sec * NS_PER_S + now->tv_nsec) / SLOWNESS;
    *now = (struct timespec){.tv_sec = passed / NS_PER_S, .tv_nsec = passed % NS_PER_S};
    return 0;
}

int poll(struct pollfd *at, nfds_t count, int milliseconds)
{
    if (milliseconds > INT_MAX / SLOWNESS)
        milliseconds = INT_MAX / SLOWNESS;
    return (int)syscall(SYS_poll, at, count, milliseconds > 0 ? milliseconds * SLOWNESS : milliseconds);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
