/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Carries messages between helper and person. The helper is not trusted: a table says which message may come
 * when and from whom, and the first one that must not come ends the conversation.
 */
#include "relay.h"

#include <string.h>

#include "channel.h"
#include "converse.h"
#include "describe.h"
#include "frontdesk/wire.h"
#include "greeter.h"
#include "greeter_reply.h"
#include "plain_text.h"

enum state {
    STATE_GREETING = 1, /* LOGIN sent, HELLO awaited */
    STATE_TALKING = 2,
    STATE_PASSED_ON = 4, /* a password was typed: the sign-in is the next module's */
    STATE_DECIDED = 8,
};

struct relay {
    const struct call *call;
    struct channel channel;
    int64_t deadline;
    enum state state;
    bool was_offered; /* a way to type a password: an OFFER, or a greeter's mechanisms */
    bool was_told;    /* a greeter, of a refusal */
    struct relay_outcome outcome;
    uint8_t packet[PROTOCOL_PACKET_MAX];
    char text[PROTOCOL_TEXT_MAX + 1];
};

/* Each takes one message's fields and says its fault, or NULL. */
typedef const char *(*taker)(struct relay *relay, struct wire_reader *r);

static const char *take_hello(struct relay *relay, struct wire_reader *r)
{
    const unsigned version = wire_get_u16(r);

    if (!wire_end(r))
        return "packet_malformed";
    if (version != PROTOCOL_VERSION)
        return "wrong_version";
    relay->state = STATE_TALKING;
    return NULL;
}

/*
 * PAM_SILENT asks for less chatter. Of a sign-in the messages are no chatter but the sign-in itself, and sudo
 * is silent unless told otherwise: nobody can approve a code that nobody sees.
 */
static bool is_muted(const struct call *call)
{
    return call->silent && call->phase != PHASE_AUTH;
}

static const char *show(struct relay *relay, struct wire_reader *r, int style)
{
    wire_get_string(r, relay->text, sizeof relay->text);
    if (!wire_end(r))
        return "packet_malformed";
    if (!plain_text(relay->text, true))
        return "text_of_control_bytes";
    if (is_muted(relay->call) || converse_show(relay->call->pamh, style, relay->text) ||
        relay->call->phase == PHASE_CLOSE_SESSION) /* whoever is gone need not read it */
        return NULL;
    return "conversation_failed";
}

static const char *take_show(struct relay *relay, struct wire_reader *r)
{
    return show(relay, r, PAM_TEXT_INFO);
}

static const char *take_warn(struct relay *relay, struct wire_reader *r)
{
    return show(relay, r, PAM_ERROR_MSG);
}

/* An answer given without echo may be a password: of it, only whether there was one leaves this process. */
static const char *send_answer(struct relay *relay, enum answer_kind kind, const char *text)
{
    uint8_t packet[1 + 1 + 2 + PROTOCOL_ANSWER_MAX];
    struct wire_writer w = wire_write(packet, sizeof packet);
    size_t length;
    const char *fault;

    if (channel_now() >= relay->deadline)
        return "timeout";
    wire_put_u8(&w, MESSAGE_ANSWER);
    wire_put_u8(&w, kind);
    wire_put_string(&w, kind == ANSWER_TEXT ? text : NULL);
    length = wire_written(&w);
    fault = length > 0 ? channel_send(&relay->channel, packet, length) : "answer_too_long";
    explicit_bzero(packet, sizeof packet);
    return fault;
}

static enum answer_kind kind_of(const char *typed)
{
    return typed[0] == '\0' ? ANSWER_EMPTY : ANSWER_TYPED;
}

static const char *take_ask(struct relay *relay, struct wire_reader *r)
{
    const unsigned echo = wire_get_u8(r);
    char *answer;
    const char *fault;

    wire_get_string(r, relay->text, sizeof relay->text);
    if (!wire_end(r) || echo > 1)
        return "packet_malformed";
    if (!plain_text(relay->text, true))
        return "text_of_control_bytes";
    answer = converse_ask(relay->call->pamh, echo ? PAM_PROMPT_ECHO_ON : PAM_PROMPT_ECHO_OFF, relay->text);
    if (!answer)
        return "conversation_failed";
    fault = send_answer(relay, echo ? ANSWER_TEXT : kind_of(answer), answer);
    converse_erase(answer);
    return fault;
}

/*
 * What was typed becomes PAM_AUTHTOK and stays so whatever happens next, even when the helper dies or lies
 * from here on: PAM_AUTHINFO_UNAVAIL, which the stack that allows passwords passes over, then leads to a
 * module that has the password, and nobody types it twice or is locked out by us. Unset, the next module asks
 * anew. A fault, or NULL.
 */
