/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Takes events from the keeper, one after the other, runs the program that frontdesk.conf names for each, and
 * says what became of it. Whatever fails is tried again, after 2 s and then ever later, up to 5 min: the
 * keeper, the configuration, the program. A change of the configuration or the program ends such a pause.
 */
#ifndef HELPER_HOOK_RUNNER_H
#define HELPER_HOOK_RUNNER_H

#include "hooks/hook_options.h"
#include "hooks/hook_signals.h"

/* Until SIGTERM; the exit status. */
int hook_runner_serve(const struct hook_options *options, struct hook_signals *signals);

#endif
