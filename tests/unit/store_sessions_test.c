/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/fixture.h"

#define TICKET "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define OTHER  "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100"

static struct session_row session_of(const char *ticket_hash, const char *boot)
{
    static char user[] = "ada", issuer[] = ISSUER, subject[] = "s1", connection[] = "acme",
                service[] = "login";
    struct session_row session = {.user = user,
                                  .issuer = issuer,
                                  .subject = subject,
                                  .connection = connection,
                                  .service = service,
                                  .began_at = NOW};

    session.boot = text(boot);
    (void)snprintf(session.ticket_hash, sizeof session.ticket_hash, "%s", ticket_hash);
    return session;
}

static enum store_result begin(struct desk *desk, const char *ticket_hash, const char *boot)
{
    struct session_row session = session_of(ticket_hash, boot);
    enum store_result result = store_session_begin(desk->members.store, &session);

    free(session.boot);
    return result;
}

static enum store_result find(struct desk *desk, const char *ticket_hash, const char *boot)
{
    struct session_row session = {0};
    enum store_result result = store_session_find(desk->members.store, ticket_hash, boot, &session);

    session_row_clear(&session);
    return result;
}

static void a_session_comes_back_as_it_began(void **state)
{
    struct desk *desk = *state;
    char log_out_url[] = "https://login.acme.example/logout?x=1", boot[] = "b1";
    struct session_row session = session_of(TICKET, boot), found = {0};

    session.log_out_url = log_out_url;
    session.local = true;
    assert_int_equal(store_session_begin(desk->members.store, &session), STORE_OK);
    free(session.boot);
    desk_close(desk);
    desk_open(desk);
    assert_int_equal(store_session_find(desk->members.store, TICKET, "b1", &found), STORE_OK);
    assert_string_equal(found.ticket_hash, TICKET);
    assert_string_equal(found.boot, "b1");
    assert_string_equal(found.user, "ada");
    assert_string_equal(found.issuer, ISSUER);
    assert_string_equal(found.subject, "s1");
    assert_string_equal(found.connection, "acme");
    assert_string_equal(found.service, "login");
    assert_string_equal(found.log_out_url, log_out_url);
    assert_true(found.local);
    assert_int_equal(found.began_at, NOW);
    session_row_clear(&found);
    assert_null(found.user);
}

static void a_session_ends_once(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(begin(desk, OTHER, "b1"), STORE_OK);
    assert_int_equal(store_session_end(desk->members.store, TICKET), STORE_OK);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_NONE);
    assert_int_equal(store_session_end(desk->members.store, TICKET), STORE_NONE);
    assert_int_equal(find(desk, OTHER, "b1"), STORE_OK);
}

static void a_ticket_is_given_once(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(begin(desk, TICKET, "b1"), STORE_CONFLICT);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(begin(desk, OTHER, "b1"), STORE_OK);
}

static void sessions_of_another_boot_are_none_and_go_with_the_next_one(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(find(desk, TICKET, "b2"), STORE_NONE);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(begin(desk, OTHER, "b2"), STORE_OK);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_NONE);
    assert_int_equal(find(desk, OTHER, "b2"), STORE_OK);
}

static void of_one_users_sessions_the_oldest_go(void **state)
{
    struct desk *desk = *state;
    struct session_row session = session_of(TICKET, "b1");
    char bob[] = "bob";

    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
    for (unsigned i = 1; i < STORE_SESSIONS_PER_USER; i++) {
        char hash[65];

        (void)snprintf(hash, sizeof hash, "%064u", i);
        assert_int_equal(begin(desk, hash, "b1"), STORE_OK);
    }
    session.user = bob;
    (void)snprintf(session.ticket_hash, sizeof session.ticket_hash, "%064u", STORE_SESSIONS_PER_USER);
    assert_int_equal(store_session_begin(desk->members.store, &session), STORE_OK);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(begin(desk, OTHER, "b1"), STORE_OK);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_NONE);
    assert_int_equal(find(desk, OTHER, "b1"), STORE_OK);
    assert_int_equal(find(desk, session.ticket_hash, "b1"), STORE_OK);
    (void)snprintf(session.ticket_hash, sizeof session.ticket_hash, "%064u", 1u);
    assert_int_equal(find(desk, session.ticket_hash, "b1"), STORE_OK);
    free(session.boot);
}

static void within_a_callers_transaction_a_session_waits_for_its_end(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
    store_rollback(desk->members.store);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_NONE);
    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(store_commit(desk->members.store), STORE_OK);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_OK);
}

static void sessions_leave_the_generation_as_it_is(void **state)
{
    struct desk *desk = *state;
    uint64_t before, after;

    assert_int_equal(store_generation(desk->members.store, &before), STORE_OK);
    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
    assert_int_equal(store_session_end(desk->members.store, TICKET), STORE_OK);
    assert_int_equal(store_generation(desk->members.store, &after), STORE_OK);
    assert_int_equal(after, before);
}

static void a_session_without_its_user_is_refused(void **state)
{
    struct desk *desk = *state;
    struct session_row session = session_of(TICKET, "b1");

    session.user = NULL;
    assert_int_equal(store_session_begin(desk->members.store, &session), STORE_FAILED);
    free(session.boot);
    assert_int_equal(find(desk, TICKET, "b1"), STORE_NONE);
    assert_int_equal(begin(desk, TICKET, "b1"), STORE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_session_comes_back_as_it_began),
        DESK_TEST(a_session_ends_once),
        DESK_TEST(a_ticket_is_given_once),
        DESK_TEST(sessions_of_another_boot_are_none_and_go_with_the_next_one),
        DESK_TEST(of_one_users_sessions_the_oldest_go),
        DESK_TEST(within_a_callers_transaction_a_session_waits_for_its_end),
        DESK_TEST(sessions_leave_the_generation_as_it_is),
        DESK_TEST(a_session_without_its_user_is_refused),
    };

    return cmocka_run_group_tests_name("store_sessions", tests, NULL, NULL);
}
