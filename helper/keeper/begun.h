/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A note of each sign-in that was admitted and is not yet decided, in FOLDER/begun: a keeper that dies takes
 * them with it, and the next one puts what they say into the audit file. So each has a record, however it
 * ended.
 */
#ifndef HELPER_BEGUN_H
#define HELPER_BEGUN_H

#include "keeper/state.h"

/* At start: the notes that another keeper left behind become records. */
void begun_recover(const struct keeper *keeper);

/* A note that cannot be written is told, and refuses nobody: the record itself will have to be. */
void begun_note(struct keeper *keeper, struct sign_in *sign_in);

/* The record is written, or none is due. */
void begun_forget(const struct keeper *keeper, struct sign_in *sign_in);

#endif