static const char *keep_password(pam_handle_t *pamh, const char *typed)
{
    if (strlen(typed) >= PAM_MAX_RESP_SIZE) {
        (void)pam_set_item(pamh, PAM_AUTHTOK, NULL);
        return "password_too_long";
    }
    return pam_set_item(pamh, PAM_AUTHTOK, typed[0] == '\0' ? NULL : typed) == PAM_SUCCESS
               ? NULL
               : "password_not_kept";
}

/* TYPED: the sign-in is over here; EMPTY: it begins. */
static const char *take_password(struct relay *relay, const char *typed, enum answer_kind kind)
{
    const char *fault = keep_password(relay->call->pamh, typed);

    if (kind == ANSWER_TYPED)
        relay->state = STATE_PASSED_ON;
    return fault ? fault : send_answer(relay, kind, NULL);
}

static const char *take_offer(struct relay *relay, struct wire_reader *r)
{
    char *typed;
    const char *fault;

    if (!relay->call->arguments.passwords_allowed || relay->was_offered)
        return "not_allowed_now";
    wire_get_string(r, relay->text, sizeof relay->text);
    if (!wire_end(r))
        return "packet_malformed";
    if (!plain_text(relay->text, true))
        return "text_of_control_bytes";
    relay->was_offered = true;
    typed = converse_ask(relay->call->pamh, PAM_PROMPT_ECHO_OFF, relay->text);
    if (!typed)
        return "conversation_failed";
    fault = take_password(relay, typed, kind_of(typed));
    converse_erase(typed);
    return fault;
}

/* A password that was left empty is the next module's to ask for: whoever chose to type has left us. */
static const char *take_choice(struct relay *relay, const struct greeter_reply *reply)
{
    if (reply->choice == GREETER_CHOICE_EIDP)
        return send_answer(relay, ANSWER_TEXT, PROTOCOL_EIDP);
    if (!relay->call->arguments.passwords_allowed)
        return "password_not_allowed";
    return take_password(relay, reply->password, ANSWER_TYPED);
}

static const char *take_reply(struct relay *relay, const char *json)
{
    struct greeter_reply reply;
    const char *fault = greeter_reply_read(json, &reply) ? take_choice(relay, &reply) : "conversation_failed";

    explicit_bzero(&reply, sizeof reply);
    return fault;
}

static const char *take_greeter(struct relay *relay, struct wire_reader *r)
{
    char protocol[PROTOCOL_FIELD_MAX + 1];
    bool *was_sent, chooses;
    char *reply;
    const char *fault;

    wire_get_string(r, protocol, sizeof protocol);
    wire_get_string(r, relay->text, sizeof relay->text);
    chooses = strcmp(protocol, PROTOCOL_MECHANISMS) == 0;
    if (!wire_end(r) || (!chooses && strcmp(protocol, PROTOCOL_FRONTDESK) != 0) || relay->text[0] != '{')
        return "packet_malformed";
    if (!plain_text(relay->text, false))
        return "text_of_control_bytes";
    was_sent = chooses ? &relay->was_offered : &relay->was_told;
    if (!greeter_is_offered() || *was_sent)
        return "not_allowed_now";
    *was_sent = true;
    reply = greeter_ask(relay->call->pamh, protocol, relay->text);
    if (!reply)
        return "conversation_failed";
    fault = chooses ? take_reply(relay, reply) : NULL;
    converse_erase(reply);
    return fault;
}

/* FRONTDESK_[A-Z_]+ */
static bool set_name_is_ours(const char *name)
{
    static const char prefix[] = "FRONTDESK_";
    const char *rest = name + sizeof prefix - 1;

    if (strncmp(name, prefix, sizeof prefix - 1) != 0 || *rest == '\0')
        return false;
    while ((*rest >= 'A' && *rest <= 'Z') || *rest == '_')
        rest++;
    return *rest == '\0';
}

static bool set_is_repeated(const struct relay_outcome *outcome, const char *name)
{
    for (size_t i = 0; i < outcome->set_count; i++)
        if (strcmp(outcome->sets[i].name, name) == 0)
            return true;
    return false;
}

static const char *take_set(struct relay *relay, struct wire_reader *r)
{
    struct relay_outcome *outcome = &relay->outcome;
    struct relay_set set = {0};

    wire_get_string(r, set.name, sizeof set.name);
    wire_get_string(r, set.value, sizeof set.value);
    if (!wire_end(r))
        return "packet_malformed";
    if (!set_name_is_ours(set.name))
        return "set_of_foreign_name";
    if (!plain_text(set.value, false))
        return "set_of_control_bytes";
    if (set_is_repeated(outcome, set.name))
        return "set_twice";
    if (outcome->set_count == PROTOCOL_SETS_MAX)
        return "too_many_sets";
    outcome->sets[outcome->set_count++] = set;
    return NULL;
}

