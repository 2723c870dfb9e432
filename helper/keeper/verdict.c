/* SPDX-License-Identifier: BSD-2-Clause */
/* Small packets into a queue that is nearly empty; a module that does not read them gets no second chance. */
#include "keeper/verdict.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "frontdesk/member_text.h"
#include "frontdesk/protocol.h"
#include "frontdesk/wire.h"

_Static_assert(MEMBER_NAME_MAX <= 96, "a verdict's packet has room for the user");

static bool send_now(int fd, const struct wire_writer *w)
{
    const size_t length = wire_written(w);

    return send(fd, w->buffer, length, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)length;
}

static bool send_set(int module, const char *name, const char *value)
{
    uint8_t packet[PROTOCOL_FIELD_MAX * 2 + 8];
    struct wire_writer w = wire_write(packet, sizeof packet);
    bool sent;

    wire_put_u8(&w, MESSAGE_SET);
    wire_put_string(&w, name);
    wire_put_string(&w, value);
    sent = send_now(module, &w);
    explicit_bzero(packet, sizeof packet);
    return sent;
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

static bool send_check_in(const struct sign_in *sign_in)
{
    char since[24];

    (void)snprintf(since, sizeof since, "%" PRId64, sign_in->check_in_since);
    return send_label(sign_in->module, "FRONTDESK_CHECK_IN", sign_in->check_in) &&
           send_label(sign_in->module, "FRONTDESK_CHECK_IN_SINCE", since);
}

/* An allow at the kiosk names nobody, and every other one names somebody. */
static bool has_its_user(const struct sign_in *sign_in)
{
    return sign_in->kiosk ? sign_in->user[0] == '\0'
                          : member_name_is_valid(sign_in->user, strlen(sign_in->user));
}

bool verdict_send(const struct sign_in *sign_in)
{
    const enum verdict verdict = reason_verdict(sign_in->reason);
    const bool allowed = verdict == VERDICT_ALLOW;
    const bool is_later = sign_in->kiosk && sign_in->login.phase != PHASE_AUTH;
    uint8_t packet[128 + PROTOCOL_REASON_MAX];
    struct wire_writer w = wire_write(packet, sizeof packet);

    if (allowed && !has_its_user(sign_in))
        return false;
    if (allowed && sign_in->connection && !is_later && !send_sets(sign_in))
        return false;
    if (allowed && sign_in->check_in && !send_check_in(sign_in))
        return false;
    wire_put_u8(&w, MESSAGE_VERDICT);
    wire_put_u8(&w, verdict);
    wire_put_string(&w, allowed ? sign_in->user : "");
    wire_put_string(&w, reason_code(sign_in->reason));
    return send_now(sign_in->module, &w);
}
