/* SPDX-License-Identifier: BSD-2-Clause */
/* Several connections serve: the person is asked which. */
#include "session_stage.h"

#include "session/session_choice.h"

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

static void assert_nonsense(const char *const nonsense[CHOICE_TRIES])
{
    const struct login login = usual_login();

    log_in(&login);
    keeper_lets_choose("guests");
    for (size_t i = 0; i < CHOICE_TRIES; i++) {
        assert_asked_to_choose();
        module_answers(ANSWER_TEXT, nonsense[i]);
    }
    assert_refusal(REASON_CANCELLED, "");
}

static void nonsense_three_times_cancels(void **state)
{
    static const char *const nonsense[CHOICE_TRIES] = {"0", "3", "guests"};

    (void)state;
    assert_nonsense(nonsense);
}

static void other_spellings_of_a_number_are_nonsense(void **state)
{
    static const char *const nonsense[CHOICE_TRIES] = {"+1", "1x", ""};

    (void)state;
    assert_nonsense(nonsense);
}

static void a_number_too_large_for_the_machine_is_nonsense(void **state)
{
    static const char *const nonsense[CHOICE_TRIES] = {"4294967297", "18446744073709551617", "0001"};

    (void)state;
    assert_nonsense(nonsense);
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

/* Of a person whose name the host does not know: the answer to the question for an address. */
static void answer_with_address(const char *address)
{
    struct login login = usual_login();

    login.user[0] = '\0';
    log_in(&login);
    keeper_lets_choose("guests");
    receive(module_end, MESSAGE_ASK);
    assert_int_equal(wire_get_u8(&message), 1);
    assert_text("E-mail address (or Enter for a list): ");
    module_answers(ANSWER_TEXT, address);
}

static void assert_routed(const char *address, const char *connection)
{
    answer_with_address(address);
    receive(keeper_end, QUESTION_CHOOSE);
    assert_text(connection);
    keeper_decides(REASON_TOO_MANY_SIGN_INS);
    receive(module_end, MESSAGE_WARN);
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
}

static void the_domain_of_an_address_chooses_the_connection(void **state)
{
    (void)state;
    assert_routed("ana@guests.example", "guests");
}

static void a_domain_counts_in_any_case_and_with_spaces_behind(void **state)
{
    (void)state;
    assert_routed("Ana@ACME.Example \t", "acme");
}

static void only_what_stands_behind_the_last_at_sign_is_the_domain(void **state)
{
    (void)state;
    assert_routed("\"ana@guests.example\"@acme.example", "acme");
}

static void assert_listed(const char *address)
{
    answer_with_address(address);
    assert_asked_to_choose();
}

static void an_empty_answer_leads_to_the_list(void **state)
{
    (void)state;
    assert_listed("");
    module_answers(ANSWER_TEXT, "1");
    receive(keeper_end, QUESTION_CHOOSE);
    assert_text("acme");
}

static void a_domain_of_two_connections_leads_to_the_list(void **state)
{
    (void)state;
    assert_listed("ana@both.example");
}

static void a_part_of_a_domain_is_another_domain(void **state)
{
    (void)state;
    assert_listed("ana@sub.acme.example");
}

static void what_is_no_address_leads_to_the_list(void **state)
{
    (void)state;
    assert_listed("@acme.example");
}

static void who_is_known_to_the_host_is_not_asked_for_an_address(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_asked_to_choose();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_session, end_session)
    const struct CMUnitTest tests[] = {
        TEST(a_number_chooses_the_connection),
        TEST(a_chosen_connection_is_the_one_that_is_used),
        TEST(nonsense_three_times_cancels),
        TEST(other_spellings_of_a_number_are_nonsense),
        TEST(a_number_too_large_for_the_machine_is_nonsense),
        TEST(nobody_who_answers_runs_into_the_time_limit),
        TEST(an_answer_without_echo_to_a_choice_is_a_fault),
        TEST(a_module_that_goes_while_choosing_ends_it_at_once),
        TEST(a_choice_that_the_child_does_not_know_is_refused),
        TEST(the_domain_of_an_address_chooses_the_connection),
        TEST(a_domain_counts_in_any_case_and_with_spaces_behind),
        TEST(only_what_stands_behind_the_last_at_sign_is_the_domain),
        TEST(an_empty_answer_leads_to_the_list),
        TEST(a_domain_of_two_connections_leads_to_the_list),
        TEST(a_part_of_a_domain_is_another_domain),
        TEST(what_is_no_address_leads_to_the_list),
        TEST(who_is_known_to_the_host_is_not_asked_for_an_address),
    };
#undef TEST

    return cmocka_run_group_tests_name("session_choice", tests, NULL, NULL);
}
