/* SPDX-License-Identifier: BSD-2-Clause */
/* What we know ourselves comes first, then what others say. */
#include <time.h>

#include "audit/audit.h"
#include "jose/hash.h"
#include "keeper/record.h"

#define SESSION_SIZE 13 /* of the digest of a ticket, enough to tell sessions apart; and NUL */

struct record {
    struct json_document *document;
    const struct keeper *keeper;
    const struct sign_in *sign_in;
    bool is_allowed;
};

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
static bool add(const struct record *record, const char *name, const char *value)
{
    return !value || value[0] == '\0' || json_add_string(record->document, name, value);
}

/* In clear, or as a tag. */
static bool add_identity(const struct record *record, const char *issuer, const char *subject)
{
    char tag[IDENTITY_TAG_SIZE];

    if (!issuer || !subject)
        return true;
    if (record->is_allowed)
        return add(record, "issuer", issuer) && add(record, "subject", subject);
    return !record->keeper->has_identity_key ||
           (identity_tag(&record->keeper->identity_key, issuer, subject, tag) &&
            add(record, "identity", tag));
}

static bool add_person(const struct record *record)
{
    const struct sign_in *sign_in = record->sign_in;
    const struct identity *identity = &sign_in->identity;
    const struct session_row *session = &sign_in->session;

    if (!add(record, "user", record->is_allowed ? sign_in->user : NULL) ||
        !add(record, "member", sign_in->member))
        return false;
    if (session->user)
        return add(record, "connection", session->connection) &&
               add_identity(record, session->issuer, session->subject);
    return add(record, "connection", sign_in->connection ? sign_in->connection->name : NULL) &&
           add_identity(record, identity->issuer, identity->subject) &&
           add(record, "email", record->is_allowed && identity->email_verified ? identity->email : NULL);
}

/* Which session it is: the same word when it begins and when it ends, and no way back to its ticket. */
static bool add_session(const struct record *record)
{
    const struct sign_in *sign_in = record->sign_in;
    const bool is_later = sign_in->session.user != NULL;
    const char *ticket = is_later ? sign_in->login.ticket : sign_in->ticket;
    char digest[HASH_SHA256_TEXT_SIZE];

    if (ticket[0] == '\0')
        return true;
    if (!hash_sha256_text(ticket, digest, sizeof digest))
        return false;
    digest[SESSION_SIZE - 1] = '\0';
    return add(record, "session", digest) &&
           (sign_in->login.phase != PHASE_CLOSE_SESSION || !is_later ||
            json_add_integer(record->document, "session_s", time(NULL) - sign_in->session.began_at));
}

/* At the kiosk: what the press came to. */
static bool add_check_in(const struct record *record)
{
    const struct sign_in *sign_in = record->sign_in;

    return !sign_in->check_in || (add(record, "check_in", sign_in->check_in) &&
                                  json_add_integer(record->document, "check_in_id", sign_in->check_in_id) &&
                                  add(record, "location", sign_in->config->machine.location));
}

static bool add_place(const struct record *record)
{
    const struct sign_in *sign_in = record->sign_in;
    const struct login *login = &sign_in->login;
    struct service storage;
    const bool is_customers = sign_in->config && sign_in_service(sign_in, &storage)->role == ROLE_CUSTOMER;
    const bool is_claimed =
        sign_in->peer_uid != 0 && !sign_in->kiosk && !record->keeper->options.private_peer;

    return json_add_integer(record->document, "peer_uid", sign_in->peer_uid) &&
           json_add_integer(record->document, "peer_pid", sign_in->peer_pid) &&
           (!is_claimed || json_add_boolean(record->document, "unprivileged", true)) &&
           add(record, "role", is_customers ? "customer" : "staff") &&
           add(record, "service", login->service) && add(record, "requested_user", login->user) &&
           add(record, "rhost", login->rhost) && add(record, "tty", login->tty);
}

static bool add_all(const struct record *record, const struct record_outcome *outcome)
{
    const struct sign_in *sign_in = record->sign_in;

    return add(record, "verdict", outcome->verdict) && add(record, "reason", outcome->reason) &&
           add(record, "phase", phase_name(sign_in->login.phase)) &&
           json_add_integer(record->document, "duration_ms", boottime_ms() - sign_in->began_ms) &&
           add_person(record) && add_session(record) && add_check_in(record) && add_place(record) &&
           add(record, "detail", sign_in->detail);
}

struct json_document *record_make(const struct keeper *keeper, const struct sign_in *sign_in,
                                  const struct record_outcome *outcome)
{
    const struct record record = {
        .document = audit_record(outcome->event),
        .keeper = keeper,
        .sign_in = sign_in,
        .is_allowed = sign_in->reason == REASON_OK,
    };

    if (record.document && add_all(&record, outcome))
        return record.document;
    json_free(record.document);
    return NULL;
}
