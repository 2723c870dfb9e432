/* SPDX-License-Identifier: BSD-2-Clause */
/* account, open_session and close_session: nobody is asked anything, so the keeper answers at once. */
#ifndef HELPER_LATER_PHASES_H
#define HELPER_LATER_PHASES_H

#include "keeper/state.h"

/*
 * The decision on a LOGIN of these phases; REASON_OK: sign_in->user is who goes on. The record gets the
 * session of the ticket that LOGIN brought, and in close_session the URL by which the person signs out at the
 * IdP, where the service shows it.
 */
enum reason later_phase_judge(struct keeper *keeper, struct sign_in *sign_in);

#endif
