/* SPDX-License-Identifier: BSD-2-Clause */
/* What each message of the helper must be made of, field by field; and how loud the log is about the end. */
#include "unit/pam_script.h"

#include <syslog.h>

/* The reason that the module logs when the script is HELLO and this packet. */
static const char *reason_after(const void *packet, size_t length)
{
    static char reason[64];
    const char *at;

    memset(&script, 0, sizeof script);
    say_hello();
    memcpy(script.bytes[1], packet, length);
    script.length[1] = length;
    script.count = 2;
    script.is_all = true;
    (void)sign_in("ana");
    (void)end(NULL);
    at = strstr(pam.logged, "reason=");
    assert_non_null(at);
    (void)snprintf(reason, sizeof reason, "%.*s", (int)strcspn(at + 7, " "), at + 7);
    return reason;
}

static const char *reason_after_set(const char *name, const char *value)
{
    uint8_t packet[600];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, MESSAGE_SET);
    wire_put_string(&w, name);
    wire_put_string(&w, value);
    return reason_after(packet, wire_written(&w));
}

static const char *reason_after_verdict(unsigned verdict, const char *user, const char *reason)
{
    uint8_t packet[600];
    struct wire_writer w = wire_write(packet, sizeof packet);

    wire_put_u8(&w, MESSAGE_VERDICT);
    wire_put_u8(&w, verdict);
    wire_put_string(&w, user);
    wire_put_string(&w, reason);
    return reason_after(packet, wire_written(&w));
}

/* It was no fault: the module waits for what comes next, until the helper is gone. */
static bool is_taken(const char *reason)
{
    return strcmp(reason, "closed") == 0;
}

static void a_set_has_a_name_of_ours_in_capitals(void **state)
{
    char name[] = "FRONTDESK_x";
    size_t taken = 0;

    (void)state;
    for (int c = 1; c < 256; c++) {
        name[10] = (char)c;
        taken += is_taken(reason_after_set(name, "value"));
    }
    assert_int_equal(taken, 27);
    assert_string_equal(reason_after_set("FRONTDESK_", "value"), "set_of_foreign_name");
    assert_string_equal(reason_after_set("FRONTDESKX", "value"), "set_of_foreign_name");
    assert_string_equal(reason_after_set("LD_PRELOAD", "value"), "set_of_foreign_name");
    assert_string_equal(reason_after_set("", "value"), "set_of_foreign_name");
    assert_string_equal(reason_after_set("FRONTDESK_ROLE", "a\nb"), "set_of_control_bytes");
}

static void a_verdict_is_one_of_six_with_a_plain_reason(void **state)
{
    char reason[] = "x";
    size_t taken = 0;

    (void)state;
    assert_string_equal(reason_after_verdict(0, "", "ok"), "packet_malformed");
    assert_string_equal(reason_after_verdict(VERDICT_IGNORE + 1, "", "ok"), "packet_malformed");
    assert_string_equal(reason_after_verdict(255, "", "ok"), "packet_malformed");
    for (unsigned verdict = VERDICT_DENY; verdict <= VERDICT_IGNORE; verdict++) {
        assert_string_equal(reason_after_verdict(verdict, "", "word"), "word");
        assert_string_equal(reason_after_verdict(verdict, "ana", "word"), "packet_malformed");
        assert_string_equal(reason_after_verdict(verdict, "", ""), "packet_malformed");
    }
    for (int c = 1; c < 256; c++) {
        reason[0] = (char)c;
        taken += strcmp(reason_after_verdict(VERDICT_DENY, "", reason), "packet_malformed") != 0;
    }
    assert_int_equal(taken, 26 + 10 + 1);
    assert_string_equal(reason_after_verdict(VERDICT_ALLOW, "bruno", "ok"), "allow_for_another_user");
    assert_string_equal(reason_after_verdict(VERDICT_ALLOW, "", "ok"), "allow_without_user");
    assert_string_equal(reason_after_verdict(VERDICT_ALLOW, "ana", "ok"), "ok");
}

