/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Of the account phase nothing is kept: it says again what a sign-in or a session says, and cron asks it
 * every minute. A session whose ticket is known is told with the person behind it, which matters most for
 * accounts that several people share.
 */
#include "keeper/record.h"

#include <syslog.h>

#include "audit/audit.h"
#include "cleanup.h"

static const char *event_of(enum login_phase phase)
{
    switch (phase) {
    case PHASE_AUTH:
        return "sign_in";
    case PHASE_OPEN_SESSION:
        return "session_begin";
    case PHASE_CLOSE_SESSION:
        return "session_end";
    case PHASE_ACCOUNT:
        break;
    }
    return NULL;
}

static const char *phase_name(enum login_phase phase)
{
    switch (phase) {
    case PHASE_AUTH:
        return "auth";
    case PHASE_OPEN_SESSION:
        return "open_session";
    case PHASE_CLOSE_SESSION:
        return "close_session";
    case PHASE_ACCOUNT:
        break;
    }
    return "account";
}

/* Nothing is said of what is not known. */
static bool add(struct json_document *record, const char *name, const char *value)
{
    return !value || value[0] == '\0' || json_add_string(record, name, value);
}

static bool add_person(struct json_document *record, const struct sign_in *sign_in)
{
    const struct identity *identity = &sign_in->identity;
    const struct session_row *session = &sign_in->session;

    if (session->user)
        return add(record, "connection", session->connection) && add(record, "issuer", session->issuer) &&
               add(record, "subject", session->subject);
    return add(record, "member", sign_in->member) &&
           add(record, "connection", sign_in->connection ? sign_in->connection->name : NULL) &&
           add(record, "issuer", identity->issuer) && add(record, "subject", identity->subject) &&
           add(record, "email", identity->email_verified ? identity->email : NULL);
}

static bool add_place(struct json_document *record, const struct sign_in *sign_in)
{
    const struct login *login = &sign_in->login;
    struct service storage;
    const bool is_customers = sign_in->config && sign_in_service(sign_in, &storage)->role == ROLE_CUSTOMER;

    return add(record, "service", login->service) &&
           add(record, "role", is_customers ? "customer" : "staff") &&
           add(record, "requested_user", login->user) && add(record, "rhost", login->rhost) &&
           add(record, "tty", login->tty) && json_add_integer(record, "peer_uid", sign_in->peer_uid) &&
           json_add_integer(record, "peer_pid", sign_in->peer_pid);
}

static bool add_all(struct json_document *record, const struct sign_in *sign_in)
{
    const enum verdict verdict = reason_verdict(sign_in->reason);

    return add(record, "verdict", verdict_name(verdict)) &&
           add(record, "reason", reason_code(sign_in->reason)) &&
           add(record, "phase", phase_name(sign_in->login.phase)) &&
           add(record, "user", verdict == VERDICT_ALLOW ? sign_in->user : NULL) &&
           add_person(record, sign_in) && add_place(record, sign_in) &&
           add(record, "detail", sign_in->detail);
}

/* Users other than root get a record once somebody has approved: nobody may fill the disk by asking. */
static bool is_worth_a_record(const struct keeper *keeper, const struct sign_in *sign_in)
{
    return sign_in->peer_uid == 0 || keeper->options.private_peer || sign_in->identity.subject;
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

bool record_decision(const struct keeper *keeper, const struct sign_in *sign_in)
{
    const char *event = event_of(sign_in->login.phase), *path = keeper->options.audit_file;
    AUTO_JSON struct json_document *record = NULL;
    const struct audit_settings *settings =
        sign_in->config ? &sign_in->config->audit : &(const struct audit_settings){0};
    const struct audit_file file = {.path = path, .max_size = settings->max_size, .keep = settings->keep};
    AUTO_FREE char *why = NULL;

    if (!path || keeper->options.dry_run || !event || !is_worth_a_record(keeper, sign_in))
        return true;
    record = audit_record(event);
    if (record && add_all(record, sign_in) && audit_append(&file, record, &why))
        return true;
    log_line(LOG_ERR, "the audit record could not be written: %s", why ? why : "out of memory");
    return false;
}
