/* SPDX-License-Identifier: BSD-2-Clause */
/* Which answers of a module are in order, and when. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "frontdesk/wire.h"
#include "session/session_talk.h"
#include "sockets.h"

#define PATIENCE_MS 30000 /* what is to be read is there already */

static struct talk talk;
static int module_end;
static uint8_t packet[PROTOCOL_PACKET_MAX];

static int connect_ends(void **state)
{
    int ends[2];

    (void)state;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    talk = (struct talk){.module = ends[0]};
    module_end = ends[1];
    return 0;
}

static int close_ends(void **state)
{
    (void)state;
    (void)close(talk.module);
    (void)close(module_end);
    return 0;
}

static void answer(unsigned type, unsigned kind, const char *text)
{
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, type);
    wire_put_u8(&w, kind);
    wire_put_string(&w, text);
    assert_true(packet_send(module_end, packet, wire_written(&w)));
}

static void an_answer_to_a_prompt_may_have_come_or_not(void **state)
{
    (void)state;
    assert_true(talk_is_in_order(&talk));
    assert_true(talk_ask(&talk, false, "Press Enter"));
    assert_true(talk_is_in_order(&talk));
    assert_true(talk.answer_due);
    answer(MESSAGE_ANSWER, ANSWER_TYPED, "");
    assert_true(talk_is_in_order(&talk));
    assert_false(talk.answer_due);
}

static void a_second_answer_is_out_of_order(void **state)
{
    (void)state;
    assert_true(talk_ask(&talk, false, "Press Enter"));
    answer(MESSAGE_ANSWER, ANSWER_EMPTY, "");
    answer(MESSAGE_ANSWER, ANSWER_EMPTY, "");
    assert_false(talk_is_in_order(&talk));
}

static void an_answer_to_nothing_is_out_of_order(void **state)
{
    (void)state;
    assert_true(talk_show(&talk, "Hello"));
    answer(MESSAGE_ANSWER, ANSWER_EMPTY, "");
    assert_false(talk_is_in_order(&talk));
}

static void text_never_answers_a_prompt_without_echo(void **state)
{
    (void)state;
    assert_true(talk_ask(&talk, false, "Press Enter"));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "a password");
    assert_false(talk_is_in_order(&talk));
}

static void what_was_typed_without_echo_must_not_come_along(void **state)
{
    (void)state;
    assert_true(talk_ask(&talk, false, "Press Enter"));
    answer(MESSAGE_ANSWER, ANSWER_TYPED, "a password");
    assert_false(talk_is_in_order(&talk));
}

static void answers_that_are_none_are_refused(void **state)
{
    static const struct {
        unsigned type, kind;
        const char *text;
    } none[] = {
        {MESSAGE_LOGIN, ANSWER_TEXT, "1"},
        {MESSAGE_ANSWER, 0, ""},
        {MESSAGE_ANSWER, 4, ""},
        {MESSAGE_ANSWER, ANSWER_TYPED, "secret"},
        {MESSAGE_ANSWER, ANSWER_EMPTY, ""},
        {MESSAGE_ANSWER, ANSWER_TYPED, ""},
    };
    char text[PROTOCOL_ANSWER_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        talk.answer_due = false;
        assert_true(talk_ask(&talk, true, "Number: "));
        answer(none[i].type, none[i].kind, none[i].text);
        assert_false(talk_answer(&talk, boottime_ms() + PATIENCE_MS, text));
    }
}

static void an_answer_has_at_most_its_maximum(void **state)
{
    char long_text[PROTOCOL_ANSWER_MAX + 2], text[PROTOCOL_ANSWER_MAX + 1];

    (void)state;
    memset(long_text, 'a', sizeof long_text - 1);
    long_text[sizeof long_text - 1] = '\0';
    assert_true(talk_ask(&talk, true, "Number: "));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, long_text + 1);
    assert_true(talk_answer(&talk, boottime_ms() + PATIENCE_MS, text));
    assert_string_equal(text, long_text + 1);
    assert_true(talk_ask(&talk, true, "Number: "));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, long_text);
    assert_false(talk_answer(&talk, boottime_ms() + PATIENCE_MS, text));
}

static void nothing_is_asked_while_an_answer_is_due(void **state)
{
    char text[PROTOCOL_ANSWER_MAX + 1];

    (void)state;
    assert_true(talk_ask(&talk, true, "Number: "));
    assert_false(talk_ask(&talk, true, "Number: "));
    assert_false(talk_offer(&talk, "Password: "));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "1");
    assert_true(talk_answer(&talk, boottime_ms() + PATIENCE_MS, text));
    assert_string_equal(text, "1");
}

