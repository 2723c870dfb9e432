/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A whole call of the PAM module in one process: what the helper says lies in the socket before it is asked,
 * and the host, the clock and libpam do what a test wants.
 */
#include "unit/pam_script.h"

/* What the helper hears behind LOGIN: the answer's kind and text; false: nothing. */
static bool heard(unsigned *ret_kind, char ret_text[PROTOCOL_ANSWER_MAX + 1])
{
    uint8_t packet[PROTOCOL_PACKET_MAX];
    struct wire_reader r;
    ssize_t n = recv(helper_end, packet, sizeof packet, MSG_DONTWAIT);

    if (n < 0 && errno == ECONNRESET) /* once: the module left something unread */
        n = recv(helper_end, packet, sizeof packet, MSG_DONTWAIT);
    assert_true(n > 0);
    n = recv(helper_end, packet, sizeof packet, MSG_DONTWAIT);
    r = wire_read(packet, n > 0 ? (size_t)n : 0);
    if (wire_get_u8(&r) != MESSAGE_ANSWER)
        return false;
    *ret_kind = wire_get_u8(&r);
    wire_get_string(&r, ret_text, PROTOCOL_ANSWER_MAX + 1);
    return wire_end(&r);
}

static void an_allow_that_cannot_be_put_into_the_session_is_none(void **state)
{
    (void)state;
    say_set("FRONTDESK_ROLE", "staff");
    say_verdict(VERDICT_ALLOW, "ana", "ok");
    pam.putenv_answers = PAM_BUF_ERR;
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("not_applied"));
    (void)end(NULL);
    pam.putenv_answers = PAM_SUCCESS;
    assert_int_equal(sign_in("ana"), PAM_SUCCESS);
    assert_int_equal(pam.entries, 1);
}

static void an_allow_whose_user_cannot_be_set_is_none(void **state)
{
    (void)state;
    say_verdict(VERDICT_ALLOW, "ana", "ok");
    pam.set_answers = PAM_BAD_ITEM;
    assert_int_equal(sign_in(NULL), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("not_applied"));
    (void)end(NULL);
    pam.set_answers = PAM_SUCCESS;
    assert_int_equal(sign_in(NULL), PAM_SUCCESS);
    assert_string_equal(pam.items[PAM_USER], "ana");
}

static void a_user_that_is_set_is_not_set_again(void **state)
{
    (void)state;
    say_verdict(VERDICT_ALLOW, "ana", "ok");
    pam.set_answers = PAM_BAD_ITEM;
    assert_int_equal(sign_in("ana"), PAM_SUCCESS);
}

static void an_allow_at_the_end_of_a_session_puts_nothing_into_it(void **state)
{
    (void)state;
    say_set("FRONTDESK_ROLE", "staff");
    say_verdict(VERDICT_ALLOW, "bruno", "ok");
    pam.items[PAM_USER] = "ana";
    users_are(70000);
    assert_int_equal(pam_sm_close_session(PAMH, 0, 0, NULL), PAM_SUCCESS);
    assert_int_equal(pam.entries, 0);
    assert_true(reason_is("ok"));
}

static void a_password_that_the_host_does_not_keep_is_told(void **state)
{
    (void)state;
    say_text(MESSAGE_OFFER, "Password: ");
    pam.typed = "secret";
    pam.set_answers = PAM_BAD_ITEM;
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("password_not_kept"));
}

static void a_password_is_shorter_than_what_libpam_takes(void **state)
{
    static char typed[PAM_MAX_RESP_SIZE + 1];
    char text[PROTOCOL_ANSWER_MAX + 1];
    unsigned kind = 0;

    (void)state;
    memset(typed, 'x', sizeof typed - 1);
    typed[sizeof typed - 1] = '\0';
    say_text(MESSAGE_OFFER, "Password: ");
    say_verdict(VERDICT_IGNORE, "", "password");
    pam.typed = typed;
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("password_too_long"));
    assert_null(pam.items[PAM_AUTHTOK]);
    assert_false(heard(&kind, text));
    (void)end(NULL);
    pam.typed = typed + 1;
    assert_int_equal(sign_in("ana"), PAM_IGNORE);
    assert_true(heard(&kind, text));
    assert_int_equal(kind, ANSWER_TYPED);
    assert_string_equal(text, "");
}

static void an_answer_that_fits_no_message_ends_the_sign_in(void **state)
{
    static char typed[PROTOCOL_ANSWER_MAX + 2];
    char text[PROTOCOL_ANSWER_MAX + 1];
    unsigned kind = 0;

    (void)state;
    memset(typed, 'x', sizeof typed - 1);
    typed[sizeof typed - 1] = '\0';
    say_text(MESSAGE_ASK, "Number: ");
    say_verdict(VERDICT_DENY, "", "not_allowed");
    pam.typed = typed;
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("answer_too_long"));
    (void)end(NULL);
    pam.typed = typed + 1;
    assert_int_equal(sign_in("ana"), PAM_AUTH_ERR);
    assert_true(heard(&kind, text));
    assert_int_equal(kind, ANSWER_TEXT);
    assert_string_equal(text, typed + 1);
}

