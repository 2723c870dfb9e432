/* SPDX-License-Identifier: BSD-2-Clause */
/* FRONTDESK_SESSION: the link from later PAM phases to the sign-in that began the session. */
#ifndef HELPER_TICKETS_H
#define HELPER_TICKETS_H

#include "keeper/state.h"

/* This boot's id, once; false when the kernel does not tell. */
bool tickets_read_boot(char ret_boot[BOOT_ID_SIZE]);

/*
 * A ticket into the record, and its session into the store. Whoever is not root has no session to begin, and
 * `frontdesk login` neither: then there is none. REASON_OK, or REASON_STORE_FAILED and nothing is left
 * behind.
 */
enum reason ticket_begin(struct keeper *keeper, struct sign_in *sign_in);

/* The session of LOGIN's ticket into the record, when it is known and its user is LOGIN's. */
void ticket_find(struct keeper *keeper, struct sign_in *sign_in);

/*
 * May a local account go on with the session that the record has? REASON_OK while its connection is enabled
 * and, for remote ones, serves the service; _SESSION_UNKNOWN, _CONNECTION_DISABLED, _CONNECTION_BROKEN.
 */
enum reason ticket_judge(const struct sign_in *sign_in);

/* Nobody can go on with it. What cannot be removed now goes at the next boot. */
void ticket_end(struct keeper *keeper, const char *ticket);

#endif
