/* SPDX-License-Identifier: BSD-2-Clause */
/* How often sign-ins may begin: which buckets one of them takes a token from, before anything is asked of an
 * IdP. */
#ifndef HELPER_START_LIMITS_H
#define HELPER_START_LIMITS_H

#include "keeper/state.h"

/*
 * For a sign-in: those of its user by this asker, of the asker, and of all askers of this kind; each for the
 * kinds that have one. For later phases: of a process that is not root's, whose number is all that bounds
 * them; a token is taken of each, or of none.
 *
 * REASON_OK, or _TOO_OFTEN, _TOO_OFTEN_FOR_USER, _FOR_HOST, _FOR_PEER. Nothing here asks whether a name is a
 * member's, so nobody learns it from a refusal.
 */
enum reason start_limits_take(struct keeper *keeper, const struct sign_in *sign_in);

#endif
