/* SPDX-License-Identifier: BSD-2-Clause */
/* Signals of frontdesk-hooks, as events that are waited for beside others. */
#ifndef HELPER_HOOK_SIGNALS_H
#define HELPER_HOOK_SIGNALS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hook_signals {
    int fd;
    bool is_over; /* SIGTERM or SIGINT came */
};

/* SIGTERM, SIGINT and SIGCHLD come by the descriptor from now on. False: errno. */
bool hook_signals_begin(struct hook_signals *ret_signals);

/*
 * Waits until one of `at` is ready, a signal came, or it is until_ms (CLOCK_BOOTTIME). at[0] is for the
 * signals and is filled in here. What is not ready has no revents.
 */
void hook_signals_wait(struct hook_signals *signals, struct pollfd *at, size_t count, int64_t until_ms);

#endif
