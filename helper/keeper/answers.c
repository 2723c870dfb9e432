/* SPDX-License-Identifier: BSD-2-Clause */
/* A child reads its answers at once, so a queue without room belongs to a child that is lost. */
#include "keeper/answers.h"

#include <string.h>
#include <sys/socket.h>

#include "frontdesk/wire.h"

static bool send_now(const struct sign_in *sign_in, const struct wire_writer *w)
{
    const size_t length = wire_written(w);

    return length > 0 &&
           send(sign_in->child, w->buffer, length, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)length;
}

bool answer_admitted(struct keeper *keeper, const struct sign_in *sign_in, const struct secret *secret)
{
    const struct connection *connection = sign_in->connection;
    const int64_t now = boottime_s();
    const struct document discovery = document_cache_get(keeper->cache, connection, DOCUMENT_DISCOVERY, now);
    const struct document keys = document_cache_get(keeper->cache, connection, DOCUMENT_KEYS, now);
    struct wire_writer w = wire_write(keeper->packet, sizeof keeper->packet);
    bool sent;

    wire_put_u8(&w, QUESTION_ADMITTED);
    wire_put_string(&w, connection->name);
    wire_put_blob(&w, secret->bytes, secret->length);
    wire_put_u8(&w, spelling_of(&keeper->spellings, sign_in->registration));
    wire_put_blob(&w, discovery.text, discovery.length);
    wire_put_blob(&w, keys.text, keys.length);
    sent = send_now(sign_in, &w);
    explicit_bzero(keeper->packet, w.used);
    return sent;
}

bool answer_keys(struct keeper *keeper, const struct sign_in *sign_in, enum key_refetch refetch)
{
    const struct document keys =
        document_cache_get(keeper->cache, sign_in->connection, DOCUMENT_KEYS, boottime_s());
    struct wire_writer w = wire_write(keeper->packet, sizeof keeper->packet);

    wire_put_u8(&w, QUESTION_KEYS);
    wire_put_u8(&w, refetch);
    wire_put_blob(&w, keys.text, keys.length);
    return send_now(sign_in, &w);
}

bool answer_choices(struct keeper *keeper, const struct sign_in *sign_in,
                    const struct admission_choices *choices)
{
    struct wire_writer w = wire_write(keeper->packet, sizeof keeper->packet);

    wire_put_u8(&w, QUESTION_CHOICES);
    wire_put_u16(&w, (unsigned)choices->count);
    for (size_t i = 0; i < choices->count; i++)
        wire_put_string(&w, choices->connections[i]->name);
    return send_now(sign_in, &w);
}

bool answer_users(struct keeper *keeper, const struct sign_in *sign_in)
{
    struct wire_writer w = wire_write(keeper->packet, sizeof keeper->packet);
    unsigned count = 0;

    while (sign_in->candidates[count])
        count++;
    wire_put_u8(&w, QUESTION_USERS);
    wire_put_u16(&w, count);
    for (unsigned i = 0; i < count; i++)
        wire_put_string(&w, sign_in->candidates[i]);
    return send_now(sign_in, &w);
}

bool answer_decided(struct keeper *keeper, const struct sign_in *sign_in)
{
    const bool ends_session = sign_in->login.phase == PHASE_CLOSE_SESSION;
    struct wire_writer w = wire_write(keeper->packet, sizeof keeper->packet);

    wire_put_u8(&w, QUESTION_DECIDED);
    wire_put_string(&w, reason_code(sign_in->reason));
    wire_put_u8(&w, reason_verdict(sign_in->reason));
    wire_put_string(&w, sign_in->user);
    wire_put_string(&w, ends_session ? sign_in->log_out_url : NULL);
    return send_now(sign_in, &w);
}
