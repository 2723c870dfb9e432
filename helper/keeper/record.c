/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of the account phase only refusals are kept: the rest says again what a sign-in or a session says, and cron
 * asks it every minute. A session whose ticket is known is told with the person behind it, which matters most
 * for accounts that several people share.
 */
#include "keeper/record.h"

#include <string.h>
#include <syslog.h>

#include "audit/audit.h"
#include "cleanup.h"

const char *record_event(const struct sign_in *sign_in)
{
    switch (sign_in->login.phase) {
    case PHASE_AUTH:
        return "sign_in";
    case PHASE_OPEN_SESSION:
        if (!sign_in->kiosk)
            return "session_begin";
        return sign_in->check_in && strcmp(sign_in->check_in, "out") == 0 ? "check_out" : "check_in";
    case PHASE_CLOSE_SESSION:
        return "session_end";
    case PHASE_ACCOUNT:
        break;
    }
    return "account";
}

static struct record_outcome outcome_of(const struct sign_in *sign_in)
{
    return (struct record_outcome){.event = record_event(sign_in),
                                   .verdict = verdict_name(reason_verdict(sign_in->reason)),
                                   .reason = reason_code(sign_in->reason)};
}

/* Users other than root get a record once somebody has approved: nobody may fill the disk by asking. */
static bool is_worth_a_record(const struct keeper *keeper, const struct sign_in *sign_in)
{
    return sign_in->peer_uid == 0 || keeper->options.private_peer || sign_in->identity.subject;
}

static bool is_kept(const struct keeper *keeper, const struct sign_in *sign_in)
{
    return keeper->options.audit_file && !keeper->options.dry_run && is_worth_a_record(keeper, sign_in) &&
           (sign_in->login.phase != PHASE_ACCOUNT || sign_in->reason != REASON_OK);
}

bool record_is_possible(const struct keeper *keeper)
{
    AUTO_FREE char *why = NULL;

    if (!keeper->options.audit_file || keeper->options.dry_run ||
        audit_is_ready(keeper->options.audit_file, &why))
        return true;
    log_line(LOG_ERR, "no audit record can be written: %s", why ? why : "out of memory");
    return false;
}

static bool append(const struct keeper *keeper, const struct config *config,
                   const struct json_document *record)
{
    const struct audit_settings settings = config ? config->audit : (struct audit_settings){0};
    const struct audit_file file = {
        .path = keeper->options.audit_file, .max_size = settings.max_size, .keep = settings.keep};
    AUTO_FREE char *why = NULL;

    if (record && audit_append(&file, record, &why))
        return true;
    log_line(LOG_ERR, "the audit record could not be written: %s", why ? why : "out of memory");
    return false;
}

static bool keep(const struct keeper *keeper, const struct sign_in *sign_in,
                 const struct record_outcome *outcome)
{
    AUTO_JSON struct json_document *record = record_make(keeper, sign_in, outcome);

    return append(keeper, sign_in->config, record);
}

bool record_keep(const struct keeper *keeper, const struct config *config, const struct json_document *record)
{
    AUTO_FREE char *line = audit_line(record);

    if (keeper->options.audit_file && !keeper->options.dry_run && !append(keeper, config, record))
        return false;
    if (line)
        log_line(LOG_INFO, "%s", line);
    return true;
}

bool record_decision(const struct keeper *keeper, const struct sign_in *sign_in)
{
    const struct record_outcome outcome = outcome_of(sign_in);

    return !is_kept(keeper, sign_in) || keep(keeper, sign_in, &outcome);
}

static void write_line(int level, const struct keeper *keeper, const struct sign_in *sign_in,
                       const struct record_outcome *outcome)
{
    AUTO_JSON struct json_document *record = record_make(keeper, sign_in, outcome);
    AUTO_FREE char *line = record ? audit_line(record) : NULL;

    if (line)
        log_line(level, "%s", line);
    else
        log_line(LOG_ERR, "a record could not be logged; verdict %s, reason %s", outcome->verdict,
                 outcome->reason);
}

void record_log(const struct keeper *keeper, const struct sign_in *sign_in)
{
    static const int levels[] = {[VERDICT_ALLOW] = LOG_INFO,          [VERDICT_DENY] = LOG_NOTICE,
                                 [VERDICT_UNKNOWN_USER] = LOG_NOTICE, [VERDICT_UNAVAILABLE] = LOG_WARNING,
                                 [VERDICT_EXPIRED] = LOG_NOTICE,      [VERDICT_IGNORE] = LOG_NOTICE};
    const struct record_outcome outcome = outcome_of(sign_in);

    write_line(levels[reason_verdict(sign_in->reason)], keeper, sign_in, &outcome);
}

void record_end(const struct keeper *keeper, const struct sign_in *sign_in, const char *why)
{
    const bool is_decided = sign_in->reason != REASON_NONE;
    const bool is_late = strcmp(why, reason_code(REASON_TIMEOUT)) == 0;
    const struct record_outcome outcome = {
        .event = is_decided ? "undelivered" : record_event(sign_in),
        .verdict = verdict_name(is_late ? VERDICT_EXPIRED : VERDICT_UNAVAILABLE),
        .reason = why,
    };

    /* A refusal is one whether or not somebody heard it; of an allow, the record before says too much. */
    if (is_decided && (sign_in->reason != REASON_OK || sign_in->login.phase == PHASE_CLOSE_SESSION))
        return;
    if (is_kept(keeper, sign_in))
        (void)keep(keeper, sign_in, &outcome);
    write_line(LOG_NOTICE, keeper, sign_in, &outcome);
}
