/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hide.h for what was sent to an IdP, in each spelling in which it was: as it is, as in a form (and as a
 * description that was made plain has it), and as Basic credentials. Without memory nothing is left to tell.
 */
#ifndef HELPER_HIDE_SENT_H
#define HELPER_HIDE_SENT_H

void hide_sent(char *told, const char *secret);

/* A client's secret, also together with its id; NULL or "": it has none. */
void hide_client(char *told, const char *client_id, const char *secret);

#endif
