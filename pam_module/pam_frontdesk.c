/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entry points of pam_frontdesk.so: what is decided without the helper, what an allow must stand up to,
 * and the line in the log for each.
 */
#include <security/pam_ext.h>
#include <security/pam_modules.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "answers.h"
#include "call.h"
#include "describe.h"
#include "relay.h"

#define EXPORTED   __attribute__((visibility("default")))
#define LOGGED_MAX 64 /* bytes of a foreign string in a log line */
#define CUT        "..."

/* Foreign strings cannot forge a line or a field of it; one that is cut says so. */
struct logged {
    char text[LOGGED_MAX + sizeof CUT];
};

static struct logged logged(const char *foreign)
{
    struct logged safe = {{0}};
    size_t i;

    for (i = 0; i < LOGGED_MAX && foreign[i] != '\0'; i++)
        safe.text[i] = foreign[i] > 0x20 && foreign[i] < 0x7f ? foreign[i] : '?';
    if (foreign[i] != '\0')
        memcpy(safe.text + i, CUT, sizeof CUT);
    return safe;
}

static struct logged logged_item(const struct call *call, int type)
{
    const void *value = NULL;

    (void)pam_get_item(call->pamh, type, &value); /* NULL when it fails */
    return logged(value ? value : "");
}

static const char *phase_word(enum login_phase phase)
{
    switch (phase) {
    case PHASE_AUTH:
        return "auth";
    case PHASE_ACCOUNT:
        return "account";
    case PHASE_OPEN_SESSION:
        return "open_session";
    case PHASE_CLOSE_SESSION:
        break;
    }
    return "close_session";
}

static void log_decision(const struct call *call, int level, const char *what, const char *why)
{
    pam_syslog(call->pamh, level, "%s user=%s reason=%s phase=%s service=%s rhost=%s", what,
               logged(call->caller.user).text, why, phase_word(call->phase),
               logged_item(call, PAM_SERVICE).text, logged_item(call, PAM_RHOST).text);
}

/* Only a name that was preset and has not moved since, or none at all, can be allowed; at a kiosk, nobody. */
static const char *why_not_allow(const struct call *call, const struct relay_outcome *outcome)
{
    if (!caller_is_unchanged(call->pamh, &call->caller))
        return "user_changed";
    if (call->caller.kind == CALLER_KIOSK)
        return outcome->user[0] == '\0' ? NULL : "allow_with_user";
    if (outcome->user[0] != '\0' && call->caller.kind != CALLER_UNNAMED &&
        strcmp(outcome->user, call->caller.user) != 0)
        return "allow_for_another_user";
    return caller_why_not(outcome->user, &call->arguments);
}

static bool put_environment(pam_handle_t *pamh, const struct relay_outcome *outcome)
{
    char entry[sizeof outcome->sets[0]];

    for (size_t i = 0; i < outcome->set_count; i++) {
        (void)snprintf(entry, sizeof entry, "%s=%s", outcome->sets[i].name, outcome->sets[i].value);
        if (pam_putenv(pamh, entry) != PAM_SUCCESS)
            return false;
    }
    return true;
}

static bool apply_allow(const struct call *call, const struct relay_outcome *outcome)
{
    return put_environment(call->pamh, outcome) &&
           (call->caller.kind != CALLER_UNNAMED ||
            pam_set_item(call->pamh, PAM_USER, outcome->user) == PAM_SUCCESS);
}

static int conclude(struct call *call, enum verdict verdict, const char *reason)
{
    /* That nobody could decide is for whoever runs the machine to look after. */
    const int level = verdict == VERDICT_ALLOW         ? LOG_INFO
                      : verdict == VERDICT_UNAVAILABLE ? LOG_WARNING
                                                       : LOG_NOTICE;

    log_decision(call, level, verdict_word(verdict), reason);
    return answer_verdict(verdict, call->phase, call->arguments.passwords_allowed);
}

