/* SPDX-License-Identifier: BSD-2-Clause */
/* Refusals at the door, which anybody can cause as often as he likes. */
#ifndef HELPER_REFUSALS_H
#define HELPER_REFUSALS_H

#include "keeper/state.h"

/*
 * Is this one of very many of the same kind by the same asker, to be counted but not told one by one
 * (log_quota.h)? Never of what root's programs ask of their own accord in later phases: cron, and sessions.
 */
bool refusal_is_repeated(struct keeper *keeper, const struct sign_in *sign_in, enum reason reason);

#endif
