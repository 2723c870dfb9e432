/* SPDX-License-Identifier: BSD-2-Clause */
/* One sign-in as the keeper serves it: which question is due, and what answers it. */
#ifndef HELPER_SIGN_IN_H
#define HELPER_SIGN_IN_H

#include "keeper/state.h"

/* Takes over the connection to the child, and puts the record first in keeper->sign_ins. NULL: no memory. */
struct sign_in *sign_in_new(struct keeper *keeper, int child);

/* Takes one packet that is there. False: the sign-in is over; the caller frees it. */
bool sign_in_take(struct keeper *keeper, struct sign_in *sign_in);

/* Unlinks the record, closes both sockets. */
void sign_in_free(struct keeper *keeper, struct sign_in *sign_in);

#endif
