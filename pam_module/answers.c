/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which stacks let whom pass hangs on these codes. IGNORE opens the way to the next module, so it stands only
 * where that module is meant to decide: never behind a failure.
 */
#include "answers.h"

#include <security/pam_modules.h>

#define PHASE_COUNT      4
#define AS_PASSWORDS_ARE (-2) /* password_login= decides */

static const int alone[CALLER_KINDS][PHASE_COUNT] = {
    /* auth, account, open_session, close_session */
    [CALLER_UNNAMED] = {ASK_THE_HELPER, PAM_USER_UNKNOWN, PAM_SESSION_ERR, PAM_SUCCESS},
    [CALLER_TOO_LONG] = {PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_SESSION_ERR, PAM_SUCCESS},
    [CALLER_UNREADABLE] = {PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR, PAM_SUCCESS},
    [CALLER_BREAK_GLASS] = {PAM_IGNORE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE},
    [CALLER_LOCAL] = {AS_PASSWORDS_ARE, PAM_IGNORE, PAM_IGNORE, PAM_IGNORE},
    [CALLER_LISTED] = {ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER},
    [CALLER_MEMBER] = {ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER},
    [CALLER_STRANGER] = {ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER},
    [CALLER_KIOSK] = {ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER, ASK_THE_HELPER},
};

static const int by_verdict[VERDICT_IGNORE + 1][PHASE_COUNT] = {
    [VERDICT_ALLOW] = {PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS, PAM_SUCCESS},
    [VERDICT_DENY] = {PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_SESSION_ERR, PAM_SUCCESS},
    [VERDICT_EXPIRED] = {PAM_AUTH_ERR, PAM_PERM_DENIED, PAM_SESSION_ERR, PAM_SUCCESS},
    [VERDICT_UNKNOWN_USER] = {PAM_USER_UNKNOWN, PAM_USER_UNKNOWN, PAM_SESSION_ERR, PAM_SUCCESS},
    [VERDICT_UNAVAILABLE] = {PAM_AUTHINFO_UNAVAIL, PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR, PAM_SUCCESS},
    [VERDICT_IGNORE] = {AS_PASSWORDS_ARE, PAM_AUTHINFO_UNAVAIL, PAM_SESSION_ERR, PAM_SUCCESS},
};

static const struct {
    const char *word;
    int setcred, chauthtok;
} callers[CALLER_KINDS] = {
    [CALLER_UNNAMED] = {"no_user", PAM_USER_UNKNOWN, PAM_USER_UNKNOWN},
    [CALLER_TOO_LONG] = {"user_too_long", PAM_USER_UNKNOWN, PAM_USER_UNKNOWN},
    [CALLER_UNREADABLE] = {"user_lookup_failed", PAM_CRED_UNAVAIL, PAM_PERM_DENIED},
    [CALLER_BREAK_GLASS] = {"break_glass", PAM_IGNORE, PAM_IGNORE},
    [CALLER_LOCAL] = {"local_user", PAM_IGNORE, PAM_IGNORE},
    [CALLER_LISTED] = {"listed_user", PAM_SUCCESS, PAM_IGNORE},
    [CALLER_MEMBER] = {"member", PAM_SUCCESS, PAM_PERM_DENIED},
    [CALLER_STRANGER] = {"stranger", PAM_IGNORE, PAM_IGNORE},
    [CALLER_KIOSK] = {"kiosk", PAM_SUCCESS, PAM_PERM_DENIED},
};

static const char *const verdict_words[VERDICT_IGNORE + 1] = {
    [VERDICT_ALLOW] = "allow",
    [VERDICT_DENY] = "deny",
    [VERDICT_EXPIRED] = "expired",
    [VERDICT_UNKNOWN_USER] = "unknown_user",
    [VERDICT_UNAVAILABLE] = "unavailable",
    [VERDICT_IGNORE] = "ignore",
};

int answer_alone(enum caller_kind kind, enum login_phase phase, bool passwords_allowed)
{
    const int answer = alone[kind][phase - PHASE_AUTH];

    if (answer == AS_PASSWORDS_ARE)
        return passwords_allowed ? PAM_IGNORE : PAM_USER_UNKNOWN;
    return answer;
}

int answer_verdict(enum verdict verdict, enum login_phase phase, bool passwords_allowed)
{
    const int answer = by_verdict[verdict][phase - PHASE_AUTH];

    if (answer == AS_PASSWORDS_ARE)
        return passwords_allowed ? PAM_IGNORE : PAM_AUTHINFO_UNAVAIL;
    return answer;
}

int answer_setcred(enum caller_kind kind)
{
    return callers[kind].setcred;
}

int answer_chauthtok(enum caller_kind kind)
{
    return callers[kind].chauthtok;
}

const char *caller_word(enum caller_kind kind)
{
    return callers[kind].word;
}

const char *verdict_word(enum verdict verdict)
{
    return verdict_words[verdict];
}
