/* SPDX-License-Identifier: BSD-2-Clause */
/* What a sign-in takes from the claims, and what it leaves alone. */
#include "members/verbs.h"

#include "frontdesk/member_index.h"

static char lovelace[] = "Ada Lovelace", king[] = "Ada King", new_email[] = "king@acme.example";
static char theirs[] = "00g1", more[] = "00g2", crew[] = "crew", audio[] = "audio";
static struct name_value map[] = {{theirs, crew}, {more, audio}, {NULL, NULL}};

static struct identity named_ada(void)
{
    struct identity identity = ada();

    identity.full_name = lovelace;
    return identity;
}

/* NULL: none. */
static void assert_row(struct desk *desk, const char *name, const char *full_name, const char *email)
{
    struct member member = {0};

    assert_int_equal(store_by_name(desk->members.store, name, &member), STORE_OK);
    assert_string_equal(member.full_name ? member.full_name : "", full_name ? full_name : "");
    assert_string_equal(member.email ? member.email : "", email ? email : "");
    member_clear(&member);
}

static void assert_groups(struct desk *desk, const char *name, const char *groups)
{
    struct member member = {0};

    assert_int_equal(store_by_name(desk->members.store, name, &member), STORE_OK);
    assert_string_equal(member.groups ? member.groups : "", groups);
    member_clear(&member);
}

static bool email_is_verified(struct desk *desk, const char *name)
{
    struct member member = {0};
    bool is_verified;

    assert_int_equal(store_by_name(desk->members.store, name, &member), STORE_OK);
    is_verified = member.email_verified;
    member_clear(&member);
    return is_verified;
}

static void on_each_login_name_and_email_follow_the_claims(void **state)
{
    struct desk *desk = *state;
    struct identity identity = named_ada();

    assert_sign_in(desk, identity, REASON_OK);
    identity.full_name = king;
    identity.email = new_email;
    assert_sign_in(desk, identity, REASON_OK);
    assert_row(desk, "ada", king, new_email);
    assert_true(email_is_verified(desk, "ada"));
    assert_string_equal(desk->members.notice, "");
    assert_published(desk);
    identity.full_name = identity.email = NULL;
    identity.email_verified = false;
    assert_nothing_written(desk, identity, REASON_OK);
    assert_row(desk, "ada", king, new_email);
}

static void on_first_login_they_are_taken_once(void **state)
{
    struct desk *desk = *state;
    struct identity identity = named_ada();

    desk->connection.sync_profile = SYNC_ON_FIRST_LOGIN;
    assert_sign_in(desk, identity, REASON_OK);
    identity.full_name = king;
    identity.email = new_email;
    assert_nothing_written(desk, identity, REASON_OK);
    assert_row(desk, "ada", lovelace, ada_email);
}

static void never_on_login_only_the_email_is_taken_when_bound(void **state)
{
    struct desk *desk = *state;
    struct identity identity = named_ada();

    desk->connection.sync_profile = SYNC_NEVER_ON_LOGIN;
    assert_sign_in(desk, identity, REASON_OK);
    assert_row(desk, "ada", NULL, ada_email);
    identity.email = new_email;
    assert_nothing_written(desk, identity, REASON_OK);
    assert_row(desk, "ada", NULL, ada_email);
    assert_nothing_written(desk, person(bob_subject, bob_name, ada_email), REASON_EMAIL_TAKEN);
}

static void an_invitations_name_stays_unless_the_claims_may_say_it(void **state)
{
    struct desk *desk = *state;
    struct members_invitation invitation = {
        .name = "countess", .email = ada_email, .full_name = "Lady Lovelace"};
    struct member member;

    assert_int_equal(members_invite(&desk->members, &desk->config, &invitation, &member), REASON_OK);
    member_clear(&member);
    desk->connection.sync_profile = SYNC_NEVER_ON_LOGIN;
    assert_sign_in(desk, named_ada(), REASON_OK);
    assert_row(desk, "countess", "Lady Lovelace", ada_email);
    desk->connection.sync_profile = SYNC_ON_EACH_LOGIN;
    assert_sign_in(desk, named_ada(), REASON_OK);
    assert_row(desk, "countess", lovelace, ada_email);
}

