/* SPDX-License-Identifier: BSD-2-Clause */
/* What reaches the module's socket, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontdesk/wire.h"
#include "keeper/verdict.h"

static char corp[] = "corp", issuer[] = "https://idp.example/";
static const struct connection connection = {.name = corp, .issuer = issuer};
static char login_word[] = "login";
static struct service section = {.name = login_word, .role = ROLE_CUSTOMER};
static struct config config = {.services = &section, .service_count = 1};

struct fixture {
    int host; /* the module's end */
    struct sign_in sign_in;
};

static int make(void **state)
{
    static struct fixture fixture;
    int pair[2];

    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    fixture = (struct fixture){
        .host = pair[0],
        .sign_in = {
            .module = pair[1], .config = &config, .login = {.service = "login"}, .connection = &connection}};
    *state = &fixture;
    return 0;
}

static int unmake(void **state)
{
    struct fixture *fixture = *state;

    (void)close(fixture->host);
    (void)close(fixture->sign_in.module);
    return 0;
}

/* The next packet's type, or 0: nothing is there. */
static unsigned next(struct fixture *fixture, uint8_t packet[512], struct wire_reader *ret_reader)
{
    const ssize_t n = recv(fixture->host, packet, 512, MSG_DONTWAIT);

    *ret_reader = wire_read(packet, n > 0 ? (size_t)n : 0);
    return wire_get_u8(ret_reader);
}

static void expect_set(struct fixture *fixture, const char *wanted, char ret_value[PROTOCOL_FIELD_MAX + 1])
{
    uint8_t packet[512];
    struct wire_reader r;
    char name[64];

    assert_int_equal(next(fixture, packet, &r), MESSAGE_SET);
    wire_get_string(&r, name, sizeof name);
    wire_get_string(&r, ret_value, PROTOCOL_FIELD_MAX + 1);
    assert_true(wire_end(&r));
    assert_string_equal(name, wanted);
}

static void expect_verdict(struct fixture *fixture, enum verdict wanted, const char *user, const char *reason)
{
    uint8_t packet[512];
    struct wire_reader r;
    char text[64];

    assert_int_equal(next(fixture, packet, &r), MESSAGE_VERDICT);
    assert_int_equal(wire_get_u8(&r), wanted);
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, user);
    wire_get_string(&r, text, sizeof text);
    assert_string_equal(text, reason);
    assert_true(wire_end(&r));
    assert_int_equal(next(fixture, packet, &r), 0);
}

static void expect_label(struct fixture *fixture, const char *wanted, const char *wanted_value)
{
    char value[PROTOCOL_FIELD_MAX + 1];

    expect_set(fixture, wanted, value);
    assert_string_equal(value, wanted_value);
}

static void an_allow_carries_who_it_was(void **state)
{
    static char subject[] = "s-1", email[] = "alice@idp.example",
                name[] = "Ali\xc3\xa7"
                         "e";
    struct fixture *fixture = *state;
    struct sign_in *sign_in = &fixture->sign_in;

    sign_in->reason = REASON_OK;
    (void)snprintf(sign_in->user, sizeof sign_in->user, "%s", "kiosk");
    (void)snprintf(sign_in->member, sizeof sign_in->member, "%s", "alice");
    (void)snprintf(sign_in->ticket, sizeof sign_in->ticket, "%s", "AAAAAAAAAAAAAAAAAAAAAA");
    sign_in->identity = (struct identity){
        .issuer = issuer, .subject = subject, .email = email, .email_verified = true, .full_name = name};
    assert_true(verdict_send(sign_in));
    expect_label(fixture, "FRONTDESK_SESSION", "AAAAAAAAAAAAAAAAAAAAAA");
    expect_label(fixture, "FRONTDESK_CONNECTION", "corp");
    expect_label(fixture, "FRONTDESK_ISSUER", "https://idp.example/");
    expect_label(fixture, "FRONTDESK_SUBJECT", "s-1");
    expect_label(fixture, "FRONTDESK_EMAIL", "alice@idp.example");
    expect_label(fixture, "FRONTDESK_NAME", name);
    expect_label(fixture, "FRONTDESK_ROLE", "customer");
    expect_label(fixture, "FRONTDESK_MEMBER", "alice");
    expect_verdict(fixture, VERDICT_ALLOW, "kiosk", "ok");
}

