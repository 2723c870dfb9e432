/* SPDX-License-Identifier: BSD-2-Clause */
/* Small packets into a queue that is nearly empty; a module that does not read them gets no second chance. */
#include "keeper/verdict.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>

#include "frontdesk/member_text.h"
#include "frontdesk/protocol.h"
#include "frontdesk/wire.h"

#define SHOWN_MAX 96 /* bytes of one foreign string: the line has to hold all of them */

static bool send_now(int fd, const struct wire_writer *w)
{
    const size_t length = wire_written(w);

    return length > 0 && send(fd, w->buffer, length, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)length;
}

static bool send_set(int module, const char *name, const char *value)
{
    uint8_t packet[PROTOCOL_FIELD_MAX * 2 + 8];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, MESSAGE_SET);
    wire_put_string(&w, name);
    wire_put_string(&w, value);
    return send_now(module, &w);
}

/* Labels that later programs may read. One that does not fit, or that the module would refuse, is left out.
 */
static bool send_label(int module, const char *name, const char *value)
{
    const size_t length = value ? strlen(value) : 0;

    if (length == 0 || length > PROTOCOL_FIELD_MAX || !text_is_printable(value, length))
        return true;
    return send_set(module, name, value);
}

static bool send_sets(const struct sign_in *sign_in)
{
    const struct identity *identity = &sign_in->identity;
    struct service storage;
    const bool is_customers = sign_in_service(sign_in, &storage)->role == ROLE_CUSTOMER;
    const struct {
        const char *name, *value;
    } labels[] = {
        {"FRONTDESK_SESSION", sign_in->ticket},
        {"FRONTDESK_CONNECTION", sign_in->connection->name},
        {"FRONTDESK_ISSUER", identity->issuer},
        {"FRONTDESK_SUBJECT", identity->subject},
        {"FRONTDESK_EMAIL", identity->email_verified ? identity->email : NULL},
        {"FRONTDESK_NAME", identity->full_name},
        {"FRONTDESK_ROLE", is_customers ? "customer" : "staff"},
        {"FRONTDESK_MEMBER", sign_in->member},
    };

    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++)
        if (!send_label(sign_in->module, labels[i].name, labels[i].value))
            return false;
    return true;
}

bool verdict_send(const struct sign_in *sign_in)
{
    const enum verdict verdict = reason_verdict(sign_in->reason);
    const bool allowed = verdict == VERDICT_ALLOW;
    uint8_t packet[128 + PROTOCOL_REASON_MAX];
    struct wire_writer w = wire_write(packet, sizeof packet);

    if (allowed && !member_name_is_valid(sign_in->user, strlen(sign_in->user)))
        return false;
    if (allowed && sign_in->connection && !send_sets(sign_in))
        return false;
    wire_put_u8(&w, MESSAGE_VERDICT);
    wire_put_u8(&w, verdict);
    wire_put_string(&w, allowed ? sign_in->user : "");
    wire_put_string(&w, reason_code(sign_in->reason));
    return send_now(sign_in->module, &w);
}

static const char *phase_name(enum login_phase phase)
{
    switch (phase) {
    case PHASE_AUTH:
        return "auth";
    case PHASE_ACCOUNT:
        return "account";
    case PHASE_OPEN_SESSION:
        return "open_session";
    case PHASE_CLOSE_SESSION:
        return "close_session";
    }
    return "none";
}

/* Harmless, and unable to close its quotes. */
static const char *shown(const char *foreign, char buffer[SHOWN_MAX])
{
    (void)log_text(foreign, buffer, SHOWN_MAX);
    for (char *c = buffer; *c != '\0'; c++)
        if (*c == '"')
            *c = '\'';
    return buffer;
}

/* What we know ourselves comes first, so that a long foreign string cuts none of it. */
static void write_line(int level, const struct sign_in *sign_in, const char *outcome, const char *reason)
{
    char service[SHOWN_MAX], user[SHOWN_MAX], rhost[SHOWN_MAX], issuer[SHOWN_MAX], subject[SHOWN_MAX],
        detail[SHOWN_MAX];
    const struct connection *connection = sign_in->connection;
    const struct session_row *session = &sign_in->session;
    const struct login *login = &sign_in->login;
    const char *who = session->user ? session->subject : sign_in->identity.subject;

    log_line(level,
             "verdict=%s reason=%s phase=%s user=%s member=%s connection=%s peer_uid=%u%s peer_pid=%u "
             "service=\"%s\" requested=\"%s\" rhost=\"%s\" issuer=\"%s\" subject=\"%s\" detail=\"%s\"",
             outcome, reason, phase_name(login->phase), sign_in->user, sign_in->member,
             connection      ? connection->name
             : session->user ? session->connection
                             : "",
             sign_in->peer_uid, sign_in->unprivileged ? "(unprivileged)" : "", sign_in->peer_pid,
             shown(login->service, service), shown(login->user, user), shown(login->rhost, rhost),
             shown(connection      ? connection->issuer
                   : session->user ? session->issuer
                                   : "",
                   issuer),
             shown(sign_in->reason == REASON_OK && who ? who : "", subject), shown(sign_in->detail, detail));
}

void verdict_log(const struct sign_in *sign_in)
{
    const enum verdict verdict = reason_verdict(sign_in->reason);

    write_line(verdict == VERDICT_ALLOW ? LOG_INFO : LOG_NOTICE, sign_in, verdict_name(verdict),
               reason_code(sign_in->reason));
}

void verdict_log_end(const struct sign_in *sign_in, const char *why)
{
    /* Without a LOGIN nobody asked for anything: connecting alone must not fill the log. */
    write_line(sign_in->login.service[0] == '\0' ? LOG_DEBUG : LOG_NOTICE, sign_in, "none", why);
}