static void an_address_that_is_not_proved_does_not_displace_one_that_was(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();

    assert_sign_in(desk, identity, REASON_OK);
    identity.email = new_email;
    identity.email_verified = false;
    identity.email_proof = EMAIL_UNVERIFIED;
    assert_nothing_written(desk, identity, REASON_OK);
    assert_non_null(strstr(desk->members.notice, "not verified"));
    assert_row(desk, "ada", NULL, ada_email);
    assert_nothing_written(desk, person(bob_subject, bob_name, ada_email), REASON_EMAIL_TAKEN);
    identity.email = ada_email;
    assert_nothing_written(desk, identity, REASON_OK);
    assert_true(email_is_verified(desk, "ada"));
}

static void an_address_that_was_never_proved_follows_and_may_be_proved_later(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();

    identity.email_verified = false;
    assert_sign_in(desk, identity, REASON_OK);
    identity.email = new_email;
    assert_sign_in(desk, identity, REASON_OK);
    assert_row(desk, "ada", NULL, new_email);
    assert_false(email_is_verified(desk, "ada"));
    identity.email_verified = true;
    assert_sign_in(desk, identity, REASON_OK);
    assert_true(email_is_verified(desk, "ada"));
}

static void an_address_that_is_another_members_is_not_taken_over(void **state)
{
    struct desk *desk = *state;
    struct identity bob = person(bob_subject, bob_name, new_email);

    assert_sign_in(desk, ada(), REASON_OK);
    assert_sign_in(desk, bob, REASON_OK);
    bob.email = ada_email;
    assert_nothing_written(desk, bob, REASON_OK);
    assert_non_null(strstr(desk->members.notice, "another member's"));
    assert_row(desk, "bob", NULL, new_email);
    assert_row(desk, "ada", NULL, ada_email);
    assert_int_equal(remove_member(desk, "ada", false, false), REASON_OK);
    assert_nothing_written(desk, bob, REASON_OK);
    assert_row(desk, "bob", NULL, new_email);
}

static void an_address_of_another_issuers_member_may_be_taken(void **state)
{
    struct desk *desk = *state;
    char elsewhere[] = "https://other.example";
    struct identity bob = person(bob_subject, bob_name, new_email);

    assert_sign_in(desk, ada(), REASON_OK);
    bob.issuer = elsewhere;
    assert_sign_in(desk, bob, REASON_OK);
    bob.email = ada_email;
    assert_sign_in(desk, bob, REASON_OK);
    assert_row(desk, "bob", NULL, ada_email);
}

static void groups_follow_every_sign_in_whatever_sync_profile_says(void **state)
{
    static const enum sync_profile modes[] = {SYNC_ON_EACH_LOGIN, SYNC_ON_FIRST_LOGIN, SYNC_NEVER_ON_LOGIN};
    struct desk *desk = *state;
    struct identity identity = ada();
    char *both[] = {theirs, more, NULL}, *one[] = {more, NULL}, *none[] = {NULL};

    desk->connection.group_map = map;
    for (size_t i = 0; i < sizeof modes / sizeof modes[0]; i++) {
        desk->connection.sync_profile = modes[i];
        identity.groups = both;
        assert_sign_in(desk, identity, REASON_OK);
        assert_groups(desk, "ada", "audio,crew");
        assert_published(desk);
        assert_nothing_written(desk, identity, REASON_OK);
        identity.groups = one;
        assert_sign_in(desk, identity, REASON_OK);
        assert_groups(desk, "ada", "audio");
        identity.groups = none;
        assert_sign_in(desk, identity, REASON_OK);
        assert_groups(desk, "ada", "");
        assert_nothing_written(desk, identity, REASON_OK);
    }
}

