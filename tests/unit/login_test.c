/* SPDX-License-Identifier: BSD-2-Clause */
/* helper/login.c: LOGIN in and out, and what no module of ours would send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "login.h"

static struct login whole_login(void)
{
    return (struct login){.phase = PHASE_ACCOUNT,
                          .flags = LOGIN_FLAGS_ALL,
                          .columns = 132,
                          .rows = 50,
                          .user = "alice",
                          .service = "login",
                          .tty = "tty1",
                          .rhost = "192.0.2.7",
                          .ruser = "maria",
                          .lang = "fr_FR.UTF-8",
                          .codeset = "UTF-8",
                          .prior_auth = "publickey ssh-ed25519 AAAA",
                          .greeter_extensions = "x",
                          .connection = "staff",
                          .ticket = "0123",
                          .timeout_s = 900};
}

static void what_is_written_is_read_back(void **state)
{
    const struct login written = whole_login();
    struct login login;
    uint8_t packet[PROTOCOL_PACKET_MAX], again[PROTOCOL_PACKET_MAX];
    const size_t length = login_write(&written, packet, sizeof packet);

    (void)state;
    assert_true(length > 0);
    assert_int_equal(login_parse(packet, length, &login), REASON_OK);
    assert_int_equal(login_write(&login, again, sizeof again), length);
    assert_memory_equal(again, packet, length);
    assert_string_equal(login.user, "alice");
    assert_string_equal(login.ticket, "0123");
    assert_int_equal(login.rows, 50);
}

/* The layout of protocol.h, byte by byte: the module writes it with code of its own. */
static void the_bytes_are_those_of_the_protocol(void **state)
{
    static const char expected[] = "\x01\0\x01\x01\0\0\0\0\0"
                                   "\0\0\0\x04sshd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x03\x84";
    const struct login login = {.phase = PHASE_AUTH, .service = "sshd", .timeout_s = 900};
    uint8_t packet[128];

    (void)state;
    assert_int_equal(login_write(&login, packet, sizeof packet), 9 + 11 * 2 + 4 + 4);
    assert_memory_equal(packet, expected, 9 + 11 * 2 + 4 + 4);
}

static void every_cut_and_every_byte_too_many_is_refused(void **state)
{
    const struct login written = whole_login();
    struct login login = {.phase = 99};
    uint8_t packet[1024];
    const size_t length = login_write(&written, packet, sizeof packet);

    (void)state;
    for (size_t cut = 0; cut < length; cut++)
        assert_int_equal(login_parse(packet, cut, &login), REASON_PROTOCOL);
    assert_int_equal(login_parse(packet, length + 1, &login), REASON_PROTOCOL);
    assert_int_equal(login.phase, 99);
}

static void another_version_is_told_apart_from_rubbish(void **state)
{
    static const uint8_t newer[] = {MESSAGE_LOGIN, 0, 2, 77}, hello[] = {MESSAGE_HELLO, 0, 1};
    struct login login;

    (void)state;
    assert_int_equal(login_parse(newer, sizeof newer, &login), REASON_VERSION);
    assert_int_equal(login_parse(hello, sizeof hello, &login), REASON_PROTOCOL);
}

static enum reason judge(const struct login *login)
{
    struct login read;
    uint8_t packet[PROTOCOL_PACKET_MAX];
    const size_t length = login_write(login, packet, sizeof packet);

    assert_true(length > 0);
    return login_parse(packet, length, &read);
}

static void another_message_is_no_login(void **state)
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    struct login login = whole_login();
    const size_t length = login_write(&login, packet, sizeof packet);

    (void)state;
    assert_int_equal(login_parse(packet, length, &login), REASON_OK);
    packet[0] = MESSAGE_ANSWER;
    assert_int_equal(login_parse(packet, length, &login), REASON_PROTOCOL);
    packet[0] = 0;
    assert_int_equal(login_parse(packet, length, &login), REASON_PROTOCOL);
}

