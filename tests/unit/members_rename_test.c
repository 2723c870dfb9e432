/* SPDX-License-Identifier: BSD-2-Clause */
#include "frontdesk/member_index.h"
#include "members/verbs.h"

static enum reason rename_to(struct desk *desk, const char *name, const char *new_name, bool free_name)
{
    struct member member;
    enum reason reason = members_rename(&desk->members, name, new_name, free_name, &member);

    member_clear(&member);
    return reason;
}

static void a_renamed_member_keeps_id_and_identity_and_the_home_follows(void **state)
{
    struct desk *desk = *state;
    struct member member;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(members_rename(&desk->members, "ada", "lovelace", false, &member), REASON_OK);
    assert_string_equal(member.name, "lovelace");
    assert_string_equal(member.home, "/home/lovelace");
    assert_int_equal(member.id, 65536);
    member_clear(&member);
    assert_published(desk);
    desk->request.requested_user = "lovelace";
    assert_nothing_written(desk, ada(), REASON_OK);
    desk->request.requested_user = "ada";
    assert_nothing_written(desk, ada(), REASON_WRONG_USER);
    assert_false(members_knows_name(&desk->members, "ada"));
    assert_int_equal(account(desk, "ada", "login"), REASON_NOT_A_MEMBER);
    desk->request.requested_user = "";
    assert_int_equal(account(desk, "lovelace", "login"), REASON_OK);
}

static void the_old_name_stays_taken_for_everybody_else(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(rename_to(desk, "ada", "lovelace", false), REASON_OK);
    assert_nothing_written(desk, person(bob_subject, ada_name, NULL), REASON_NAME_TAKEN);
    assert_int_equal(invite(desk, "ada", "x@acme.example", NULL), REASON_NAME_TAKEN);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_int_equal(rename_to(desk, "bob", "ada", false), REASON_NAME_TAKEN);
    assert_int_equal(rename_to(desk, "lovelace", "ada", false), REASON_OK);
    assert_nothing_written(desk, ada(), REASON_OK);
    assert_int_equal(rename_to(desk, "bob", "lovelace", false), REASON_NAME_TAKEN);
}

static void a_name_that_was_freed_may_be_anybodys_with_another_id(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(rename_to(desk, "ada", "lovelace", true), REASON_OK);
    assert_sign_in(desk, person(bob_subject, ada_name, NULL), REASON_OK);
    assert_int_not_equal(id_of(desk, "ada"), id_of(desk, "lovelace"));
}

static void names_from_before_stay_with_a_removed_member_until_freed(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(rename_to(desk, "ada", "lovelace", false), REASON_OK);
    assert_int_equal(remove_member(desk, "lovelace", false, false), REASON_OK);
    assert_nothing_written(desk, person(bob_subject, ada_name, NULL), REASON_NAME_TAKEN);
    assert_int_equal(remove_member(desk, "lovelace", true, false), REASON_OK);
    assert_sign_in(desk, person(bob_subject, ada_name, NULL), REASON_OK);
}

static void a_home_that_would_be_too_long_keeps_the_name(void **state)
{
    struct desk *desk = *state;
    struct member member = {0};
    char home[MEMBER_HOME_MAX + 1] = "/";

    memset(home + 1, 'h', MEMBER_HOME_MAX - 5);
    memcpy(home + MEMBER_HOME_MAX - 4, "/ada", 4);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    free(member.home);
    member.home = text(home);
    assert_int_equal(store_update(desk->members.store, &member), STORE_OK);
    member_clear(&member);
    assert_int_equal(rename_to(desk, "ada", "adam", false), REASON_CONFIG_BROKEN);
    assert_int_equal(rename_to(desk, "ada", "eve", false), REASON_OK);
}

static void a_new_name_is_judged_like_an_invitations(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_int_equal(rename_to(desk, "ada", "Ada", false), REASON_NAME_INVALID);
    assert_int_equal(rename_to(desk, "ada", "docker", false), REASON_NAME_RESERVED);
    assert_int_equal(rename_to(desk, "ada", "porter", false), REASON_NAME_TAKEN);
    assert_int_equal(rename_to(desk, "ada", "keys", false), REASON_NAME_TAKEN);
    assert_int_equal(rename_to(desk, "ada", "bob", false), REASON_NAME_TAKEN);
    assert_int_equal(rename_to(desk, "ada", "ada", false), REASON_NAME_TAKEN);
    assert_int_equal(rename_to(desk, "nobody-here", "zoe", false), REASON_NOT_A_MEMBER);
    assert_int_equal(remove_member(desk, "bob", false, false), REASON_OK);
    assert_int_equal(rename_to(desk, "bob", "zoe", false), REASON_MEMBER_REMOVED);
    assert_nothing_written(desk, ada(), REASON_OK);
}

static void an_invitation_is_renamed_like_a_member(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(invite(desk, "countess", ada_email, NULL), REASON_OK);
    assert_int_equal(rename_to(desk, "countess", "lovelace", false), REASON_OK);
    desk->request.requested_user = "lovelace";
    assert_sign_in(desk, ada(), REASON_OK);
}

static void a_dry_rename_changes_nothing(void **state)
{
    struct desk *desk = *state;
    uint64_t before, after;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(store_generation(desk->members.store, &before), STORE_OK);
    desk->members.dry_run = true;
    assert_int_equal(rename_to(desk, "ada", "lovelace", false), REASON_OK);
    assert_int_equal(rename_to(desk, "ada", "porter", false), REASON_NAME_TAKEN);
    assert_int_equal(store_generation(desk->members.store, &after), STORE_OK);
    assert_int_equal(before, after);
    assert_int_equal(id_of(desk, "ada"), 65536);
    assert_false(members_knows_name(&desk->members, "lovelace"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_renamed_member_keeps_id_and_identity_and_the_home_follows),
        DESK_TEST(the_old_name_stays_taken_for_everybody_else),
        DESK_TEST(a_name_that_was_freed_may_be_anybodys_with_another_id),
        DESK_TEST(names_from_before_stay_with_a_removed_member_until_freed),
        DESK_TEST(a_home_that_would_be_too_long_keeps_the_name),
        DESK_TEST(a_new_name_is_judged_like_an_invitations),
        DESK_TEST(an_invitation_is_renamed_like_a_member),
        DESK_TEST(a_dry_rename_changes_nothing),
    };

    return cmocka_run_group_tests_name("members_rename", tests, etc_setup, NULL);
}
