/* SPDX-License-Identifier: BSD-2-Clause */
/* What the audit file keeps of a decision: who it was, by which connection, where, and what was decided. */
#ifndef HELPER_RECORD_H
#define HELPER_RECORD_H

#include "keeper/state.h"

/* Can a record be written? Asked before a member is made, who must not stay unrecorded. Logged when not. */
bool record_is_possible(const struct keeper *keeper);

/*
 * Appends the decision in the record: of sign-ins, and of sessions that begin and end. False: it should have
 * been, and could not be; logged. Nothing to keep is true.
 */
bool record_decision(const struct keeper *keeper, const struct sign_in *sign_in);

#endif