static bool reason_is_plain(const char *reason)
{
    return reason[0] != '\0' && reason[strspn(reason, "abcdefghijklmnopqrstuvwxyz0123456789_")] == '\0';
}

static const char *take_verdict(struct relay *relay, struct wire_reader *r)
{
    struct relay_outcome *outcome = &relay->outcome;
    const unsigned verdict = wire_get_u8(r);

    wire_get_string(r, outcome->user, sizeof outcome->user);
    wire_get_string(r, outcome->reason, sizeof outcome->reason);
    if (!wire_end(r) || verdict < VERDICT_ALLOW || verdict > VERDICT_IGNORE ||
        !reason_is_plain(outcome->reason) || (verdict != VERDICT_ALLOW && outcome->user[0] != '\0'))
        return "packet_malformed";
    if (relay->state == STATE_PASSED_ON && verdict != VERDICT_IGNORE)
        return "verdict_on_a_password";
    outcome->verdict = (enum verdict)verdict;
    relay->state = STATE_DECIDED;
    return NULL;
}

#define TALKING_PHASES (1u << PHASE_AUTH | 1u << PHASE_ACCOUNT | 1u << PHASE_OPEN_SESSION)
#define ALL_PHASES     (TALKING_PHASES | 1u << PHASE_CLOSE_SESSION)

/* Whatever is not here (our own messages come back) is not allowed at any time. */
static const struct rule {
    enum message_type type;
    unsigned states; /* in which it may come */
    unsigned phases; /* of a closing session nobody answers any more */
    bool keeper_only;
    taker take;
} rules[] = {
    {MESSAGE_HELLO, STATE_GREETING, ALL_PHASES, false, take_hello},
    {MESSAGE_SHOW, STATE_TALKING, ALL_PHASES, false, take_show},
    {MESSAGE_WARN, STATE_TALKING, TALKING_PHASES, false, take_warn},
    {MESSAGE_ASK, STATE_TALKING, TALKING_PHASES, false, take_ask},
    {MESSAGE_OFFER, STATE_TALKING, 1u << PHASE_AUTH, false, take_offer},
    {MESSAGE_GREETER, STATE_TALKING, 1u << PHASE_AUTH, false, take_greeter},
    {MESSAGE_SET, STATE_TALKING, ALL_PHASES, true, take_set},
    {MESSAGE_VERDICT, STATE_TALKING | STATE_PASSED_ON, ALL_PHASES, true, take_verdict},
};

static const struct rule *rule_for(unsigned type)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].type == type)
            return &rules[i];
    return NULL;
}

static const char *take_packet(struct relay *relay, size_t length, bool from_keeper)
{
    struct wire_reader r = wire_read(relay->packet, length);
    const struct rule *rule = rule_for(wire_get_u8(&r));

    if (!rule || !(rule->states & relay->state) || !(rule->phases & 1u << relay->call->phase))
        return "not_allowed_now";
    if (rule->keeper_only && !from_keeper)
        return "not_from_keeper";
    return rule->take(relay, &r);
}

static const char *take_next(struct relay *relay, int64_t deadline)
{
    size_t length = 0;
    bool from_keeper = false;
    const char *fault = channel_receive(&relay->channel, relay->packet, sizeof relay->packet, deadline,
                                        &length, &from_keeper);

    return fault ? fault : take_packet(relay, length, from_keeper);
}

static const char *talk(struct relay *relay, int64_t hello_deadline)
{
    const char *fault = take_next(relay, hello_deadline);

    for (unsigned n = 1; !fault && relay->state != STATE_DECIDED; n++)
        fault = n < PROTOCOL_MESSAGES_MAX ? take_next(relay, relay->deadline) : "too_many_messages";
    if (!fault && channel_has_more(&relay->channel))
        fault = "message_after_verdict";
    return fault;
}

static int64_t ceiling_ms(const struct call *call)
{
    if (call->phase == PHASE_CLOSE_SESSION)
        return PROTOCOL_CLOSE_TIMEOUT_MS;
    return (int64_t)call->arguments.timeout_s * 1000;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

const char *relay_run(const struct call *call, struct relay_outcome *ret_outcome)
{
    const int64_t now = channel_now();
    struct relay relay = {.call = call, .state = STATE_GREETING, .deadline = now + ceiling_ms(call)};
    const size_t length = describe_call(call, relay.packet, sizeof relay.packet);
    const char *fault;

    if (length == 0)
        return "item_too_long";
    fault = channel_open(call->arguments.socket, &relay.channel);
    if (fault)
        return fault;
    fault = channel_send(&relay.channel, relay.packet, length);
    if (!fault)
        fault = talk(&relay, earlier(now + PROTOCOL_HELLO_TIMEOUT_MS, relay.deadline));
    channel_close(&relay.channel);
    if (!fault)
        *ret_outcome = relay.outcome;
    explicit_bzero(&relay, sizeof relay);
    return fault;
}
