/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kiosk's process: the uid of the user that `[kiosk] user` names. It may ask for the service
 * frontdesk-kiosk without a user, in all phases. Its allow is an identity for a check-in and names nobody;
 * the check-in is recorded in open_session, by the ticket of the sign-in, and nowhere else.
 */
#ifndef HELPER_KEEPER_KIOSK_H
#define HELPER_KEEPER_KIOSK_H

#include "keeper/admission.h"

/* Does this sign-in ask as the kiosk? By its peer and LOGIN. Never root, nor a member's id. */
bool kiosk_asks(const struct keeper *keeper, const struct sign_in *sign_in);

/* As admission_choices, but of several, one is chosen by `[kiosk] connection`, or none is: REASON_OK and one,
 * or also _CONNECTION_UNDECIDED. */
enum reason kiosk_choose(const struct config *config, const struct login *login,
                         struct admission_choices *ret_choices);

/* The phases behind auth. After open_session the record says what the check-in came to. */
enum reason kiosk_later_phase_judge(struct keeper *keeper, struct sign_in *sign_in);

/* Ends and forgets check-ins that are due; at most once a minute, and at the start. */
void kiosk_settle(struct keeper *keeper);

#endif
