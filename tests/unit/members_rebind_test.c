/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/verbs.h"

#define MOVED "https://id.acme.example"

static char moved[] = MOVED;

static enum reason rebind(struct desk *desk, struct members_rebind rebind, size_t *ret_count)
{
    return members_rebind(&desk->members, &desk->config, &rebind, ret_count);
}

static struct identity moved_person(char *subject, char *name)
{
    struct identity identity = person(subject, name, NULL);

    identity.issuer = moved;
    return identity;
}

static void assert_unchanged(struct desk *desk, struct members_rebind what, enum reason reason)
{
    uint64_t before, after;
    size_t count = 77;

    assert_int_equal(store_generation(desk->members.store, &before), STORE_OK);
    assert_int_equal(rebind(desk, what, &count), reason);
    if (reason != REASON_OK)
        assert_int_equal(count, 77);
    assert_int_equal(store_generation(desk->members.store, &after), STORE_OK);
    assert_int_equal(before, after);
}

static void one_member_gets_another_identity(void **state)
{
    struct desk *desk = *state;
    uint32_t id;
    size_t count = 0;

    assert_sign_in(desk, ada(), REASON_OK);
    id = id_of(desk, "ada");
    assert_int_equal(
        rebind(desk, (struct members_rebind){.name = "ada", .issuer = MOVED, .subject = "new"}, &count),
        REASON_OK);
    assert_int_equal(count, 1);
    assert_published(desk);
    assert_nothing_written(desk, ada(), REASON_NAME_TAKEN);
    assert_nothing_written(desk, moved_person((char[]){"new"}, NULL), REASON_OK);
    assert_int_equal(id_of(desk, "ada"), id);
}

static void a_rebound_members_address_is_no_longer_vouched_for_by_the_other_issuer(void **state)
{
    struct desk *desk = *state;
    struct member member = {0};
    size_t count;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_int_equal(
        rebind(desk, (struct members_rebind){.name = "ada", .issuer = ISSUER, .subject = "new"}, &count),
        REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_true(member.email_verified);
    member_clear(&member);
    assert_int_equal(rebind(desk, (struct members_rebind){.name = "ada", .issuer = MOVED}, &count),
                     REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_false(member.email_verified);
    assert_string_equal(member.subject, "new");
    member_clear(&member);
}

static void all_of_an_issuer_move_with_their_subjects_and_tombstones(void **state)
{
    struct desk *desk = *state;
    char elsewhere[] = "https://other.example", zoe[] = "zoe";
    struct identity other = person(ada_subject, zoe, NULL);
    size_t count = 0;

    other.issuer = elsewhere;
    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_sign_in(desk, other, REASON_OK);
    assert_int_equal(invite(desk, "countess", "c@acme.example", NULL), REASON_OK);
    assert_int_equal(remove_member(desk, "bob", false, false), REASON_OK);
    assert_int_equal(rebind(desk, (struct members_rebind){.old_issuer = ISSUER, .issuer = MOVED}, &count),
                     REASON_OK);
    assert_int_equal(count, 2);
    assert_published(desk);
    assert_nothing_written(desk, moved_person(ada_subject, NULL), REASON_OK);
    assert_nothing_written(desk, moved_person(bob_subject, NULL), REASON_MEMBER_REMOVED);
    assert_nothing_written(desk, other, REASON_OK);
    assert_unchanged(desk, (struct members_rebind){.old_issuer = ISSUER, .issuer = MOVED},
                     REASON_NOT_A_MEMBER);
}

static void no_identity_becomes_two_members(void **state)
{
    struct desk *desk = *state;
    char zoe[] = "zoe", eve_subject[] = "s-eve", eve[] = "eve";

    assert_sign_in(desk, person(eve_subject, eve, NULL), REASON_OK);
    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, moved_person(ada_subject, zoe), REASON_OK);
    assert_unchanged(desk, (struct members_rebind){.old_issuer = ISSUER, .issuer = MOVED}, REASON_NAME_TAKEN);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = MOVED}, REASON_NAME_TAKEN);
    assert_unchanged(desk, (struct members_rebind){.name = "eve", .issuer = MOVED, .subject = "s-ada"},
                     REASON_NAME_TAKEN);
    assert_nothing_written(desk, person(eve_subject, NULL, NULL), REASON_OK);
    assert_int_equal(remove_member(desk, "zoe", true, true), REASON_OK);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = MOVED}, REASON_NAME_TAKEN);
}