static void texts_have_at_most_their_maximum(void **state)
{
    static char text[PROTOCOL_TEXT_MAX + 2];

    (void)state;
    memset(text, 'a', sizeof text - 1);
    assert_false(talk_show(&talk, text));
    assert_false(talk_warn(&talk, text));
    assert_false(talk_ask(&talk, true, text));
    assert_true(talk_show(&talk, text + 1));
    assert_int_equal(packet_receive(module_end, packet, sizeof packet, 0), 3 + PROTOCOL_TEXT_MAX);
    assert_int_equal(packet[0], MESSAGE_SHOW);
}

static void send_bytes(const void *bytes, size_t length)
{
    assert_int_equal(send(module_end, bytes, length, MSG_NOSIGNAL), (ssize_t)length);
}

static void half_an_answer_and_more_than_one_are_none(void **state)
{
    static const uint8_t cut[] = {MESSAGE_ANSWER, ANSWER_EMPTY},
                         more[] = {MESSAGE_ANSWER, ANSWER_EMPTY, 0, 0, 0},
                         no_kind[] = {MESSAGE_ANSWER, 0, 0, 0}, fourth[] = {MESSAGE_ANSWER, 4, 0, 0},
                         whole[] = {MESSAGE_ANSWER, ANSWER_EMPTY, 0, 0};

    (void)state;
    assert_true(talk_ask(&talk, false, "Press Enter"));
    send_bytes(cut, sizeof cut);
    assert_false(talk_settle(&talk, boottime_ms() + PATIENCE_MS));
    send_bytes(more, sizeof more);
    assert_false(talk_settle(&talk, boottime_ms() + PATIENCE_MS));
    send_bytes(no_kind, sizeof no_kind);
    assert_false(talk_settle(&talk, boottime_ms() + PATIENCE_MS));
    send_bytes(fourth, sizeof fourth);
    assert_false(talk_settle(&talk, boottime_ms() + PATIENCE_MS));
    assert_true(talk.answer_due);
    send_bytes(whole, sizeof whole);
    assert_true(talk_settle(&talk, boottime_ms() + PATIENCE_MS));
    assert_false(talk.answer_due);
}

static void an_offer_is_answered_without_words(void **state)
{
    bool typed = false;

    (void)state;
    assert_true(talk_offer(&talk, "Password: "));
    answer(MESSAGE_ANSWER, ANSWER_TYPED, "");
    assert_true(talk_offer_answer(&talk, boottime_ms() + PATIENCE_MS, &typed));
    assert_true(typed);
    assert_true(talk_offer(&talk, "Password: "));
    answer(MESSAGE_ANSWER, ANSWER_EMPTY, "");
    assert_true(talk_offer_answer(&talk, boottime_ms() + PATIENCE_MS, &typed));
    assert_false(typed);
    assert_true(talk_offer(&talk, "Password: "));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "secret");
    assert_false(talk_offer_answer(&talk, boottime_ms() + PATIENCE_MS, &typed));
}

static void an_answer_behind_the_deadline_is_not_waited_for(void **state)
{
    char text[PROTOCOL_ANSWER_MAX + 1] = "kept";

    (void)state;
    assert_true(talk_ask(&talk, true, "Number: "));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "1");
    assert_false(talk_answer(&talk, boottime_ms() - 1, text));
    assert_false(talk_answer(&talk, 0, text));
    assert_string_equal(text, "kept");
}

int __real_poll(struct pollfd *at, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms);

static int longest_ms;

int __wrap_poll(struct pollfd *at, nfds_t count, int timeout_ms)
{
    if (timeout_ms > longest_ms)
        longest_ms = timeout_ms;
    return __real_poll(at, count, timeout_ms);
}

static void a_deadline_far_away_is_not_one_that_has_passed(void **state)
{
    char text[PROTOCOL_ANSWER_MAX + 1];

    (void)state;
    assert_true(talk_ask(&talk, true, "Number: "));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "1");
    longest_ms = 0;
    /* 2^32 ms and a bit: cut to 32 bits, only the bit is left. */
    assert_true(talk_answer(&talk, boottime_ms() + (INT64_C(1) << 32) + 50, text));
    assert_true(longest_ms > PATIENCE_MS);
}

static void what_a_module_that_has_gone_does_not_hear_is_told(void **state)
{
    (void)state;
    (void)shutdown(module_end, SHUT_RDWR);
    assert_false(talk_hello(&talk));
    assert_false(talk_show(&talk, "Hello"));
    assert_false(talk_ask(&talk, false, "Press Enter"));
    assert_false(talk.answer_due);
    assert_false(talk_offer(&talk, "Password: "));
    assert_false(talk.answer_due);
}

static void receive_greeter(const char *protocol, const char *json)
{
    const size_t length = packet_receive(module_end, packet, sizeof packet, 0);
    struct wire_reader r = wire_read(packet, length);
    char text[PROTOCOL_TEXT_MAX + 1];

    assert_int_equal(wire_get_u8(&r), MESSAGE_GREETER);
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, protocol);
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, json);
    assert_true(wire_end(&r));
}

