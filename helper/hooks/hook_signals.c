/* SPDX-License-Identifier: BSD-2-Clause */
#include "hooks/hook_signals.h"

#include <limits.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "clock.h"

bool hook_signals_begin(struct hook_signals *ret_signals)
{
    sigset_t wanted;
    int fd;

    (void)sigemptyset(&wanted);
    (void)sigaddset(&wanted, SIGTERM);
    (void)sigaddset(&wanted, SIGINT);
    (void)sigaddset(&wanted, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &wanted, NULL) != 0)
        return false;
    fd = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0)
        return false;
    *ret_signals = (struct hook_signals){.fd = fd};
    return true;
}

static void take_signals(struct hook_signals *signals)
{
    struct signalfd_siginfo signal;

    while (read(signals->fd, &signal, sizeof signal) == (ssize_t)sizeof signal)
        if (signal.ssi_signo != SIGCHLD)
            signals->is_over = true;
}

void hook_signals_wait(struct hook_signals *signals, struct pollfd *at, size_t count, int64_t until_ms)
{
    int64_t left = until_ms == INT64_MAX ? -1 : until_ms - boottime_ms();

    if (until_ms != INT64_MAX && left < 0)
        left = 0;
    at[0] = (struct pollfd){.fd = signals->fd, .events = POLLIN};
    if (poll(at, count, left > INT_MAX ? INT_MAX : (int)left) <= 0)
        for (size_t i = 0; i < count; i++)
            at[i].revents = 0;
    take_signals(signals);
}