static void a_packet_ends_with_its_last_field(void **state)
{
    static const struct {
        uint8_t bytes[8];
        size_t length;
    } whole[] = {
        {{MESSAGE_SHOW, 0, 1, 'x'}, 4},           {{MESSAGE_WARN, 0, 1, 'x'}, 4},
        {{MESSAGE_ASK, 0, 0, 1, 'x'}, 5},         {{MESSAGE_OFFER, 0, 1, 'x'}, 4},
        {{MESSAGE_SET, 0, 1, 'x', 0, 1, 'x'}, 7}, {{MESSAGE_VERDICT, VERDICT_DENY, 0, 0, 0, 1, 'x'}, 7},
    };
    static const uint8_t third_echo[] = {MESSAGE_ASK, 2, 0, 1, 'x'}, control[] = {MESSAGE_ASK, 0, 0, 1, 0x1b},
                         offered[] = {MESSAGE_OFFER, 0, 1, 0x1b}, unknown[] = {0x7f},
                         login[] = {MESSAGE_LOGIN}, hello[] = {MESSAGE_HELLO, 0, PROTOCOL_VERSION};

    (void)state;
    pam.typed = "";
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
        assert_string_equal(reason_after(whole[i].bytes, whole[i].length - 1), "packet_malformed");
        assert_string_equal(reason_after(whole[i].bytes, whole[i].length + 1), "packet_malformed");
    }
    assert_string_equal(reason_after(third_echo, sizeof third_echo), "packet_malformed");
    assert_string_equal(reason_after(control, sizeof control), "text_of_control_bytes");
    assert_string_equal(reason_after(offered, sizeof offered), "text_of_control_bytes");
    assert_string_equal(reason_after(unknown, sizeof unknown), "not_allowed_now");
    assert_string_equal(reason_after(login, sizeof login), "not_allowed_now");
    assert_string_equal(reason_after(hello, sizeof hello), "not_allowed_now");
}

static void a_greeting_is_a_version_and_nothing_else(void **state)
{
    (void)state;
    for (size_t length = 1; length <= 4; length++) {
        (void)end(state);
        (void)begin(state);
        script.length[0] = length;
        script.is_all = true;
        assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
        assert_true(reason_is(length == 3 ? "closed" : "packet_malformed"));
    }
    (void)end(state);
    (void)begin(state);
    script.bytes[0][2]++;
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("wrong_version"));
}

static void the_log_is_as_loud_as_the_end_is_bad(void **state)
{
    (void)state;
    (void)reason_after_verdict(VERDICT_ALLOW, "ana", "ok");
    assert_int_equal(pam.level, LOG_INFO);
    (void)reason_after_verdict(VERDICT_DENY, "", "not_allowed");
    assert_int_equal(pam.level, LOG_NOTICE);
    (void)reason_after_verdict(VERDICT_UNAVAILABLE, "", "idp_timeout");
    assert_int_equal(pam.level, LOG_WARNING);
    (void)reason_after_verdict(0, "", "ok");
    assert_int_equal(pam.level, LOG_WARNING);
}

static int answer(const char *user, uid_t uid, const char *argument)
{
    pam.items[PAM_USER] = user;
    users_are(uid);
    pam.lines = 0;
    return authenticate(argument);
}

static void who_is_passed_on_is_told_as_much_as_is_useful(void **state)
{
    (void)state;
    assert_int_equal(answer("admin", 1000, "break_glass=admin"), PAM_IGNORE);
    assert_non_null(strstr(pam.logged, "passed on user=admin reason=break_glass "));
    assert_int_equal(pam.level, LOG_NOTICE);
    assert_int_equal(answer("maria", 1000, "break_glass=admin"), PAM_USER_UNKNOWN);
    assert_non_null(strstr(pam.logged, "refused user=maria reason=local_user "));
    assert_int_equal(pam.level, LOG_NOTICE);
    assert_int_equal(answer("maria", 1000, "password_login=allowed"), PAM_IGNORE);
    assert_int_equal(pam.lines, 0);
    assert_int_equal(answer("maria", 1000, "nonsense"), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(pam.lines, 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_set_has_a_name_of_ours_in_capitals), TEST(a_verdict_is_one_of_six_with_a_plain_reason),
        TEST(a_packet_ends_with_its_last_field),    TEST(a_greeting_is_a_version_and_nothing_else),
        TEST(the_log_is_as_loud_as_the_end_is_bad), TEST(who_is_passed_on_is_told_as_much_as_is_useful),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