static void what_is_not_known_or_not_fit_is_left_out(void **state)
{
    static char subject[] = "s-\x1b[2J", email[] = "alice@idp.example", name[PROTOCOL_FIELD_MAX + 2];
    struct fixture *fixture = *state;
    struct sign_in *sign_in = &fixture->sign_in;

    memset(name, 'a', sizeof name - 1);
    sign_in->reason = REASON_OK;
    (void)snprintf(sign_in->user, sizeof sign_in->user, "%s", "alice");
    sign_in->identity = (struct identity){.subject = subject, .email = email, .full_name = name};
    (void)snprintf(sign_in->login.service, sizeof sign_in->login.service, "%s", "su");
    assert_true(verdict_send(sign_in));
    expect_label(fixture, "FRONTDESK_CONNECTION", "corp");
    expect_label(fixture, "FRONTDESK_ROLE", "staff");
    expect_verdict(fixture, VERDICT_ALLOW, "alice", "ok");
}

static void an_account_allow_sets_nothing(void **state)
{
    struct fixture *fixture = *state;

    fixture->sign_in.connection = NULL;
    fixture->sign_in.reason = REASON_OK;
    (void)snprintf(fixture->sign_in.user, sizeof fixture->sign_in.user, "%s", "alice");
    assert_true(verdict_send(&fixture->sign_in));
    expect_verdict(fixture, VERDICT_ALLOW, "alice", "ok");
}

static void no_refusal_names_a_user(void **state)
{
    struct fixture *fixture = *state;

    (void)snprintf(fixture->sign_in.user, sizeof fixture->sign_in.user, "%s", "alice");
    fixture->sign_in.reason = REASON_CONNECT_AGAIN;
    assert_true(verdict_send(&fixture->sign_in));
    expect_verdict(fixture, VERDICT_DENY, "", "connect_again");
}

static void an_undecided_sign_in_is_unavailable(void **state)
{
    struct fixture *fixture = *state;

    assert_true(verdict_send(&fixture->sign_in));
    expect_verdict(fixture, VERDICT_UNAVAILABLE, "", "none");
}

static void an_allow_without_a_member_is_not_sent(void **state)
{
    static const char *const names[] = {"", "root:x", "-x", "Alice"};
    struct fixture *fixture = *state;
    uint8_t packet[512];
    struct wire_reader r;

    fixture->sign_in.reason = REASON_OK;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)snprintf(fixture->sign_in.user, sizeof fixture->sign_in.user, "%s", names[i]);
        assert_false(verdict_send(&fixture->sign_in));
        assert_int_equal(next(fixture, packet, &r), 0);
    }
}

static unsigned fails_at; /* the n-th packet from now on; 0: none */

ssize_t __real_send(int fd, const void *bytes, size_t length, int flags);
ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags);

ssize_t __wrap_send(int fd, const void *bytes, size_t length, int flags)
{
    if (fails_at > 0 && --fails_at == 0)
        return -1;
    return __real_send(fd, bytes, length, flags);
}

static void an_allow_that_cannot_say_who_it_was_is_not_given(void **state)
{
    static char subject[] = "s-1";
    struct fixture *fixture = *state;
    uint8_t packet[512];
    struct wire_reader r;

    fixture->sign_in.reason = REASON_OK;
    fixture->sign_in.identity = (struct identity){.issuer = issuer, .subject = subject};
    (void)snprintf(fixture->sign_in.user, sizeof fixture->sign_in.user, "%s", "alice");
    for (unsigned lost = 1; lost <= 4; lost++) {
        unsigned type;

        fails_at = lost;
        assert_false(verdict_send(&fixture->sign_in));
        fails_at = 0;
        while ((type = next(fixture, packet, &r)) != 0)
            assert_int_equal(type, MESSAGE_SET);
    }
}

static void an_allow_at_the_kiosk_names_nobody(void **state)
{
    static char subject[] = "s-1";
    struct fixture *fixture = *state;
    struct sign_in *sign_in = &fixture->sign_in;

    sign_in->reason = REASON_OK;
    sign_in->kiosk = true;
    sign_in->login.phase = PHASE_AUTH;
    sign_in->identity = (struct identity){.issuer = issuer, .subject = subject};
    (void)snprintf(sign_in->member, sizeof sign_in->member, "%s", "alice");
    assert_true(verdict_send(sign_in));
    expect_label(fixture, "FRONTDESK_CONNECTION", "corp");
    expect_label(fixture, "FRONTDESK_ISSUER", "https://idp.example/");
    expect_label(fixture, "FRONTDESK_SUBJECT", "s-1");
    expect_label(fixture, "FRONTDESK_ROLE", "customer");
    expect_label(fixture, "FRONTDESK_MEMBER", "alice");
    expect_verdict(fixture, VERDICT_ALLOW, "", "ok");
    (void)snprintf(sign_in->user, sizeof sign_in->user, "%s", "alice");
    assert_false(verdict_send(sign_in));
}

