/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of one's local users? The answers wait in the socket before the question is asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "frontdesk/wire.h"
#include "session/session_choice.h"
#include "sockets.h"

#define PATIENCE_MS 30000 /* what is to be read is there already */

static int module_end;
static struct talk talk;
static char kiosk[] = "kiosk", ana[] = "ana";
static char *users[] = {kiosk, ana, NULL};

static int make(void **state)
{
    int pair[2];

    (void)state;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    module_end = pair[0];
    talk = (struct talk){.module = pair[1]};
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    (void)close(module_end);
    (void)close(talk.module);
    return 0;
}

static void answer(enum answer_kind kind, const char *text)
{
    uint8_t packet[64];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, MESSAGE_ANSWER);
    wire_put_u8(&w, kind);
    wire_put_string(&w, text);
    assert_true(packet_send(module_end, packet, wire_written(&w)));
}

static enum reason pick(const char **ret_name)
{
    const struct display_place place = {
        .service = "login", .tty = "tty1", .rhost = "", .user = "", .codeset = "UTF-8"};
    const struct choice choice = {
        .place = &place, .names = users, .deadline_ms = boottime_ms() + PATIENCE_MS};

    return choice_of_user(&talk, &choice, ret_name);
}

static void expect(unsigned type, const char *wanted)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    struct wire_reader r = wire_read(packet, packet_receive(module_end, packet, sizeof packet, PATIENCE_MS));
    char text[256];

    assert_int_equal(wire_get_u8(&r), type);
    assert_int_equal(wire_get_u8(&r), type == MESSAGE_ASK && wanted[0] == 'W');
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, wanted);
}

static void a_number_picks_the_user(void **state)
{
    const char *name = NULL;

    (void)state;
    answer(ANSWER_TEXT, "2");
    assert_int_equal(pick(&name), REASON_OK);
    assert_string_equal(name, "ana");
    expect(MESSAGE_ASK, "Which account?\n  1  kiosk\n  2  ana\nNumber: ");
}

static void an_open_prompt_is_answered_first(void **state)
{
    const char *name = NULL;

    (void)state;
    assert_true(talk_ask(&talk, false, "Press Enter once approved: "));
    answer(ANSWER_EMPTY, "");
    answer(ANSWER_TEXT, "1");
    assert_int_equal(pick(&name), REASON_OK);
    assert_string_equal(name, "kiosk");
    expect(MESSAGE_ASK, "Press Enter once approved: ");
    expect(MESSAGE_ASK, "Which account?\n  1  kiosk\n  2  ana\nNumber: ");
}

static void a_text_for_the_open_prompt_is_a_fault(void **state)
{
    const char *name = NULL;

    (void)state;
    assert_true(talk_ask(&talk, false, "Press Enter once approved: "));
    answer(ANSWER_TEXT, "1");
    assert_int_equal(pick(&name), REASON_PROTOCOL);
    assert_null(name);
}

static void names_are_no_answer(void **state)
{
    const char *name = NULL;

    (void)state;
    answer(ANSWER_TEXT, "ana");
    answer(ANSWER_TEXT, "0");
    answer(ANSWER_TEXT, "3");
    assert_int_equal(pick(&name), REASON_CANCELLED);
    assert_null(name);
}

static void a_module_that_has_gone_cancels(void **state)
{
    const char *name = NULL;

    (void)state;
    assert_true(talk_ask(&talk, false, "Press Enter once approved: "));
    (void)shutdown(module_end, SHUT_RDWR);
    assert_int_equal(pick(&name), REASON_CANCELLED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)
    const struct CMUnitTest tests[] = {
        TEST(a_number_picks_the_user),
        TEST(an_open_prompt_is_answered_first),
        TEST(a_text_for_the_open_prompt_is_a_fault),
        TEST(names_are_no_answer),
        TEST(a_module_that_has_gone_cancels),
    };
#undef TEST

    return cmocka_run_group_tests_name("session_choice_users", tests, NULL, NULL);
}
