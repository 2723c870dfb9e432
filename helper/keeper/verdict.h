/* SPDX-License-Identifier: BSD-2-Clause */
/* The keeper's last word to the module, which believes it from nobody else. */
#ifndef HELPER_VERDICT_H
#define HELPER_VERDICT_H

#include <stdbool.h>

#include "keeper/state.h"

/*
 * SET and VERDICT to the module's socket, by the decision in the record. Never waits: false when the module
 * did not take all of it.
 */
bool verdict_send(const struct sign_in *sign_in);

#endif
