/* SPDX-License-Identifier: BSD-2-Clause */
/* From the sign-in that begins a session to the phases that go on with it. */
#include "keeper_stage.h"

#include "keeper/later_phases.h"

static void begin(const char *user, bool local)
{
    begin_anew();
    set_identity("s-1", "alice");
    (void)snprintf(desk.sign_in.user, sizeof desk.sign_in.user, "%s", user);
    desk.sign_in.enters_local = local;
    desk.sign_in.log_out_url = copy("https://idp.example/out?client_id=desk");
    assert_int_equal(ticket_begin(&desk.keeper, &desk.sign_in), REASON_OK);
}

/* A later phase of that session, by its ticket. */
static enum reason go_on(enum login_phase phase, const char *user, const char *ticket)
{
    begin_anew();
    desk.sign_in.login.phase = phase;
    set_requested(user);
    (void)snprintf(desk.sign_in.login.ticket, sizeof desk.sign_in.login.ticket, "%s", ticket);
    return later_phase_judge(&desk.keeper, &desk.sign_in);
}

static void a_boot_has_an_id(void **state)
{
    char one[BOOT_ID_SIZE], two[BOOT_ID_SIZE];

    (void)state;
    assert_true(tickets_read_boot(one));
    assert_true(tickets_read_boot(two));
    assert_string_equal(one, two);
    assert_int_equal(strlen(one), 36);
}

static void a_local_account_goes_on_by_its_ticket_alone(void **state)
{
    char ticket[TICKET_SIZE];

    (void)state;
    begin("kiosk", true);
    memcpy(ticket, desk.sign_in.ticket, sizeof ticket);
    assert_int_equal(strlen(ticket), 22);
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ticket), REASON_OK);
    assert_string_equal(desk.sign_in.user, "kiosk");
    assert_string_equal(desk.sign_in.session.subject, "s-1");
    assert_int_equal(go_on(PHASE_OPEN_SESSION, "kiosk", ticket), REASON_OK);
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ""), REASON_NOT_A_MEMBER);
    assert_int_equal(go_on(PHASE_ACCOUNT, "other", ticket), REASON_SESSION_UNKNOWN);
    assert_null(desk.sign_in.session.user);
    ticket[0] = ticket[0] == 'A' ? 'B' : 'A';
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ticket), REASON_SESSION_UNKNOWN);
}

static void a_members_ticket_opens_no_local_account(void **state)
{
    char ticket[TICKET_SIZE];

    (void)state;
    begin("kiosk", false);
    memcpy(ticket, desk.sign_in.ticket, sizeof ticket);
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ticket), REASON_SESSION_UNKNOWN);
}

static void a_session_ends_with_its_connection(void **state)
{
    char ticket[TICKET_SIZE], text[sizeof corp_file + 16];

    (void)state;
    begin("kiosk", true);
    memcpy(ticket, desk.sign_in.ticket, sizeof ticket);
    (void)snprintf(text, sizeof text, "%senabled = no\n", corp_file);
    assert_true(write_connection(text));
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ticket), REASON_CONNECTION_DISABLED);
    assert_true(write_connection("nonsense\n"));
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ticket), REASON_CONNECTION_BROKEN);
    assert_int_equal(go_on(PHASE_CLOSE_SESSION, "kiosk", ticket), REASON_OK);
}

static void a_remote_session_needs_a_connection_that_serves_the_service(void **state)
{
    char ticket[TICKET_SIZE];

    (void)state;
    begin("kiosk", true);
    memcpy(ticket, desk.sign_in.ticket, sizeof ticket);
    begin_anew();
    (void)snprintf(desk.sign_in.login.service, sizeof desk.sign_in.login.service, "%s", "sshd");
    desk.sign_in.login.phase = PHASE_ACCOUNT;
    set_requested("kiosk");
    (void)snprintf(desk.sign_in.login.ticket, sizeof desk.sign_in.login.ticket, "%s", ticket);
    assert_int_equal(later_phase_judge(&desk.keeper, &desk.sign_in), REASON_CONNECTION_DISABLED);
}

static void another_boot_knows_no_ticket(void **state)
{
    char ticket[TICKET_SIZE];

    (void)state;
    begin("kiosk", true);
    memcpy(ticket, desk.sign_in.ticket, sizeof ticket);
    desk.keeper.boot[0] = '2';
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ticket), REASON_SESSION_UNKNOWN);
}

static void an_ended_ticket_is_unknown_and_ending_twice_is_fine(void **state)
{
    char ticket[TICKET_SIZE];

    (void)state;
    begin("kiosk", true);
    memcpy(ticket, desk.sign_in.ticket, sizeof ticket);
    ticket_end(&desk.keeper, ticket);
    ticket_end(&desk.keeper, ticket);
    ticket_end(&desk.keeper, "");
    assert_int_equal(go_on(PHASE_ACCOUNT, "kiosk", ticket), REASON_SESSION_UNKNOWN);
}

static void who_has_no_session_gets_no_ticket(void **state)
{
    (void)state;
    set_identity("s-1", "alice");
    desk.sign_in.unprivileged = true;
    assert_int_equal(ticket_begin(&desk.keeper, &desk.sign_in), REASON_OK);
    assert_string_equal(desk.sign_in.ticket, "");
    desk.sign_in.unprivileged = false;
    desk.keeper.options.private_peer = true;
    assert_int_equal(ticket_begin(&desk.keeper, &desk.sign_in), REASON_OK);
    assert_string_equal(desk.sign_in.ticket, "");
}

static void the_log_out_url_is_told_where_the_service_shows_it(void **state)
{
    char ticket[TICKET_SIZE];

    (void)state;
    begin("kiosk", true);
    memcpy(ticket, desk.sign_in.ticket, sizeof ticket);
    assert_int_equal(go_on(PHASE_CLOSE_SESSION, "kiosk", ticket), REASON_OK);
    assert_null(desk.sign_in.log_out_url);
    assert_true(write_file("etc/frontdesk.conf", "[service login]\nlog_out = qr\n"));
    assert_int_equal(go_on(PHASE_CLOSE_SESSION, "kiosk", ticket), REASON_OK);
    assert_string_equal(desk.sign_in.log_out_url, "https://idp.example/out?client_id=desk");
    assert_int_equal(go_on(PHASE_CLOSE_SESSION, "other", ticket), REASON_OK);
    assert_null(desk.sign_in.log_out_url);
    assert_int_equal(go_on(PHASE_CLOSE_SESSION, "kiosk", "AAAAAAAAAAAAAAAAAAAAAA"), REASON_OK);
    assert_null(desk.sign_in.log_out_url);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_boot_has_an_id),
        TEST(a_local_account_goes_on_by_its_ticket_alone),
        TEST(a_members_ticket_opens_no_local_account),
        TEST(a_session_ends_with_its_connection),
        TEST(a_remote_session_needs_a_connection_that_serves_the_service),
        TEST(another_boot_knows_no_ticket),
        TEST(an_ended_ticket_is_unknown_and_ending_twice_is_fine),
        TEST(who_has_no_session_gets_no_ticket),
        TEST(the_log_out_url_is_told_where_the_service_shows_it),
    };
#undef TEST

    return cmocka_run_group_tests_name("tickets", tests, NULL, NULL);
}
