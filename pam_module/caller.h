/* SPDX-License-Identifier: BSD-2-Clause */
/* Whom a call is about, judged before anybody is asked: it decides whether we have a say at all. */
#ifndef PAM_CALLER_H
#define PAM_CALLER_H

#include <security/pam_modules.h>
#include <stdbool.h>

#include "arguments.h"
#include "frontdesk/protocol.h"

enum caller_kind {
    CALLER_UNNAMED,     /* the host left PAM_USER unset: the helper finds out who it is */
    CALLER_TOO_LONG,    /* a name that fits no message */
    CALLER_UNREADABLE,  /* the name service failed, or the host */
    CALLER_BREAK_GLASS, /* named in break_glass= */
    CALLER_LOCAL,       /* an account of this machine that is none of our business; always so for uid 0 */
    CALLER_LISTED,      /* a local account named in local_users= */
    CALLER_MEMBER,      /* an id in the members' range */
    CALLER_STRANGER,    /* nobody knows the name */
    CALLER_KIOSK,       /* no user, of the kiosk's service, and the process is not root's: a check-in */
    CALLER_KINDS
};

struct caller {
    enum caller_kind kind;
    char user[PROTOCOL_USER_MAX + 1]; /* empty without one; cut, for the log only, when too long */
};

struct caller caller_find(pam_handle_t *pamh, const struct arguments *arguments);

/* PAM_USER is now what it was when caller_find read it: a conversation may have changed it. */
bool caller_is_unchanged(pam_handle_t *pamh, const struct caller *caller);

/*
 * Why this user may not be entered by an allow, or NULL: only a member's id, or another than 0 named in
 * local_users=, whatever the helper says.
 */
const char *caller_why_not(const char *user, const struct arguments *arguments);

#endif
