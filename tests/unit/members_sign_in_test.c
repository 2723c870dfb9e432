/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/verbs.h"

static void a_stranger_becomes_a_member_and_stays_the_same(void **state)
{
    struct desk *desk = *state;
    char full_name[] = "Ada Lovelace";
    struct identity identity = ada();
    struct member member;

    identity.full_name = full_name;
    assert_int_equal(members_sign_in(&desk->members, &desk->request, &identity, &member), REASON_OK);
    assert_string_equal(member.name, "ada");
    assert_string_equal(member.full_name, "Ada Lovelace");
    assert_string_equal(member.email, "ada@acme.example");
    assert_string_equal(member.home, "/home/ada");
    assert_string_equal(member.connection, "acme");
    assert_int_equal(member.state, MEMBER_ACTIVE);
    assert_int_equal(member.created_at, NOW);
    member_clear(&member);
    assert_published(desk);
    desk->request.now = NOW + 60;
    assert_nothing_written(desk, identity, REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_int_equal(member.last_sign_in_at, NOW + 60);
    member_clear(&member);
}

static void a_member_keeps_the_name_whatever_the_token_says_now(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_nothing_written(desk, person(ada_subject, bob_name, NULL), REASON_OK);
    assert_nothing_written(desk, person(ada_subject, NULL, NULL), REASON_OK);
    desk->request.requested_user = "bob";
    assert_nothing_written(desk, person(ada_subject, bob_name, NULL), REASON_WRONG_USER);
    desk->request.requested_user = "ada";
    assert_nothing_written(desk, ada(), REASON_OK);
}

static void a_recycled_name_or_email_opens_nothing(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_nothing_written(desk, person(bob_subject, ada_name, ada_email), REASON_NAME_TAKEN);
    desk->request.requested_user = "ada";
    assert_nothing_written(desk, person(bob_subject, ada_name, ada_email), REASON_NAME_TAKEN);
    assert_nothing_written(desk, person(bob_subject, bob_name, ada_email), REASON_WRONG_USER);
}

static void a_recycled_email_makes_no_second_member_of_its_issuer(void **state)
{
    struct desk *desk = *state;
    char issuer[] = "https://evil.example";
    struct identity elsewhere = person(bob_subject, bob_name, ada_email);
    struct identity unproved = person(bob_subject, bob_name, ada_email);

    assert_sign_in(desk, ada(), REASON_OK);
    assert_nothing_written(desk, person(bob_subject, bob_name, ada_email), REASON_EMAIL_TAKEN);
    unproved.email_verified = false;
    assert_sign_in(desk, unproved, REASON_OK);
    elsewhere.issuer = issuer;
    assert_nothing_written(desk, elsewhere, REASON_NAME_TAKEN);
}

static void an_email_that_nobody_vouched_for_keeps_nobody_out(void **state)
{
    struct desk *desk = *state;
    struct identity impostor = person(bob_subject, bob_name, ada_email);

    impostor.email_verified = false;
    assert_sign_in(desk, impostor, REASON_OK);
    assert_sign_in(desk, ada(), REASON_OK);
}

static void the_same_subject_of_another_issuer_is_somebody_else(void **state)
{
    struct desk *desk = *state;
    char issuer[] = "https://evil.example", other_case[] = "S-ADA";
    struct identity other = ada();

    assert_sign_in(desk, ada(), REASON_OK);
    other.issuer = issuer;
    assert_nothing_written(desk, other, REASON_NAME_TAKEN);
    assert_nothing_written(desk, person(other_case, ada_name, NULL), REASON_NAME_TAKEN);
}

static void a_stranger_is_not_created_where_that_is_off(void **state)
{
    struct desk *desk = *state;

    desk->connection.create_users = false;
    assert_nothing_written(desk, ada(), REASON_CREATE_OFF);
    desk->connection.create_users = true;
    assert_sign_in(desk, ada(), REASON_OK);
    desk->connection.create_users = false;
    assert_sign_in(desk, ada(), REASON_OK);
}

static void a_stranger_may_not_be_another_than_the_host_asked_for(void **state)
{
    struct desk *desk = *state;

    desk->request.requested_user = "bob";
    assert_nothing_written(desk, ada(), REASON_WRONG_USER);
    desk->request.requested_user = "ada";
    assert_sign_in(desk, ada(), REASON_OK);
}

static void names_of_local_users_and_groups_are_taken(void **state)
{
    char user[] = "porter", group[] = "keys", reserved[] = "docker", bad[] = "a/da";

    assert_nothing_written(*state, person(ada_subject, user, NULL), REASON_NAME_TAKEN);
    assert_nothing_written(*state, person(ada_subject, group, NULL), REASON_NAME_TAKEN);
    assert_nothing_written(*state, person(ada_subject, reserved, NULL), REASON_NAME_RESERVED);
    assert_nothing_written(*state, person(ada_subject, bad, NULL), REASON_NAME_INVALID);
    assert_nothing_written(*state, person(ada_subject, NULL, NULL), REASON_USERNAME_CLAIM_MISSING);
}

static void ids_of_local_users_and_groups_are_passed_over(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_int_equal(id_of(desk, "ada"), 65536);
    assert_int_equal(id_of(desk, "bob"), 65539);
}

static void a_gap_below_is_found_when_others_use_the_ids_above(void **state)
{
    struct desk *desk = *state;
    struct member old = {.id = 65537,
                         .name = "old",
                         .issuer = text(ISSUER),
                         .subject = text("s-old"),
                         .home = text("/home/old"),
                         .shell = text("/bin/sh"),
                         .state = MEMBER_REMOVED};

    assert_int_equal(store_insert(desk->members.store, &old), STORE_OK);
    member_clear(&old);
    desk->config.members.id_max = 65538;
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(id_of(desk, "ada"), 65536);
    assert_nothing_written(desk, person(bob_subject, bob_name, NULL), REASON_RANGE_FULL);
}

static void a_narrowed_range_is_filled_and_then_refuses(void **state)
{
    struct desk *desk = *state;
    char eve_subject[] = "s-eve", eve[] = "eve", kim_subject[] = "s-kim", kim[] = "kim";

    desk->config.members.id_min = 65538;
    desk->config.members.id_max = 65541;
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(id_of(desk, "ada"), 65539);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_int_equal(remove_member(desk, "bob", true, true), REASON_OK);
    assert_sign_in(desk, person(eve_subject, eve, NULL), REASON_OK);
    assert_int_equal(id_of(desk, "eve"), 65541);
    assert_nothing_written(desk, person(kim_subject, kim, NULL), REASON_RANGE_FULL);
    desk->config.members.id_min = 65536;
    assert_sign_in(desk, person(kim_subject, kim, NULL), REASON_OK);
    assert_int_equal(id_of(desk, "kim"), 65536);
    desk->config.members.id_max = 65536;
    assert_nothing_written(desk, person(kim, eve_subject, NULL), REASON_RANGE_FULL);
}

static void who_cannot_be_published_does_not_enter(void **state)
{
    struct desk *desk = *state;
    struct member member = {0};

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    free(member.home);
    member.home = text("/etc/ada");
    assert_int_equal(store_update(desk->members.store, &member), STORE_OK);
    member_clear(&member);
    assert_nothing_written(desk, ada(), REASON_NOT_A_MEMBER);
}

static void over_ssh_a_stranger_is_refused_or_told_to_connect_again(void **state)
{
    struct desk *desk = *state;

    desk->request.remote = true;
    desk->request.requested_user = "ada";
    assert_nothing_written(desk, ada(), REASON_FIRST_SIGN_IN_REFUSED);
    desk->request.first_sign_in = FIRST_SIGN_IN_RECONNECT;
    assert_sign_in(desk, ada(), REASON_CONNECT_AGAIN);
    assert_published(desk);
    assert_nothing_written(desk, ada(), REASON_OK);
}

static void an_invited_member_enters_at_once_and_is_bound_once(void **state)
{
    struct desk *desk = *state;

    desk->connection.create_users = false;
    desk->request.remote = true;
    assert_int_equal(invite(desk, "countess", "Ada@Acme.Example", NULL), REASON_OK);
    assert_published(desk);
    desk->request.requested_user = "ada";
    assert_nothing_written(desk, ada(), REASON_WRONG_USER);
    desk->request.requested_user = "countess";
    assert_sign_in(desk, ada(), REASON_OK);
    assert_published(desk);
    assert_nothing_written(desk, ada(), REASON_OK);
    assert_nothing_written(desk, person(bob_subject, bob_name, ada_email), REASON_CREATE_OFF);
}

static void an_invitation_needs_the_verified_email_and_its_connection(void **state)
{
    struct desk *desk = *state;
    struct identity unverified = ada();
    struct connection connections[2];

    desk->connection.create_users = false;
    connections[0] = desk->connection;
    connections[1] = desk->connection;
    connections[1].name = bob_name;
    desk->config.connections = connections;
    desk->config.connection_count = 2;
    assert_int_equal(invite(desk, "countess", "ada@acme.example", "acme"), REASON_OK);
    unverified.email_verified = false;
    assert_nothing_written(desk, unverified, REASON_CREATE_OFF);
    desk->request.connection = &connections[1];
    assert_nothing_written(desk, ada(), REASON_CREATE_OFF);
    desk->request.connection = &connections[0];
    assert_sign_in(desk, ada(), REASON_OK);
}

static void a_home_or_shell_that_no_reader_would_give_makes_no_member(void **state)
{
    struct desk *desk = *state;
    static const char *const bases[] = {"home",
                                        "",
                                        "/",
                                        "/ho:me",
                                        "/etc/systemd/system",
                                        "/home/../etc",
                                        "/root",
                                        "/home/x/.config",
                                        "/var/spool",
                                        "/home/"};

    for (size_t i = 0; i < sizeof bases / sizeof bases[0]; i++) {
        free(desk->config.members.home_base);
        desk->config.members.home_base = text(bases[i]);
        assert_nothing_written(desk, ada(), REASON_CONFIG_BROKEN);
    }
    free(desk->config.members.home_base);
    desk->config.members.home_base = text("/var/home");
    free(desk->config.members.shell);
    desk->config.members.shell = text("bash");
    assert_nothing_written(desk, ada(), REASON_CONFIG_BROKEN);
    free(desk->config.members.shell);
    desk->config.members.shell = text("/bin/bash");
    assert_sign_in(desk, ada(), REASON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_stranger_becomes_a_member_and_stays_the_same),
        DESK_TEST(a_member_keeps_the_name_whatever_the_token_says_now),
        DESK_TEST(a_recycled_name_or_email_opens_nothing),
        DESK_TEST(a_recycled_email_makes_no_second_member_of_its_issuer),
        DESK_TEST(an_email_that_nobody_vouched_for_keeps_nobody_out),
        DESK_TEST(the_same_subject_of_another_issuer_is_somebody_else),
        DESK_TEST(a_stranger_is_not_created_where_that_is_off),
        DESK_TEST(a_stranger_may_not_be_another_than_the_host_asked_for),
        DESK_TEST(names_of_local_users_and_groups_are_taken),
        DESK_TEST(ids_of_local_users_and_groups_are_passed_over),
        DESK_TEST(a_gap_below_is_found_when_others_use_the_ids_above),
        DESK_TEST(a_narrowed_range_is_filled_and_then_refuses),
        DESK_TEST(who_cannot_be_published_does_not_enter),
        DESK_TEST(over_ssh_a_stranger_is_refused_or_told_to_connect_again),
        DESK_TEST(an_invited_member_enters_at_once_and_is_bound_once),
        DESK_TEST(an_invitation_needs_the_verified_email_and_its_connection),
        DESK_TEST(a_home_or_shell_that_no_reader_would_give_makes_no_member),
    };

    return cmocka_run_group_tests_name("members_sign_in", tests, etc_setup, NULL);
}