static void a_greeter_that_shows_a_code_answers_with_its_mechanism(void **state)
{
    (void)state;
    assert_true(talk_greet(&talk, PROTOCOL_MECHANISMS, "{}"));
    receive_greeter("auth-mechanisms", "{}");
    assert_true(talk_is_in_order(&talk));
    assert_true(talk.answer_due);
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "eidp");
    assert_true(talk_is_in_order(&talk));
    assert_false(talk.answer_due);
    assert_false(talk.is_typed);
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "eidp");
    assert_false(talk_is_in_order(&talk));
    assert_false(talk.is_typed);
}

static void a_password_from_a_greeter_ends_it_and_is_known_as_one(void **state)
{
    (void)state;
    assert_true(talk_greet(&talk, PROTOCOL_MECHANISMS, "{}"));
    answer(MESSAGE_ANSWER, ANSWER_TYPED, "");
    assert_false(talk_is_in_order(&talk));
    assert_true(talk.is_typed);
}

static void other_answers_of_a_greeter_are_out_of_order(void **state)
{
    static const struct {
        unsigned kind;
        const char *text;
    } others[] = {{ANSWER_EMPTY, ""}, {ANSWER_TEXT, ""}, {ANSWER_TEXT, "password"}, {ANSWER_TEXT, "eidp2"}};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        talk = (struct talk){.module = talk.module};
        assert_true(talk_greet(&talk, PROTOCOL_MECHANISMS, "{}"));
        answer(MESSAGE_ANSWER, others[i].kind, others[i].text);
        assert_false(talk_is_in_order(&talk));
        assert_false(talk.is_typed);
    }
    talk = (struct talk){.module = talk.module};
    assert_true(talk_ask(&talk, false, "Press Enter"));
    answer(MESSAGE_ANSWER, ANSWER_TYPED, "");
    assert_true(talk_is_in_order(&talk));
    assert_false(talk.is_typed);
}

static void a_greeter_that_is_open_is_waited_for_before_a_question(void **state)
{
    (void)state;
    assert_true(talk_greet(&talk, PROTOCOL_MECHANISMS, "{}"));
    assert_false(talk_ask(&talk, true, "Number: "));
    assert_false(talk_greet(&talk, PROTOCOL_MECHANISMS, "{}"));
    answer(MESSAGE_ANSWER, ANSWER_TEXT, "eidp");
    assert_true(talk_settle(&talk, boottime_ms() + PATIENCE_MS));
    assert_true(talk_ask(&talk, true, "Number: "));
}

static void what_a_kiosk_is_told_has_no_answer_and_waits_for_none(void **state)
{
    static char json[PROTOCOL_TEXT_MAX + 2];

    (void)state;
    assert_true(talk_greet(&talk, PROTOCOL_MECHANISMS, "{\"a\":1}"));
    assert_true(talk_greet(&talk, PROTOCOL_FRONTDESK, "{\"b\":2}"));
    receive_greeter("auth-mechanisms", "{\"a\":1}");
    receive_greeter("frontdesk", "{\"b\":2}");
    talk = (struct talk){.module = talk.module};
    memset(json, 'a', sizeof json - 1);
    assert_false(talk_greet(&talk, PROTOCOL_FRONTDESK, json));
    assert_true(talk_greet(&talk, PROTOCOL_FRONTDESK, json + 1));
    assert_false(talk.answer_due);
    assert_false(talk.is_greeted);
    receive_greeter("frontdesk", json + 1);
    (void)shutdown(module_end, SHUT_RDWR);
    assert_false(talk_greet(&talk, PROTOCOL_MECHANISMS, "{}"));
    assert_false(talk.answer_due);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, connect_ends, close_ends)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_to_a_prompt_may_have_come_or_not),
        TEST(a_second_answer_is_out_of_order),
        TEST(an_answer_to_nothing_is_out_of_order),
        TEST(text_never_answers_a_prompt_without_echo),
        TEST(what_was_typed_without_echo_must_not_come_along),
        TEST(answers_that_are_none_are_refused),
        TEST(an_answer_has_at_most_its_maximum),
        TEST(nothing_is_asked_while_an_answer_is_due),
        TEST(half_an_answer_and_more_than_one_are_none),
        TEST(an_offer_is_answered_without_words),
        TEST(an_answer_behind_the_deadline_is_not_waited_for),
        TEST(a_deadline_far_away_is_not_one_that_has_passed),
        TEST(what_a_module_that_has_gone_does_not_hear_is_told),
        TEST(texts_have_at_most_their_maximum),
        TEST(a_greeter_that_shows_a_code_answers_with_its_mechanism),
        TEST(a_password_from_a_greeter_ends_it_and_is_known_as_one),
        TEST(other_answers_of_a_greeter_are_out_of_order),
        TEST(a_greeter_that_is_open_is_waited_for_before_a_question),
        TEST(what_a_kiosk_is_told_has_no_answer_and_waits_for_none),
    };
#undef TEST

    return cmocka_run_group_tests_name("session_talk", tests, NULL, NULL);
}