static void a_check_in_says_what_it_came_to_and_since_when(void **state)
{
    struct fixture *fixture = *state;
    struct sign_in *sign_in = &fixture->sign_in;

    sign_in->reason = REASON_OK;
    sign_in->kiosk = true;
    sign_in->login.phase = PHASE_OPEN_SESSION;
    sign_in->check_in = "already";
    sign_in->check_in_since = 1700000000;
    assert_true(verdict_send(sign_in));
    expect_label(fixture, "FRONTDESK_CHECK_IN", "already");
    expect_label(fixture, "FRONTDESK_CHECK_IN_SINCE", "1700000000");
    expect_verdict(fixture, VERDICT_ALLOW, "", "ok");
}

static void a_check_in_that_cannot_be_told_or_was_refused_is_not(void **state)
{
    struct fixture *fixture = *state;
    struct sign_in *sign_in = &fixture->sign_in;
    uint8_t packet[512];
    struct wire_reader r;

    sign_in->kiosk = true;
    sign_in->login.phase = PHASE_OPEN_SESSION;
    sign_in->check_in = "in";
    sign_in->reason = REASON_OK;
    for (unsigned lost = 1; lost <= 3; lost++) {
        fails_at = lost;
        assert_false(verdict_send(sign_in));
        fails_at = 0;
        while (next(fixture, packet, &r) != 0)
            continue;
    }
    sign_in->reason = REASON_AUDIT_FAILED;
    assert_true(verdict_send(sign_in));
    expect_verdict(fixture, VERDICT_UNAVAILABLE, "", "audit_failed");
}

static void an_allow_at_the_kiosk_that_has_nothing_to_tell_tells_nothing(void **state)
{
    struct fixture *fixture = *state;

    fixture->sign_in.reason = REASON_OK;
    fixture->sign_in.kiosk = true;
    fixture->sign_in.login.phase = PHASE_ACCOUNT;
    assert_true(verdict_send(&fixture->sign_in));
    expect_verdict(fixture, VERDICT_ALLOW, "", "ok");
}

static void a_module_that_does_not_read_is_not_waited_for(void **state)
{
    struct fixture *fixture = *state;

    fixture->sign_in.reason = REASON_TIMEOUT;
    for (unsigned i = 0; i < 100000; i++)
        if (!verdict_send(&fixture->sign_in))
            return;
    fail();
}

static void a_module_that_has_gone_is_no_signal(void **state)
{
    struct fixture *fixture = *state;

    (void)shutdown(fixture->host, SHUT_RDWR);
    fixture->sign_in.reason = REASON_TIMEOUT;
    assert_false(verdict_send(&fixture->sign_in));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_allow_carries_who_it_was, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_not_known_or_not_fit_is_left_out, make, unmake),
        cmocka_unit_test_setup_teardown(an_account_allow_sets_nothing, make, unmake),
        cmocka_unit_test_setup_teardown(no_refusal_names_a_user, make, unmake),
        cmocka_unit_test_setup_teardown(an_undecided_sign_in_is_unavailable, make, unmake),
        cmocka_unit_test_setup_teardown(an_allow_without_a_member_is_not_sent, make, unmake),
        cmocka_unit_test_setup_teardown(an_allow_that_cannot_say_who_it_was_is_not_given, make, unmake),
        cmocka_unit_test_setup_teardown(an_allow_at_the_kiosk_names_nobody, make, unmake),
        cmocka_unit_test_setup_teardown(a_check_in_says_what_it_came_to_and_since_when, make, unmake),
        cmocka_unit_test_setup_teardown(a_check_in_that_cannot_be_told_or_was_refused_is_not, make, unmake),
        cmocka_unit_test_setup_teardown(an_allow_at_the_kiosk_that_has_nothing_to_tell_tells_nothing, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(a_module_that_does_not_read_is_not_waited_for, make, unmake),
        cmocka_unit_test_setup_teardown(a_module_that_has_gone_is_no_signal, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
