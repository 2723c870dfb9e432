/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One sign-in at the kiosk, in a process of its own: a PAM application that offers the JSON extension, tells
 * the server what to show (worker.h), and opens a session, which is the check-in, only once the visitor has
 * confirmed.
 */
#ifndef HELPER_KIOSK_SIGN_IN_H
#define HELPER_KIOSK_SIGN_IN_H

#include <security/pam_appl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/line.h"

#define SIGN_IN_REASON_SIZE 65
#define SIGN_IN_TEXT_SIZE   1024

/* Why it ended, as the module told it on the way. */
struct sign_in_refusal {
    char reason[SIGN_IN_REASON_SIZE]; /* "": not told */
    char text[SIGN_IN_TEXT_SIZE];
    int64_t retry_after; /* seconds; 0: not told */
};

struct sign_in {
    int server; /* the socket to it */
    struct sign_in_refusal refusal;
    struct line line;
};

/* The exit status. */
int sign_in_run(uint32_t confirm_after_s);

/* sign_in_converse.c: PAM's conversation; its appdata is a struct sign_in. */
int sign_in_converse(int count, const struct pam_message **messages, struct pam_response **ret_responses,
                     void *context);
/* Before pam_start: in this process's environment stands what the conversation understands. */
bool sign_in_offer_extension(void);

/* sign_in_say.c: packets to the server. False: it is gone, or what was given is not what it should be. */
bool sign_in_say_code(struct sign_in *sign_in, const char *json);
bool sign_in_note_refusal(struct sign_in *sign_in, const char *json);
bool sign_in_say_approved(struct sign_in *sign_in, const char *name);
bool sign_in_say_recorded(struct sign_in *sign_in, pam_handle_t *pamh);
bool sign_in_say_refused(struct sign_in *sign_in, const char *reason);

#endif
