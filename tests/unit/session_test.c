/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a session says to whom, in which order, and how it ends. The ways through a real provider are in
 * tests/e2e.
 */
#include "session_stage.h"

static void hello_comes_before_anything_else(void **state)
{
    (void)state;
    receive(module_end, MESSAGE_HELLO);
    assert_int_equal(packet_receive(keeper_end, packet, sizeof packet, 0), 0);
}

static void a_refusal_at_once_is_told_before_it_finishes(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_decides(REASON_MEMBER_DISABLED);
    receive(module_end, MESSAGE_WARN);
    assert_text(text_for_reason(REASON_MEMBER_DISABLED));
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
}

static void who_is_let_in_reads_nothing_more(void **state)
{
    struct login login = usual_login();

    (void)state;
    login.phase = PHASE_ACCOUNT;
    log_in(&login);
    keeper_decides(REASON_OK);
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

static void where_nothing_is_served_nothing_is_said(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_decides(REASON_NO_CONNECTION);
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

static void the_end_of_a_session_is_silent(void **state)
{
    struct login login = usual_login();

    (void)state;
    login.phase = PHASE_CLOSE_SESSION;
    log_in(&login);
    keeper_decides(REASON_STORE_FAILED);
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

static void where_to_sign_out_is_shown_before_the_session_ends(void **state)
{
    struct login login = usual_login();

    (void)state;
    login.phase = PHASE_CLOSE_SESSION;
    log_in(&login);
    keeper_decides_with(REASON_OK, "ada", "https://idp.example/out");
    receive(module_end, MESSAGE_SHOW);
    assert_text("To sign out at the sign-in service as well, open: https://idp.example/out");
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
}

static void a_silent_end_of_a_session_shows_no_link(void **state)
{
    struct login login = usual_login();

    (void)state;
    login.phase = PHASE_CLOSE_SESSION;
    login.flags = LOGIN_SILENT;
    log_in(&login);
    keeper_decides_with(REASON_OK, "ada", "https://idp.example/out");
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
    assert_silent_end(module_end);
}

static void who_is_somebody_else_here_reads_the_name(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_decides_with(REASON_WRONG_USER, "ana", "");
    receive(module_end, MESSAGE_WARN);
    assert_text("Your name here is ana: sign in again as ana.");
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
}

static void a_new_member_over_ssh_is_told_to_connect_again(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_decides(REASON_CONNECT_AGAIN);
    receive(module_end, MESSAGE_WARN);
    assert_text("You are a member now. Connect again.");
    receive(keeper_end, QUESTION_FINISH);
    assert_ends(0);
}

static void another_version_ends_it_before_the_keeper_hears_of_it(void **state)
{
    const struct login login = usual_login();
    uint8_t sent[PROTOCOL_PACKET_MAX];
    const size_t length = login_write(&login, sent, sizeof sent);

    (void)state;
    sent[2]++;
    assert_true(packet_send(module_end, sent, length));
    receive(module_end, MESSAGE_HELLO);
    assert_ends(1);
    assert_silent_end(keeper_end);
    assert_silent_end(module_end);
}

static void garbage_instead_of_login_ends_it(void **state)
{
    (void)state;
    receive(module_end, MESSAGE_HELLO);
    module_answers(ANSWER_EMPTY, "");
    assert_ends(1);
    assert_silent_end(keeper_end);
}

static void a_packet_too_large_ends_it(void **state)
{
    static const uint8_t large[PROTOCOL_PACKET_MAX + 1] = {MESSAGE_LOGIN, 0, PROTOCOL_VERSION};

    (void)state;
    assert_true(packet_send(module_end, large, sizeof large));
    assert_ends(1);
    assert_silent_end(keeper_end);
}

static void a_module_that_goes_before_login_ends_it(void **state)
{
    (void)state;
    receive(module_end, MESSAGE_HELLO);
    (void)shutdown(module_end, SHUT_RDWR);
    assert_ends(1);
    assert_silent_end(keeper_end);
}

static void a_keeper_that_goes_ends_it_without_a_word(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    (void)shutdown(keeper_end, SHUT_RDWR);
    assert_ends(1);
    assert_silent_end(module_end);
}

static void an_answer_out_of_turn_by_the_keeper_ends_it(void **state)
{
    const struct login login = usual_login();
    static const uint8_t finish = QUESTION_FINISH;

    (void)state;
    log_in(&login);
    assert_true(packet_send(keeper_end, &finish, 1));
    assert_ends(1);
    assert_silent_end(module_end);
}

static void an_admission_to_an_unknown_connection_is_refused(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_admits("elsewhere");
    assert_refusal(REASON_CONNECTION_UNKNOWN, "");
}

static void without_trust_nothing_is_asked_of_the_provider(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_admits("acme");
    assert_refusal(REASON_CONNECTION_BROKEN, "ca_file");
}

static void a_provider_that_is_not_there_is_told_with_its_reason(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_admits("acme");
    assert_refusal(REASON_IDP_UNREACHABLE, "port 1");
}

/* The issuer would be asked at port 1, its device endpoint at port 2. */
#define DISCOVERY(issuer)                                                                                    \
    "{\"issuer\":\"" issuer "\",\"device_authorization_endpoint\":\"https://127.0.0.1:2/device\","           \
    "\"token_endpoint\":\"https://127.0.0.1:2/token\",\"jwks_uri\":\"https://127.0.0.1:2/keys\"}"

static void discovery_from_the_cache_is_not_fetched(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_admits_with("acme", DISCOVERY("https://127.0.0.1:1"));
    assert_refusal(REASON_IDP_UNREACHABLE, "port 2");
}

static void discovery_of_another_issuer_in_the_cache_is_fetched_anew(void **state)
{
    const struct login login = usual_login();

    (void)state;
    log_in(&login);
    keeper_admits_with("acme", DISCOVERY("https://127.0.0.1:3"));
    assert_refusal(REASON_IDP_UNREACHABLE, "port 1");
}

static int load_trust(void **state)
{
    const char *why;

    (void)state;
    system_trust = http_warm() ? tls_trust_load(NULL, &why) : NULL;
    return system_trust ? 0 : -1;
}

static int free_trust(void **state)
{
    (void)state;
    tls_trust_free(system_trust);
    return 0;
}

int main(void)
{
#define TEST(name)       cmocka_unit_test_setup_teardown(name, start_session, end_session)
#define TRUST_TEST(name) cmocka_unit_test_setup_teardown(name, start_session_with_trust, end_session)
    const struct CMUnitTest tests[] = {
        TEST(hello_comes_before_anything_else),
        TEST(a_refusal_at_once_is_told_before_it_finishes),
        TEST(who_is_let_in_reads_nothing_more),
        TEST(where_nothing_is_served_nothing_is_said),
        TEST(the_end_of_a_session_is_silent),
        TEST(where_to_sign_out_is_shown_before_the_session_ends),
        TEST(a_silent_end_of_a_session_shows_no_link),
        TEST(who_is_somebody_else_here_reads_the_name),
        TEST(a_new_member_over_ssh_is_told_to_connect_again),
        TEST(another_version_ends_it_before_the_keeper_hears_of_it),
        TEST(garbage_instead_of_login_ends_it),
        TEST(a_packet_too_large_ends_it),
        TEST(a_module_that_goes_before_login_ends_it),
        TEST(a_keeper_that_goes_ends_it_without_a_word),
        TEST(an_answer_out_of_turn_by_the_keeper_ends_it),
        TEST(an_admission_to_an_unknown_connection_is_refused),
        TEST(without_trust_nothing_is_asked_of_the_provider),
        TRUST_TEST(a_provider_that_is_not_there_is_told_with_its_reason),
        TRUST_TEST(discovery_from_the_cache_is_not_fetched),
        TRUST_TEST(discovery_of_another_issuer_in_the_cache_is_fetched_anew),
    };
#undef TEST
#undef TRUST_TEST

    return cmocka_run_group_tests_name("session", tests, load_trust, free_trust);
}
