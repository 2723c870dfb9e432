/* SPDX-License-Identifier: BSD-2-Clause */
/* Where passwords are allowed, one prompt stands before everything else. */
#include "session_stage.h"

static struct login offering(void)
{
    struct login login = usual_login();

    login.flags = LOGIN_PASSWORDS_ALLOWED;
    return login;
}

static void assert_offered(const char *text)
{
    receive(module_end, MESSAGE_OFFER);
    assert_text(text);
    assert_int_equal(packet_receive(keeper_end, packet, sizeof packet, 0), 0);
}

static void enter_alone_starts_the_sign_in(void **state)
{
    const struct login login = offering();

    (void)state;
    log_in(&login);
    keeper_admits("acme");
    assert_offered("Password, or Enter alone for \"Acme\": ");
    module_answers(ANSWER_EMPTY, "");
    assert_refusal(REASON_CONNECTION_BROKEN, "ca_file");
}

static void a_typed_password_goes_to_the_next_module(void **state)
{
    const struct login login = offering();
    char code[PROTOCOL_REASON_MAX + 1];

    (void)state;
    log_in(&login);
    keeper_admits("acme");
    assert_offered("Password, or Enter alone for \"Acme\": ");
    module_answers(ANSWER_TYPED, "");
    receive(keeper_end, QUESTION_REFUSE);
    wire_get_string(&message, code, sizeof code);
    assert_string_equal(code, "password_typed");
    keeper_decides(REASON_PASSWORD_TYPED);
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

static void the_offer_comes_before_the_choice(void **state)
{
    const struct login login = offering();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_offered("Password, or Enter alone to sign in another way: ");
    module_answers(ANSWER_EMPTY, "");
    assert_asked_to_choose();
    module_answers(ANSWER_TEXT, "2");
    receive(keeper_end, QUESTION_CHOOSE);
    assert_text("guests");
    keeper_admits("guests");
    assert_refusal(REASON_CONNECTION_BROKEN, "ca_file");
}

static void who_may_not_sign_in_is_offered_nothing(void **state)
{
    const struct login login = offering();

    (void)state;
    log_in(&login);
    keeper_decides(REASON_NO_CONNECTION);
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

static void without_the_flag_nothing_is_offered(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_admits("acme");
    assert_refusal(REASON_CONNECTION_BROKEN, "ca_file");
}

static void a_text_in_answer_to_an_offer_is_a_fault(void **state)
{
    const struct login login = offering();

    (void)state;
    log_in(&login);
    keeper_admits("acme");
    assert_offered("Password, or Enter alone for \"Acme\": ");
    module_answers(ANSWER_TEXT, "hunter2");
    assert_refusal(REASON_PROTOCOL, "");
}

static void nobody_who_answers_runs_into_the_time_limit(void **state)
{
    struct login login = offering();

    (void)state;
    login.timeout_s = 3;
    log_in(&login);
    keeper_admits("acme");
    assert_offered("Password, or Enter alone for \"Acme\": ");
    assert_refusal(REASON_TIMEOUT, "");
}

static void a_module_that_goes_meanwhile_ends_it_at_once(void **state)
{
    const struct login login = offering();

    (void)state;
    log_in(&login);
    keeper_admits("acme");
    assert_offered("Password, or Enter alone for \"Acme\": ");
    (void)shutdown(module_end, SHUT_RDWR);
    assert_ends(1);
    assert_silent_end(keeper_end);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_session, end_session)
    const struct CMUnitTest tests[] = {
        TEST(enter_alone_starts_the_sign_in),
        TEST(a_typed_password_goes_to_the_next_module),
        TEST(the_offer_comes_before_the_choice),
        TEST(who_may_not_sign_in_is_offered_nothing),
        TEST(without_the_flag_nothing_is_offered),
        TEST(a_text_in_answer_to_an_offer_is_a_fault),
        TEST(nobody_who_answers_runs_into_the_time_limit),
        TEST(a_module_that_goes_meanwhile_ends_it_at_once),
    };
#undef TEST

    return cmocka_run_group_tests_name("offer", tests, NULL, NULL);
}
