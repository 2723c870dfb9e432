/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/verbs.h"

static void an_invitation_is_judged_like_any_new_name(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(invite(desk, "Ada", "a@b.c", NULL), REASON_NAME_INVALID);
    assert_int_equal(invite(desk, "sudo", "a@b.c", NULL), REASON_NAME_RESERVED);
    assert_int_equal(invite(desk, "porter", "a@b.c", NULL), REASON_NAME_TAKEN);
    assert_int_equal(invite(desk, "ada", "nobody", NULL), REASON_CLAIMS_MALFORMED);
    assert_int_equal(invite(desk, "ada", "a@b.c", "nowhere"), REASON_CONNECTION_UNKNOWN);
    assert_int_equal(invite(desk, "ada", "a@b.c", NULL), REASON_OK);
    assert_int_equal(invite(desk, "ada", "d@b.c", NULL), REASON_NAME_TAKEN);
}

static void of_two_invitations_the_one_that_names_the_connection_comes_first(void **state)
{
    struct desk *desk = *state;
    struct member member;
    struct identity identity = ada();

    assert_int_equal(invite(desk, "anywhere", "ada@acme.example", NULL), REASON_OK);
    assert_int_equal(invite(desk, "here", "ada@acme.example", "acme"), REASON_OK);
    assert_int_equal(members_sign_in(&desk->members, &desk->request, &identity, &member), REASON_OK);
    assert_string_equal(member.name, "here");
    member_clear(&member);
}

static void a_disabled_member_is_refused_until_enabled(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(set_state(desk, "ada", MEMBER_DISABLED), REASON_OK);
    assert_published(desk);
    assert_nothing_written(desk, ada(), REASON_MEMBER_DISABLED);
    assert_int_equal(set_state(desk, "ada", MEMBER_ACTIVE), REASON_OK);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(set_state(desk, "bob", MEMBER_DISABLED), REASON_NOT_A_MEMBER);
}

static void a_disabled_invitation_binds_nobody_and_its_person_is_no_stranger(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(invite(desk, "countess", "ada@acme.example", NULL), REASON_OK);
    assert_int_equal(set_state(desk, "countess", MEMBER_DISABLED), REASON_OK);
    assert_nothing_written(desk, ada(), REASON_MEMBER_DISABLED);
    desk->connection.create_users = false;
    assert_nothing_written(desk, ada(), REASON_MEMBER_DISABLED);
    assert_nothing_written(desk, person(bob_subject, bob_name, NULL), REASON_CREATE_OFF);
    assert_int_equal(set_state(desk, "countess", MEMBER_ACTIVE), REASON_OK);
    assert_sign_in(desk, ada(), REASON_OK);
}

static void an_open_invitation_counts_before_a_disabled_one(void **state)
{
    struct desk *desk = *state;
    struct member member;
    struct identity identity = ada();

    assert_int_equal(invite(desk, "closed", "ada@acme.example", "acme"), REASON_OK);
    assert_int_equal(set_state(desk, "closed", MEMBER_DISABLED), REASON_OK);
    assert_int_equal(invite(desk, "open", "ada@acme.example", NULL), REASON_OK);
    assert_int_equal(members_sign_in(&desk->members, &desk->request, &identity, &member), REASON_OK);
    assert_string_equal(member.name, "open");
    member_clear(&member);
}

static void a_removed_member_leaves_a_tombstone(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(remove_member(desk, "ada", false, false), REASON_OK);
    assert_published(desk);
    assert_nothing_written(desk, ada(), REASON_MEMBER_REMOVED);
    assert_nothing_written(desk, person(bob_subject, ada_name, NULL), REASON_NAME_TAKEN);
    assert_int_equal(set_state(desk, "ada", MEMBER_ACTIVE), REASON_MEMBER_REMOVED);
    assert_false(members_knows_name(&desk->members, "ada"));
    assert_int_equal(account(desk, "ada", "login"), REASON_MEMBER_REMOVED);
}

static void a_freed_name_goes_to_somebody_else_with_another_id(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(remove_member(desk, "ada", true, false), REASON_OK);
    assert_nothing_written(desk, ada(), REASON_MEMBER_REMOVED);
    assert_sign_in(desk, person(bob_subject, ada_name, NULL), REASON_OK);
    assert_int_not_equal(id_of(desk, "ada"), 65536);
    assert_int_equal(id_of(desk, "#65536"), 65536);
}

static void a_disabled_member_is_no_invitation_that_was_disabled(void **state)
{
    struct desk *desk = *state;
    struct identity bob = person(bob_subject, bob_name, ada_email);
    char elsewhere[] = "https://other.example";
    struct member member = {0};

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(members_set_state(&desk->members, "ada", MEMBER_DISABLED, &member), REASON_OK);
    member_clear(&member);
    bob.issuer = elsewhere;
    assert_sign_in(desk, bob, REASON_OK);
}

static void erasing_forgets_the_person_but_not_the_key(void **state)
{
    struct desk *desk = *state;
    struct member member = {0};
    struct identity identity = ada();
    char theirs[] = "00g1", crew[] = "crew", *in_crew[] = {theirs, NULL};
    struct name_value crew_map[] = {{theirs, crew}, {NULL, NULL}};

    identity.full_name = ada_name;
    desk->connection.group_map = crew_map;
    identity.groups = in_crew;
    assert_sign_in(desk, identity, REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_string_equal(member.groups, "crew");
    member_clear(&member);
    assert_int_equal(remove_member(desk, "ada", false, true), REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_null(member.full_name);
    assert_null(member.email);
    assert_null(member.groups);
    assert_int_equal(member.last_sign_in_at, 0);
    assert_string_equal(member.subject, ada_subject);
    member_clear(&member);
    assert_nothing_written(desk, identity, REASON_MEMBER_REMOVED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(an_invitation_is_judged_like_any_new_name),
        DESK_TEST(of_two_invitations_the_one_that_names_the_connection_comes_first),
        DESK_TEST(a_disabled_member_is_refused_until_enabled),
        DESK_TEST(a_disabled_invitation_binds_nobody_and_its_person_is_no_stranger),
        DESK_TEST(an_open_invitation_counts_before_a_disabled_one),
        DESK_TEST(a_removed_member_leaves_a_tombstone),
        DESK_TEST(a_freed_name_goes_to_somebody_else_with_another_id),
        DESK_TEST(a_disabled_member_is_no_invitation_that_was_disabled),
        DESK_TEST(erasing_forgets_the_person_but_not_the_key),
    };

    return cmocka_run_group_tests_name("members_admin", tests, etc_setup, NULL);
}
