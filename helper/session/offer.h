/* SPDX-License-Identifier: BSD-2-Clause */
/* Where passwords are allowed: one prompt takes a local password, or an empty answer that starts the sign-in.
 */
#ifndef HELPER_OFFER_H
#define HELPER_OFFER_H

#include "display/display.h"
#include "reason.h"
#include "session/session_talk.h"

/*
 * label NULL: several are left. REASON_OK: Enter alone. _PASSWORD_TYPED: the person has left us for the next
 * module; else _TIMEOUT, _CANCELLED, _PROTOCOL, _CANNOT_SHOW, _INTERNAL.
 */
enum reason offer_make(struct talk *talk, const struct display_place *place, const char *label,
                       int64_t deadline_ms);

#endif
