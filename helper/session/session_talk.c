/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One packet a message. A prompt without echo is not waited for: the person may press Enter late or never,
 * and the verdict does not depend on it.
 */
#include "session/session_talk.h"

#include <poll.h>
#include <stddef.h>
#include <string.h>

#include "clock.h"
#include "frontdesk/wire.h"
#include "sockets.h"

#define ANSWER_PACKET_MAX (1 + 1 + 2 + PROTOCOL_ANSWER_MAX)

#define NO_ANSWER 0

_Static_assert(PROTOCOL_TEXT_MAX + PROTOCOL_FIELD_MAX + 5 <= PROTOCOL_PACKET_MAX,
               "every message of ours fits");

static bool send_packet(const struct talk *talk, const uint8_t *packet, const struct wire_writer *w)
{
    return packet_send(talk->module, packet, wire_written(w));
}

static bool send_text(const struct talk *talk, enum message_type type, const char *text)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    struct wire_writer w = wire_write(packet, sizeof packet);

    if (strlen(text) > PROTOCOL_TEXT_MAX)
        return false;
    wire_put_u8(&w, type);
    wire_put_string(&w, text);
    return send_packet(talk, packet, &w);
}

bool talk_hello(const struct talk *talk)
{
    uint8_t packet[3];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, MESSAGE_HELLO);
    wire_put_u16(&w, PROTOCOL_VERSION);
    return send_packet(talk, packet, &w);
}

bool talk_show(const struct talk *talk, const char *text)
{
    return send_text(talk, MESSAGE_SHOW, text);
}

bool talk_warn(const struct talk *talk, const char *text)
{
    return send_text(talk, MESSAGE_WARN, text);
}

bool talk_ask(struct talk *talk, bool echo, const char *text)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    struct wire_writer w = wire_write(packet, sizeof packet);

    if (talk->answer_due || strlen(text) > PROTOCOL_TEXT_MAX)
        return false;
    wire_put_u8(&w, MESSAGE_ASK);
    wire_put_u8(&w, echo ? 1 : 0);
    wire_put_string(&w, text);
    talk->answer_due = send_packet(talk, packet, &w);
    return talk->answer_due;
}

bool talk_greet(struct talk *talk, const char *protocol, const char *json)
{
    const bool chooses = strcmp(protocol, PROTOCOL_MECHANISMS) == 0;
    uint8_t packet[PROTOCOL_PACKET_MAX];
    struct wire_writer w = wire_write(packet, sizeof packet);

    if ((chooses && talk->answer_due) || strlen(json) > PROTOCOL_TEXT_MAX)
        return false;
    wire_put_u8(&w, MESSAGE_GREETER);
    wire_put_string(&w, protocol);
    wire_put_string(&w, json);
    if (!send_packet(talk, packet, &w))
        return false;
    if (chooses)
        talk->answer_due = talk->is_greeted = true;
    return true;
}

bool talk_offer(struct talk *talk, const char *text)
{
    if (talk->answer_due)
        return false;
    talk->answer_due = send_text(talk, MESSAGE_OFFER, text);
    return talk->answer_due;
}

/* The answer's kind, or NO_ANSWER for what is none. Text comes with ANSWER_TEXT only. */
static unsigned answer_parse(const uint8_t *packet, size_t length, char ret_text[PROTOCOL_ANSWER_MAX + 1])
{
    struct wire_reader r = wire_read(packet, length);
    const unsigned type = wire_get_u8(&r);
    const unsigned kind = wire_get_u8(&r);

    wire_get_string(&r, ret_text, PROTOCOL_ANSWER_MAX + 1);
    if (!wire_end(&r) || type != MESSAGE_ANSWER || kind > ANSWER_TYPED)
        return NO_ANSWER;
    return kind == ANSWER_TEXT || ret_text[0] == '\0' ? kind : NO_ANSWER;
}

static unsigned answer_receive(struct talk *talk, int timeout_ms, char ret_text[PROTOCOL_ANSWER_MAX + 1])
{
    uint8_t packet[ANSWER_PACKET_MAX];
    const size_t length = packet_receive(talk->module, packet, sizeof packet, timeout_ms);
    const unsigned kind = answer_parse(packet, length, ret_text);

    if (!talk->answer_due)
        return NO_ANSWER;
    talk->answer_due = kind == NO_ANSWER;
    return kind;
}

static unsigned answer_await(struct talk *talk, int64_t deadline_ms, char ret_text[PROTOCOL_ANSWER_MAX + 1])
{
    const int64_t left = deadline_ms - boottime_ms();

    if (left <= 0)
        return NO_ANSWER;
    return answer_receive(talk, left > INT32_MAX ? INT32_MAX : (int)left, ret_text);
}

static bool is_wordless(unsigned kind)
{
    return kind == ANSWER_EMPTY || kind == ANSWER_TYPED;
}

bool talk_answer(struct talk *talk, int64_t deadline_ms, char ret_text[PROTOCOL_ANSWER_MAX + 1])
{
    char text[PROTOCOL_ANSWER_MAX + 1];

    if (answer_await(talk, deadline_ms, text) != ANSWER_TEXT)
        return false;
    memcpy(ret_text, text, sizeof text);
    return true;
}

bool talk_offer_answer(struct talk *talk, int64_t deadline_ms, bool *ret_typed)
{
    char text[PROTOCOL_ANSWER_MAX + 1];
    const unsigned kind = answer_await(talk, deadline_ms, text);

    if (!is_wordless(kind))
        return false;
    *ret_typed = kind == ANSWER_TYPED;
    return true;
}

/* What may come in answer to that which nobody waits for. */
static bool is_fair(struct talk *talk, unsigned kind, const char *text)
{
    if (!talk->is_greeted)
        return is_wordless(kind);
    if (kind == ANSWER_TYPED)
        talk->is_typed = true;
    return kind == ANSWER_TEXT && strcmp(text, PROTOCOL_EIDP) == 0;
}

bool talk_settle(struct talk *talk, int64_t deadline_ms)
{
    char text[PROTOCOL_ANSWER_MAX + 1];

    return !talk->answer_due || is_fair(talk, answer_await(talk, deadline_ms, text), text);
}

enum reason talk_no_answer(const struct talk *talk, int64_t deadline_ms)
{
    if (socket_is_hung_up(talk->module))
        return REASON_CANCELLED;
    return boottime_ms() >= deadline_ms ? REASON_TIMEOUT : REASON_PROTOCOL;
}

static bool has_packet(int module)
{
    struct pollfd p = {.fd = module, .events = POLLIN};

    (void)poll(&p, 1, 0);
    return (p.revents & POLLIN) != 0;
}

bool talk_is_in_order(struct talk *talk)
{
    char text[PROTOCOL_ANSWER_MAX + 1];

    while (has_packet(talk->module))
        if (!is_fair(talk, answer_receive(talk, 0, text), text))
            return false;
    return true;
}