static void an_answer_behind_the_deadline_is_not_given(void **state)
{
    static const unsigned prompts[] = {MESSAGE_ASK, MESSAGE_OFFER};
    char text[PROTOCOL_ANSWER_MAX + 1];
    unsigned kind;

    for (size_t i = 0; i < 2; i++) {
        (void)begin(state);
        say_text(prompts[i], "Say: ");
        say_verdict(VERDICT_DENY, "", "not_allowed");
        pam.typed = "";
        clock_jump_s = PROTOCOL_TIMEOUT_S;
        assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
        assert_true(reason_is("timeout"));
        assert_false(heard(&kind, text));
        (void)end(state);
        (void)begin(state);
        say_text(prompts[i], "Say: ");
        say_verdict(VERDICT_DENY, "", "not_allowed");
        pam.typed = "";
        clock_jump_s = PROTOCOL_TIMEOUT_S - 1;
        assert_int_equal(sign_in("ana"), PAM_AUTH_ERR);
        (void)end(state);
    }
}

static void the_helper_has_a_second_to_greet_and_then_as_long_as_the_line_says(void **state)
{
    memset(&script, 0, sizeof script); /* no HELLO */
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("timeout"));
    assert_int_equal(waited_ms, PROTOCOL_HELLO_TIMEOUT_MS);
    (void)end(state);
    (void)begin(state);
    assert_int_equal(sign_in("ana"), PAM_AUTHINFO_UNAVAIL);
    assert_true(reason_is("timeout"));
    assert_int_equal(waited_ms, PROTOCOL_TIMEOUT_S * 1000);
    (void)end(state);
    (void)begin(state);
    assert_int_equal(authenticate("timeout=1"), PAM_AUTHINFO_UNAVAIL);
    assert_int_equal(waited_ms, 1000);
}

static void the_end_of_a_session_waits_less_than_its_second(void **state)
{
    for (int greets = 0; greets < 2; greets++) {
        (void)begin(state);
        pam.items[PAM_USER] = "ana";
        users_are(70000);
        if (!greets)
            memset(&script, 0, sizeof script);
        assert_int_equal(pam_sm_close_session(PAMH, 0, 0, NULL), PAM_SUCCESS);
        assert_int_equal(waited_ms, PROTOCOL_CLOSE_TIMEOUT_MS);
        (void)end(state);
    }
}

static void a_log_line_shows_foreign_names_in_plain_and_cut(void **state)
{
    char wide[70];

    (void)state;
    pam.items[PAM_SERVICE] = "a b\x7f\x80\n"
                             "z!";
    pam.items[PAM_RHOST] = "192.0.2.7";
    say_verdict(VERDICT_DENY, "", "not_allowed");
    assert_int_equal(sign_in("ana"), PAM_AUTH_ERR);
    assert_non_null(
        strstr(pam.logged, "deny user=ana reason=not_allowed phase=auth service=a?b???z! rhost=192.0.2.7"));
    (void)end(NULL);
    memset(wide, 'x', sizeof wide);
    wide[65] = '\0';
    pam.items[PAM_RHOST] = wide;
    assert_int_equal(sign_in("ana"), PAM_AUTH_ERR);
    assert_string_equal(strstr(pam.logged, "rhost=") + 6 + 64, "...");
    (void)end(NULL);
    wide[64] = '\0';
    assert_int_equal(sign_in("ana"), PAM_AUTH_ERR);
    assert_string_equal(strstr(pam.logged, "rhost=") + 6, wide);
    pam.items[PAM_RHOST] = NULL;
    (void)end(NULL);
    assert_int_equal(sign_in("ana"), PAM_AUTH_ERR);
    assert_string_equal(strstr(pam.logged, "rhost="), "rhost=");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_allow_that_cannot_be_put_into_the_session_is_none),
        TEST(an_allow_whose_user_cannot_be_set_is_none),
        TEST(a_user_that_is_set_is_not_set_again),
        TEST(an_allow_at_the_end_of_a_session_puts_nothing_into_it),
        TEST(a_password_that_the_host_does_not_keep_is_told),
        TEST(a_password_is_shorter_than_what_libpam_takes),
        TEST(an_answer_that_fits_no_message_ends_the_sign_in),
        TEST(an_answer_behind_the_deadline_is_not_given),
        TEST(the_helper_has_a_second_to_greet_and_then_as_long_as_the_line_says),
        TEST(the_end_of_a_session_waits_less_than_its_second),
        TEST(a_log_line_shows_foreign_names_in_plain_and_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
