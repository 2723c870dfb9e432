/* SPDX-License-Identifier: BSD-2-Clause */
/* Several connections serve: the person is asked which. */
#include "session_stage.h"

static void a_number_chooses_the_connection(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_asked_to_choose();
    module_answers(ANSWER_TEXT, " 2 ");
    receive(keeper_end, QUESTION_CHOOSE);
    assert_text("guests");
    keeper_decides(REASON_TOO_MANY_SIGN_INS);
    receive(module_end, MESSAGE_WARN);
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
}

static void a_chosen_connection_is_the_one_that_is_used(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_asked_to_choose();
    module_answers(ANSWER_TEXT, "1");
    receive(keeper_end, QUESTION_CHOOSE);
    assert_text("acme");
    keeper_admits("acme");
    assert_refusal(REASON_CONNECTION_BROKEN, "ca_file");
}

static void nonsense_three_times_cancels(void **state)
{
    static const char *const nonsense[] = {"0", "3", "guests"};
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    for (size_t i = 0; i < 3; i++) {
        assert_asked_to_choose();
        module_answers(ANSWER_TEXT, nonsense[i]);
    }
    assert_refusal(REASON_CANCELLED, "");
}

static void other_spellings_of_a_number_are_nonsense(void **state)
{
    static const char *const nonsense[] = {"+1", "1x", ""};
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    for (size_t i = 0; i < 3; i++) {
        assert_asked_to_choose();
        module_answers(ANSWER_TEXT, nonsense[i]);
    }
    assert_refusal(REASON_CANCELLED, "");
}

static void nobody_who_answers_runs_into_the_time_limit(void **state)
{
    struct login login = usual_login();

    (void)state;
    login.timeout_s = 3;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_asked_to_choose();
    assert_refusal(REASON_TIMEOUT, "");
}

static void an_answer_without_echo_to_a_choice_is_a_fault(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_asked_to_choose();
    module_answers(ANSWER_TYPED, "");
    assert_refusal(REASON_PROTOCOL, "");
}

static void a_module_that_goes_while_choosing_ends_it_at_once(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_asked_to_choose();
    (void)shutdown(module_end, SHUT_RDWR);
    assert_ends(1);
    assert_silent_end(keeper_end);
}

static void a_choice_that_the_child_does_not_know_is_refused(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("elsewhere");
    assert_refusal(REASON_CONNECTION_UNKNOWN, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_session, end_session)
    const struct CMUnitTest tests[] = {
        TEST(a_number_chooses_the_connection),
        TEST(a_chosen_connection_is_the_one_that_is_used),
        TEST(nonsense_three_times_cancels),
        TEST(other_spellings_of_a_number_are_nonsense),
        TEST(nobody_who_answers_runs_into_the_time_limit),
        TEST(an_answer_without_echo_to_a_choice_is_a_fault),
        TEST(a_module_that_goes_while_choosing_ends_it_at_once),
        TEST(a_choice_that_the_child_does_not_know_is_refused),
    };
#undef TEST

    return cmocka_run_group_tests_name("session_choice", tests, NULL, NULL);
}