static void a_phase_that_is_none_is_refused(void **state)
{
    struct login login = whole_login();

    (void)state;
    for (int phase = 0; phase < 256; phase++) {
        login.phase = (enum login_phase)phase;
        assert_int_equal(judge(&login), phase >= 1 && phase <= 4 ? REASON_OK : REASON_PROTOCOL);
    }
}

static void unknown_flags_are_refused(void **state)
{
    struct login login = whole_login();

    (void)state;
    for (login.flags = 0; login.flags < 256; login.flags++)
        assert_int_equal(judge(&login), login.flags <= LOGIN_FLAGS_ALL ? REASON_OK : REASON_PROTOCOL);
}

static void a_timeout_out_of_bounds_is_refused(void **state)
{
    static const struct {
        uint32_t timeout;
        enum reason reason;
    } cases[] = {{0, REASON_PROTOCOL},
                 {1, REASON_OK},
                 {86400, REASON_OK},
                 {86401, REASON_PROTOCOL},
                 {UINT32_MAX, REASON_PROTOCOL}};
    struct login login = whole_login();

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        login.timeout_s = cases[i].timeout;
        assert_int_equal(judge(&login), cases[i].reason);
    }
}

static void a_login_without_a_service_is_refused(void **state)
{
    struct login login = whole_login();

    (void)state;
    login.service[0] = '\0';
    assert_int_equal(judge(&login), REASON_PROTOCOL);
}

static void a_locale_that_could_be_a_path_is_refused(void **state)
{
    static const char *const names[] = {"../x",    "/tmp/x", "a b",
                                        "de_DE\n", "%n",     "12345678901234567890123456789012"};
    struct login login;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        login = whole_login();
        (void)snprintf(login.lang, sizeof login.lang, "%s", names[i]);
        assert_int_equal(judge(&login), REASON_PROTOCOL);
        login = whole_login();
        (void)snprintf(login.codeset, sizeof login.codeset, "%s", names[i]);
        assert_int_equal(judge(&login), REASON_PROTOCOL);
    }
    login = whole_login();
    login.lang[0] = login.codeset[0] = '\0';
    assert_int_equal(judge(&login), REASON_OK);
}

static void the_longest_fields_fit_a_packet(void **state)
{
    struct login login = whole_login();
    char *const fields[] = {login.user,
                            login.service,
                            login.tty,
                            login.rhost,
                            login.ruser,
                            login.prior_auth,
                            login.greeter_extensions,
                            login.connection,
                            login.ticket};

    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        memset(fields[i], 'x', PROTOCOL_FIELD_MAX);
    assert_int_equal(judge(&login), REASON_OK);
}

static void a_login_that_does_not_fit_is_not_written(void **state)
{
    const struct login login = whole_login();
    uint8_t packet[1024];
    const size_t length = login_write(&login, packet, sizeof packet);

    (void)state;
    assert_int_equal(login_write(&login, packet, length), length);
    assert_int_equal(login_write(&login, packet, length - 1), 0);
}

static void sshd_and_other_hosts_are_remote(void **state)
{
    const struct login ssh = {.service = "sshd"}, console = {.service = "login"},
                       telnet = {.service = "login", .rhost = "::1"}, other = {.service = "sshd-session"};

    (void)state;
    assert_true(login_is_remote(&ssh));
    assert_true(login_is_remote(&telnet));
    assert_false(login_is_remote(&console));
    assert_false(login_is_remote(&other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(the_bytes_are_those_of_the_protocol),
        cmocka_unit_test(every_cut_and_every_byte_too_many_is_refused),
        cmocka_unit_test(another_version_is_told_apart_from_rubbish),
        cmocka_unit_test(another_message_is_no_login),
        cmocka_unit_test(a_phase_that_is_none_is_refused),
        cmocka_unit_test(unknown_flags_are_refused),
        cmocka_unit_test(a_timeout_out_of_bounds_is_refused),
        cmocka_unit_test(a_login_without_a_service_is_refused),
        cmocka_unit_test(a_locale_that_could_be_a_path_is_refused),
        cmocka_unit_test(the_longest_fields_fit_a_packet),
        cmocka_unit_test(a_login_that_does_not_fit_is_not_written),
        cmocka_unit_test(sshd_and_other_hosts_are_remote),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
