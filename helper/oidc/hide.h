/* SPDX-License-Identifier: BSD-2-Clause */
/* What an IdP says of an error may repeat what it was sent. None of that goes to the log. */
#ifndef HELPER_HIDE_H
#define HELPER_HIDE_H

#define HIDDEN "[hidden]"

/* Overwrites each time that the secret stands in the text, and a beginning of it at the text's very end,
 * where it was cut. Secrets of fewer than 6 bytes are left, for they stand in any text; NULL is none. */
void hide_secret(char *text, const char *secret);

/* Overwrites words that look like codes, tokens and encoded credentials: 24 bytes or more, with digits, small
 * and capital letters among them. So a UUID, by which an IdP's staff find a request, stays. */
void hide_codes(char *text);

#endif
