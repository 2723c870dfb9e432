/* SPDX-License-Identifier: BSD-2-Clause */
/* What a greeter answers to auth-mechanisms: which of them the person chose. */
#ifndef PAM_GREETER_REPLY_H
#define PAM_GREETER_REPLY_H

#include <security/pam_modules.h>
#include <stdbool.h>

#define GREETER_REPLY_MAX 8192 /* bytes of JSON: twice what the longest password needs, each byte escaped */

/* Erase it. */
struct greeter_reply {
    enum greeter_choice {
        GREETER_CHOICE_NONE,
        GREETER_CHOICE_EIDP,
        GREETER_CHOICE_PASSWORD,
    } choice;
    char password[PAM_MAX_RESP_SIZE + 1]; /* of PASSWORD; one too long to keep is cut to PAM_MAX_RESP_SIZE */
};

/*
 * {"authSelection":{"status":"Ok","eidp":{}}}, or "password":{"password":"..."} in place of eidp; members in
 * any order, and what JSON takes for space between them. False for anything else: another member, one twice,
 * another status, no or two choices, text that is no JSON, or no UTF-8, or with a NUL.
 */
bool greeter_reply_read(const char *json, struct greeter_reply *ret_reply);

#endif
