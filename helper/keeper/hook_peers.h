/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The keeper's socket for frontdesk-hooks (hooks/hook_questions.h). It is served last in each round, never
 * waited for, and its peers are few: no sign-in and no check-in ever waits for a hook.
 */
#ifndef HELPER_KEEPER_HOOK_PEERS_H
#define HELPER_KEEPER_HOOK_PEERS_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "keeper/keeper.h"

#define HOOK_PEERS_MAX 4
#define HOOK_POLLS_MAX (1 + HOOK_PEERS_MAX)

struct hook_peers;

/* What to poll for; ret_at has room for HOOK_POLLS_MAX. */
size_t hook_peers_watch(const struct keeper *keeper, struct pollfd *ret_at);

/* CLOCK_BOOTTIME, milliseconds: when they are to be served whatever comes; INT64_MAX: never. */
int64_t hook_peers_due_ms(const struct keeper *keeper);

/* After each poll, with what hook_peers_watch filled in. */
void hook_peers_serve(struct keeper *keeper, const struct pollfd *at);

void hook_peers_free(struct hook_peers *hooks);

#endif
