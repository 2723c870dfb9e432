/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A note of each sign-in that was admitted, in FOLDER/begun, until it is refused or its allow has gone to the
 * host; at the kiosk, of each that was approved, and of each check-in, before anything is written of them: a
 * keeper that dies takes them with it, and the next one puts what they say into the audit file. So each has a
 * record, however it ended, and an allow that reached nobody has a second one. Killed just behind the
 * delivery the keeper could not say so any more: what the host made of it stands in the module's own line.
 */
#ifndef HELPER_BEGUN_H
#define HELPER_BEGUN_H

#include "keeper/state.h"

/* At start: the notes that another keeper left behind become records. */
void begun_recover(const struct keeper *keeper);

/* A note that cannot be written is told, and refuses nobody: the record itself will have to be. */
void begun_note(struct keeper *keeper, struct sign_in *sign_in);

/* The allow is recorded; from here on the note says that it was not delivered. */
void begun_allow(const struct keeper *keeper, const struct sign_in *sign_in);

/* Refused, delivered, or at an end that has its own record. */
void begun_forget(const struct keeper *keeper, struct sign_in *sign_in);

#endif