static void a_group_that_is_lost_raises_the_generation_and_is_published(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();
    char *one[] = {theirs, NULL}, *none[] = {NULL};
    uint64_t before, after;

    desk->connection.group_map = map;
    identity.groups = one;
    assert_sign_in(desk, identity, REASON_OK);
    assert_int_equal(store_generation(desk->members.store, &before), STORE_OK);
    identity.groups = none;
    assert_sign_in(desk, identity, REASON_OK);
    assert_int_equal(store_generation(desk->members.store, &after), STORE_OK);
    assert_int_equal(after, before + 1);
    assert_published(desk);
}

static void groups_that_the_issuer_left_out_are_lost_and_told(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();
    char *one[] = {theirs, NULL}, *none[] = {NULL};

    desk->connection.group_map = map;
    identity.groups = one;
    assert_sign_in(desk, identity, REASON_OK);
    identity.groups = none;
    identity.groups_overflowed = true;
    assert_sign_in(desk, identity, REASON_OK);
    assert_groups(desk, "ada", "");
    assert_non_null(strstr(desk->members.notice, "left groups out"));
}

static void all_that_was_not_taken_is_told(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();

    assert_sign_in(desk, identity, REASON_OK);
    identity.email = new_email;
    identity.email_verified = false;
    identity.email_proof = EMAIL_UNVERIFIED;
    identity.groups_overflowed = true;
    assert_sign_in(desk, identity, REASON_OK);
    assert_non_null(strstr(desk->members.notice, "was: kept; the issuer left groups out"));
}

static void asked_for_by_another_than_root_nothing_is_noted(void **state)
{
    struct desk *desk = *state;
    struct identity identity = named_ada();
    char *one[] = {theirs, NULL};
    struct member member = {0};

    assert_sign_in(desk, named_ada(), REASON_OK);
    desk->connection.group_map = map;
    desk->request.known_only = true;
    desk->request.now = NOW + 60;
    identity.full_name = king;
    identity.email = new_email;
    identity.groups = one;
    assert_nothing_written(desk, identity, REASON_OK);
    assert_row(desk, "ada", lovelace, ada_email);
    assert_groups(desk, "ada", "");
    assert_int_equal(store_by_name(desk->members.store, "ada", &member), STORE_OK);
    assert_int_equal(member.last_sign_in_at, NOW);
    member_clear(&member);
}

static void asked_for_by_another_than_root_nobody_becomes_a_member(void **state)
{
    struct desk *desk = *state;
    struct identity bob = person(bob_subject, bob_name, new_email);

    assert_int_equal(invite(desk, "countess", ada_email, NULL), REASON_OK);
    desk->request.known_only = true;
    assert_nothing_written(desk, ada(), REASON_INVITED_NOT_BOUND);
    assert_nothing_written(desk, bob, REASON_NOT_A_MEMBER);
    desk->request.known_only = false;
    assert_sign_in(desk, ada(), REASON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(on_each_login_name_and_email_follow_the_claims),
        DESK_TEST(on_first_login_they_are_taken_once),
        DESK_TEST(never_on_login_only_the_email_is_taken_when_bound),
        DESK_TEST(an_invitations_name_stays_unless_the_claims_may_say_it),
        DESK_TEST(an_address_that_is_not_proved_does_not_displace_one_that_was),
        DESK_TEST(an_address_that_was_never_proved_follows_and_may_be_proved_later),
        DESK_TEST(an_address_that_is_another_members_is_not_taken_over),
        DESK_TEST(an_address_of_another_issuers_member_may_be_taken),
        DESK_TEST(groups_follow_every_sign_in_whatever_sync_profile_says),
        DESK_TEST(a_group_that_is_lost_raises_the_generation_and_is_published),
        DESK_TEST(groups_that_the_issuer_left_out_are_lost_and_told),
        DESK_TEST(all_that_was_not_taken_is_told),
        DESK_TEST(asked_for_by_another_than_root_nothing_is_noted),
        DESK_TEST(asked_for_by_another_than_root_nobody_becomes_a_member),
    };

    return cmocka_run_group_tests_name("members_sync", tests, etc_setup, NULL);
}
