/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether this machine can judge anybody at all: its clock and its store. */
#ifndef HELPER_KEEPER_READINESS_H
#define HELPER_KEEPER_READINESS_H

#include "keeper/state.h"

/* Before anybody is sent to their phone for nothing. REASON_OK, _CLOCK, _STORE_FAILED or _STORE_CORRUPT. */
enum reason readiness_judge(struct keeper *keeper, struct sign_in *sign_in);

/* What a wrong clock makes of certificates and tokens is not their fault: REASON_CLOCK, or the same. */
enum reason readiness_blame(enum reason reason);

#endif
