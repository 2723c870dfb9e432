/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's conversation function, one message at a time. */
#ifndef PAM_CONVERSE_H
#define PAM_CONVERSE_H

#include <security/pam_modules.h>
#include <stdbool.h>

/* PAM_TEXT_INFO or PAM_ERROR_MSG. False: the host cannot show it. */
bool converse_show(pam_handle_t *pamh, int style, const char *text);

/*
 * PAM_PROMPT_ECHO_ON or PAM_PROMPT_ECHO_OFF. NULL: no answer came. The answer may be a password typed by
 * mistake: converse_erase it.
 */
char *converse_ask(pam_handle_t *pamh, int style, const char *text);
void converse_erase(char *answer);

#endif
