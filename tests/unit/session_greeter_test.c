/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A session whose host draws what it gets. What the code looks like there is in greeter_json_test.c, the ways
 * through a provider are in tests/e2e/greeters.py; here is what stands in the place of WARN, OFFER and ASK.
 */
#include "session_stage.h"

static struct login greeted(const char *service)
{
    struct login login = usual_login();

    (void)snprintf(login.service, sizeof login.service, "%s", service);
    (void)snprintf(login.greeter_extensions, sizeof login.greeter_extensions, "%s", PROTOCOL_GREETER_JSON);
    return login;
}

static struct login at_kiosk(void)
{
    struct login login = greeted(PROTOCOL_KIOSK_SERVICE);

    login.user[0] = '\0';
    return login;
}

static void assert_told(const char *refusal)
{
    char protocol[PROTOCOL_FIELD_MAX + 1];

    receive(module_end, MESSAGE_GREETER);
    wire_get_string(&message, protocol, sizeof protocol);
    assert_string_equal(protocol, "frontdesk");
    assert_text(refusal);
}

static void assert_refused_with(enum reason reason)
{
    char code[PROTOCOL_REASON_MAX + 1];

    receive(keeper_end, QUESTION_REFUSE);
    wire_get_string(&message, code, sizeof code);
    assert_string_equal(code, reason_code(reason));
    keeper_decides(reason);
}

static void assert_finishes(void)
{
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

static void a_kiosk_hears_a_refusal_as_code_and_sentence(void **state)
{
    const struct login login = at_kiosk();

    (void)state;
    log_in(&login);
    keeper_decides(REASON_MEMBER_DISABLED);
    assert_told(
        "{\"refusal\":{\"reason\":\"member_disabled\",\"text\":\"Your membership is paused: please ask the "
        "front desk.\",\"retryAfter\":0}}");
    assert_finishes();
}

static void it_hears_that_nothing_serves_it_too(void **state)
{
    const struct login login = at_kiosk();

    (void)state;
    log_in(&login);
    keeper_decides(REASON_NO_CONNECTION);
    assert_told(
        "{\"refusal\":{\"reason\":\"no_connection\",\"text\":\"No sign-in service serves this place: please "
        "use another way to sign in.\",\"retryAfter\":0}}");
    assert_finishes();
}

static void who_is_let_in_at_a_kiosk_is_told_nothing(void **state)
{
    const struct login login = at_kiosk();

    (void)state;
    log_in(&login);
    keeper_decides(REASON_OK);
    assert_finishes();
}

static void later_phases_warn_as_everywhere(void **state)
{
    struct login login = at_kiosk();

    (void)state;
    login.phase = PHASE_OPEN_SESSION;
    log_in(&login);
    keeper_decides(REASON_STORE_FAILED);
    receive(module_end, MESSAGE_WARN);
    assert_text(text_for_reason(REASON_STORE_FAILED));
    assert_finishes();
}

static void other_greeters_and_a_kiosk_without_json_are_warned(void **state)
{
    struct login login = at_kiosk();

    (void)state;
    login.greeter_extensions[0] = '\0';
    log_in(&login);
    keeper_decides(REASON_MEMBER_DISABLED);
    receive(module_end, MESSAGE_WARN);
    assert_text(text_for_reason(REASON_MEMBER_DISABLED));
    assert_finishes();
    (void)end_session(state);
    login = greeted("gdm-switchable-auth");
    (void)start_session(state);
    log_in(&login);
    keeper_decides(REASON_MEMBER_DISABLED);
    receive(module_end, MESSAGE_WARN);
    assert_text(text_for_reason(REASON_MEMBER_DISABLED));
    assert_finishes();
}

static void a_display_manager_chooses_no_connection(void **state)
{
    const struct login login = greeted("gdm-switchable-auth");

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_refused_with(REASON_CONNECTION_UNDECIDED);
    receive(module_end, MESSAGE_WARN);
    assert_text(text_for_reason(REASON_CONNECTION_UNDECIDED));
    assert_finishes();
}

static void nor_does_a_kiosk_whatever_it_offers(void **state)
{
    struct login login = at_kiosk();

    (void)state;
    log_in(&login);
    keeper_lets_choose("guests");
    assert_refused_with(REASON_CONNECTION_UNDECIDED);
    receive(module_end, MESSAGE_GREETER);
    assert_finishes();
    (void)end_session(state);
    login.greeter_extensions[0] = '\0';
    (void)start_session(state);
    log_in(&login);
    keeper_lets_choose("guests");
    assert_refused_with(REASON_CONNECTION_UNDECIDED);
    receive(module_end, MESSAGE_WARN);
    assert_finishes();
}

/* The next word of the session is about the provider: nothing was asked before. */
static void no_password_is_offered_where_a_greeter_draws_or_nobody_answers(void **state)
{
    static const char *const services[] = {"gdm-switchable-auth", "frontdesk-kiosk", "frontdesk-kiosk"};

    for (size_t i = 0; i < 3; i++) {
        struct login login = greeted(services[i]);

        if (i > 0) {
            (void)end_session(state);
            (void)start_session(state);
        }
        if (i == 2)
            login.greeter_extensions[0] = '\0';
        login.flags = LOGIN_PASSWORDS_ALLOWED;
        log_in(&login);
        keeper_admits("acme");
        assert_refused_with(REASON_CONNECTION_BROKEN);
        receive(module_end, i == 1 ? MESSAGE_GREETER : MESSAGE_WARN);
        assert_finishes();
    }
}

static void other_services_are_offered_one_whatever_their_host_can(void **state)
{
    struct login login = greeted("gdm-password");

    (void)state;
    login.flags = LOGIN_PASSWORDS_ALLOWED;
    log_in(&login);
    keeper_admits("acme");
    receive(module_end, MESSAGE_OFFER);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, start_session, end_session)
    const struct CMUnitTest tests[] = {
        TEST(a_kiosk_hears_a_refusal_as_code_and_sentence),
        TEST(it_hears_that_nothing_serves_it_too),
        TEST(who_is_let_in_at_a_kiosk_is_told_nothing),
        TEST(later_phases_warn_as_everywhere),
        TEST(other_greeters_and_a_kiosk_without_json_are_warned),
        TEST(a_display_manager_chooses_no_connection),
        TEST(nor_does_a_kiosk_whatever_it_offers),
        TEST(no_password_is_offered_where_a_greeter_draws_or_nobody_answers),
        TEST(other_services_are_offered_one_whatever_their_host_can),
    };
#undef TEST

    return cmocka_run_group_tests_name("session_greeter", tests, NULL, NULL);
}