static int ask_helper(struct call *call)
{
    struct relay_outcome outcome;
    const char *fault = relay_run(call, &outcome);

    if (fault)
        return conclude(call, VERDICT_UNAVAILABLE, fault);
    if (outcome.verdict == VERDICT_ALLOW && call->phase != PHASE_CLOSE_SESSION) {
        fault = why_not_allow(call, &outcome);
        if (fault)
            return conclude(call, VERDICT_DENY, fault);
        if (!apply_allow(call, &outcome))
            return conclude(call, VERDICT_UNAVAILABLE, "not_applied");
        memcpy(call->caller.user, outcome.user, sizeof outcome.user);
    }
    return conclude(call, outcome.verdict, outcome.reason);
}

/* What a line that is not understood might have forbidden is not allowed; local users do not depend on us. */
static int answer_broken_line(const struct call *call, int answer)
{
    pam_syslog(call->pamh, LOG_ERR, "argument not understood: %s", logged(call->arguments.fault).text);
    if (call->caller.kind == CALLER_BREAK_GLASS)
        return answer;
    if (call->phase == PHASE_AUTH)
        return PAM_AUTHINFO_UNAVAIL;
    if (answer != ASK_THE_HELPER)
        return answer;
    return call->phase == PHASE_CLOSE_SESSION ? PAM_SUCCESS : PAM_AUTHINFO_UNAVAIL;
}

static int answer_without_helper(const struct call *call)
{
    int answer = answer_alone(call->caller.kind, call->phase, call->arguments.passwords_allowed);

    if (call->caller.kind == CALLER_LISTED && call->phase != PHASE_AUTH &&
        describe_ticket(call->pamh)[0] == '\0')
        answer = PAM_IGNORE;
    return call->arguments.fault ? answer_broken_line(call, answer) : answer;
}

/* Sessions of local users come by the hundred (cron): they are logged on request only. */
static void log_alone(const struct call *call, int answer)
{
    if (call->caller.kind == CALLER_BREAK_GLASS) /* IGNORE in every phase */
        log_decision(call, LOG_NOTICE, "passed on", caller_word(call->caller.kind));
    else if (answer != PAM_IGNORE)
        log_decision(call, LOG_NOTICE, pam_strerror(call->pamh, answer), caller_word(call->caller.kind));
    else if (call->arguments.debug)
        log_decision(call, LOG_DEBUG, "ignored", caller_word(call->caller.kind));
}

static struct call call_of(pam_handle_t *pamh, enum login_phase phase, int flags, struct arguments arguments)
{
    return (struct call){.pamh = pamh,
                         .arguments = arguments,
                         .caller = caller_find(pamh, &arguments),
                         .phase = phase,
                         .silent = ((unsigned)flags & PAM_SILENT) != 0};
}

static int answer_phase(pam_handle_t *pamh, enum login_phase phase, int flags, struct arguments arguments)
{
    struct call call = call_of(pamh, phase, flags, arguments);
    const int answer = answer_without_helper(&call);

    if (answer == ASK_THE_HELPER)
        return ask_helper(&call);
    log_alone(&call, answer);
    return answer;
}

EXPORTED int pam_sm_authenticate(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return answer_phase(pamh, PHASE_AUTH, flags, arguments_read(argc, argv));
}

EXPORTED int pam_sm_acct_mgmt(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return answer_phase(pamh, PHASE_ACCOUNT, flags, arguments_read(argc, argv));
}

EXPORTED int pam_sm_open_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return answer_phase(pamh, PHASE_OPEN_SESSION, flags, arguments_read(argc, argv));
}

EXPORTED int pam_sm_close_session(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    return answer_phase(pamh, PHASE_CLOSE_SESSION, flags, arguments_read(argc, argv));
}

/* These two ask nobody; `answer` is one of the tables of answers.h. */
static int answer_by_kind(pam_handle_t *pamh, int (*answer)(enum caller_kind kind),
                          struct arguments arguments)
{
    const struct call call = call_of(pamh, PHASE_AUTH, 0, arguments);
    const int code = answer(call.caller.kind);

    if (code != PAM_SUCCESS)
        log_alone(&call, code);
    return code;
}

EXPORTED int pam_sm_setcred(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)flags;
    return answer_by_kind(pamh, answer_setcred, arguments_read(argc, argv));
}

EXPORTED int pam_sm_chauthtok(pam_handle_t *pamh, int flags, int argc, const char **argv)
{
    (void)flags;
    return answer_by_kind(pamh, answer_chauthtok, arguments_read(argc, argv));
}
