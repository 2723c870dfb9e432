/* SPDX-License-Identifier: BSD-2-Clause */
/* The tables that turn who the user is, and what the helper said, into PAM's return codes. */
#ifndef PAM_ANSWERS_H
#define PAM_ANSWERS_H

#include <stdbool.h>

#include "caller.h"
#include "frontdesk/protocol.h"

#define ASK_THE_HELPER (-1) /* no PAM code: this call is not decided without the helper */

/* What a call comes to before anybody is asked. */
int answer_alone(enum caller_kind kind, enum login_phase phase, bool passwords_allowed);

int answer_verdict(enum verdict verdict, enum login_phase phase, bool passwords_allowed);

int answer_setcred(enum caller_kind kind);
int answer_chauthtok(enum caller_kind kind);

/* Words for the log. */
const char *caller_word(enum caller_kind kind);
const char *verdict_word(enum verdict verdict);

#endif
