/* SPDX-License-Identifier: BSD-2-Clause */
/* What a child hears from the keeper, byte for byte; and a child that does not read is told nothing more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "frontdesk/wire.h"
#include "keeper/answers.h"

static struct keeper keeper;
static struct sign_in sign_in;
static int child;
static uint8_t packet[QUESTION_PACKET_MAX];

static int make(void **state)
{
    int pair[2];

    (void)state;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    child = pair[0];
    sign_in = (struct sign_in){.child = pair[1]};
    return 0;
}

static int unmake(void **state)
{
    (void)state;
    (void)close(child);
    (void)close(sign_in.child);
    return 0;
}

static struct wire_reader heard(unsigned type)
{
    const ssize_t n = recv(child, packet, sizeof packet, MSG_DONTWAIT);
    struct wire_reader r = wire_read(packet, n > 0 ? (size_t)n : 0);

    assert_true(n > 0);
    assert_int_equal(wire_get_u8(&r), type);
    return r;
}

static void says(struct wire_reader *r, const char *expected)
{
    char text[256];

    wire_get_string(r, text, sizeof text);
    assert_false(r->failed);
    assert_string_equal(text, expected);
}

static void connections_to_choose_from_are_named_in_order(void **state)
{
    char staff[] = "staff", guests[] = "guests";
    const struct connection first = {.name = staff}, second = {.name = guests};
    const struct admission_choices choices = {.connections = {&first, &second}, .count = 2},
                                   none = {.count = 0};
    struct wire_reader r;

    (void)state;
    assert_true(answer_choices(&keeper, &sign_in, &choices));
    r = heard(QUESTION_CHOICES);
    assert_int_equal(wire_get_u16(&r), 2);
    says(&r, "staff");
    says(&r, "guests");
    assert_true(wire_end(&r));
    assert_true(answer_choices(&keeper, &sign_in, &none));
    r = heard(QUESTION_CHOICES);
    assert_int_equal(wire_get_u16(&r), 0);
    assert_true(wire_end(&r));
}

static void users_to_pick_from_are_named_in_order(void **state)
{
    char kiosk[] = "kiosk", desk[] = "desk";
    char *users[] = {kiosk, desk, NULL};
    struct wire_reader r;

    (void)state;
    sign_in.candidates = users;
    assert_true(answer_users(&keeper, &sign_in));
    r = heard(QUESTION_USERS);
    assert_int_equal(wire_get_u16(&r), 2);
    says(&r, "kiosk");
    says(&r, "desk");
    assert_true(wire_end(&r));
    sign_in.candidates = NULL;
}

static void what_does_not_fit_is_not_said_at_all(void **state)
{
    char *name AUTO_FREE = malloc(60001);
    char *users[QUESTION_PACKET_MAX / 60000 + 2] = {0};

    (void)state;
    assert_non_null(name);
    memset(name, 'x', 60000);
    name[60000] = '\0';
    for (size_t i = 0; i < QUESTION_PACKET_MAX / 60000 + 1; i++)
        users[i] = name;
    sign_in.candidates = users;
    assert_false(answer_users(&keeper, &sign_in));
    assert_int_equal(recv(child, packet, sizeof packet, MSG_DONTWAIT), -1);
    sign_in.candidates = NULL;
}

static void decided(enum login_phase phase, char *log_out_url, const char *expected)
{
    struct wire_reader r;

    sign_in.reason = REASON_OK;
    sign_in.login.phase = phase;
    sign_in.log_out_url = log_out_url;
    (void)snprintf(sign_in.user, sizeof sign_in.user, "%s", "alice");
    assert_true(answer_decided(&keeper, &sign_in));
    r = heard(QUESTION_DECIDED);
    says(&r, "ok");
    assert_int_equal(wire_get_u8(&r), VERDICT_ALLOW);
    says(&r, "alice");
    says(&r, expected);
    assert_true(wire_end(&r));
}

static void where_to_log_out_is_said_when_the_session_ends(void **state)
{
    char url[] = "https://idp.example/logout";

    (void)state;
    decided(PHASE_CLOSE_SESSION, url, url);
    decided(PHASE_CLOSE_SESSION, NULL, "");
    decided(PHASE_AUTH, url, "");
    decided(PHASE_OPEN_SESSION, url, "");
}

static void a_child_that_has_gone_is_told_nothing(void **state)
{
    (void)state;
    (void)shutdown(child, SHUT_RDWR);
    assert_false(answer_decided(&keeper, &sign_in));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(connections_to_choose_from_are_named_in_order),
        TEST(users_to_pick_from_are_named_in_order),
        TEST(what_does_not_fit_is_not_said_at_all),
        TEST(where_to_log_out_is_said_when_the_session_ends),
        TEST(a_child_that_has_gone_is_told_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