static void they_may_belong_to_another_connection_from_then_on(void **state)
{
    struct desk *desk = *state;
    char name[] = "other", *broken[] = {name};
    struct member member = {0};
    size_t count;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = MOVED, .connection = "other"},
                     REASON_CONNECTION_UNKNOWN);
    desk->config.broken_connections = broken;
    desk->config.broken_connection_count = 1;
    assert_int_equal(
        rebind(desk, (struct members_rebind){.old_issuer = ISSUER, .issuer = MOVED, .connection = "other"},
               &count),
        REASON_OK);
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_string_equal(member.connection, "other");
    member_clear(&member);
}

static void an_invitation_is_bound_by_a_whole_identity_only(void **state)
{
    struct desk *desk = *state;
    size_t count;

    assert_int_equal(invite(desk, "countess", ada_email, NULL), REASON_OK);
    assert_unchanged(desk, (struct members_rebind){.name = "countess", .issuer = ISSUER},
                     REASON_INVITED_NOT_BOUND);
    assert_unchanged(desk, (struct members_rebind){.name = "countess", .issuer = ISSUER, .subject = "s-ada"},
                     REASON_CONNECTION_UNKNOWN);
    assert_int_equal(
        rebind(desk,
               (struct members_rebind){
                   .name = "countess", .issuer = ISSUER, .subject = "s-ada", .connection = "acme"},
               &count),
        REASON_OK);
    desk->connection.create_users = false;
    desk->request.requested_user = "countess";
    assert_sign_in(desk, person(ada_subject, NULL, NULL), REASON_OK);
}

static void what_no_token_could_say_is_refused(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = ""}, REASON_CLAIM_ISS);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = "https://a\n"}, REASON_CLAIM_ISS);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = MOVED, .subject = ""},
                     REASON_CLAIM_SUB);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = MOVED, .subject = "\x1b"},
                     REASON_CLAIM_SUB);
    assert_unchanged(desk, (struct members_rebind){.name = "eve", .issuer = MOVED}, REASON_NOT_A_MEMBER);
    assert_int_equal(remove_member(desk, "ada", false, false), REASON_OK);
    assert_unchanged(desk, (struct members_rebind){.name = "ada", .issuer = MOVED}, REASON_MEMBER_REMOVED);
}

static void a_dry_rebind_counts_and_changes_nothing(void **state)
{
    struct desk *desk = *state;
    size_t count = 0;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    desk->members.dry_run = true;
    assert_int_equal(rebind(desk, (struct members_rebind){.old_issuer = ISSUER, .issuer = MOVED}, &count),
                     REASON_OK);
    assert_int_equal(count, 2);
    desk->members.dry_run = false;
    assert_nothing_written(desk, ada(), REASON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(one_member_gets_another_identity),
        DESK_TEST(a_rebound_members_address_is_no_longer_vouched_for_by_the_other_issuer),
        DESK_TEST(all_of_an_issuer_move_with_their_subjects_and_tombstones),
        DESK_TEST(no_identity_becomes_two_members),
        DESK_TEST(they_may_belong_to_another_connection_from_then_on),
        DESK_TEST(an_invitation_is_bound_by_a_whole_identity_only),
        DESK_TEST(what_no_token_could_say_is_refused),
        DESK_TEST(a_dry_rebind_counts_and_changes_nothing),
    };

    return cmocka_run_group_tests_name("members_rebind", tests, etc_setup, NULL);
}
