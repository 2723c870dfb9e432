/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/fixture.h"

#include "members/policy.h"

static char subject[] = "00u1", username[] = "Ada", email[] = "ada@acme.example";

static int setup(void **state)
{
    (void)desk_setup(state);
    ((struct desk *)*state)->connection.allow_all = false;
    return 0;
}

static struct policy_case case_of(const struct desk *desk, const struct identity *identity)
{
    return (struct policy_case){.connection = &desk->connection, .identity = identity, .now = NOW};
}

static void assert_case(const struct policy_case *the_case, enum reason reason, const char *rule)
{
    const char *named = NULL;
    const enum reason judged = policy_judge(the_case, &named);

    if (judged != reason)
        fail_msg("%s by %s, not %s by %s", reason_code(judged), named, reason_code(reason), rule);
    assert_string_equal(named, rule);
}

static void assert_judged(const struct desk *desk, const struct identity *identity, enum reason reason,
                          const char *rule)
{
    const struct policy_case the_case = case_of(desk, identity);

    assert_case(&the_case, reason, rule);
}

static void unverify(struct identity *identity, enum email_proof proof)
{
    identity->email_verified = false;
    identity->email_proof = proof;
}

static void nobody_enters_without_a_rule(void **state)
{
    struct identity ada = person(subject, username, email);

    assert_judged(*state, &ada, REASON_NOT_ALLOWED, "no rule");
}

static void allow_all_lets_everybody_in(void **state)
{
    struct desk *desk = *state;
    struct identity ada = person(subject, NULL, NULL);

    desk->connection.allow_all = true;
    assert_judged(desk, &ada, REASON_OK, "allow_all");
}

static void a_user_is_named_by_subject_username_or_verified_email(void **state)
{
    struct desk *desk = *state;
    struct identity ada = person(subject, username, email);
    char by_email[] = "ADA@acme.Example", by_case[] = "ada", other[] = "bob";
    char *users[] = {other, NULL, NULL};

    desk->connection.allowed_users = users;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_users");
    users[1] = subject;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    users[1] = username;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    users[1] = by_case;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_users");
    users[1] = by_email;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    unverify(&ada, EMAIL_UNVERIFIED);
    assert_judged(desk, &ada, REASON_EMAIL_UNVERIFIED, "allowed_users");
    unverify(&ada, EMAIL_UNSAID);
    assert_judged(desk, &ada, REASON_EMAIL_NOT_VOUCHED, "allowed_users");
    users[0] = subject;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
}

static void a_username_that_is_an_unverified_email_names_nobody(void **state)
{
    struct desk *desk = *state;
    char by_email[] = "ada@acme.example", claimed[] = "Ada@acme.example", claim[] = "email";
    char *users[] = {by_email, claimed, NULL}, *username_claim = desk->connection.username_claim;
    struct identity ada = person(subject, claimed, email);

    desk->connection.allowed_users = users;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    unverify(&ada, EMAIL_UNVERIFIED);
    assert_judged(desk, &ada, REASON_EMAIL_UNVERIFIED, "allowed_users");
    users[0] = subject;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    users[0] = by_email;
    ada.email = NULL;
    unverify(&ada, EMAIL_UNSAID);
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    desk->connection.username_claim = claim;
    assert_judged(desk, &ada, REASON_EMAIL_NOT_VOUCHED, "allowed_users");
    desk->connection.username_claim = username_claim;
}

static void a_group_matches_whole_and_in_its_own_case(void **state)
{
    struct desk *desk = *state;
    struct identity ada = person(subject, username, email);
    char staff[] = "Staff", staffing[] = "Staffing", lower[] = "staff";
    char *allowed[] = {staff, NULL}, *groups[] = {staffing, lower, NULL};

    desk->connection.allowed_groups = allowed;
    ada.groups = groups;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_groups");
    groups[1] = staff;
    assert_judged(desk, &ada, REASON_OK, "allowed_groups");
}

static void an_email_domain_matches_whole_in_any_case_and_verified(void **state)
{
    struct desk *desk = *state;
    char domain[] = "Acme.EXAMPLE", inner[] = "a@evil.acme.example", longer[] = "a@acme.example.evil";
    char *domains[] = {domain, NULL};
    struct identity ada = person(subject, username, email);

    desk->connection.allowed_email_domains = domains;
    assert_judged(desk, &ada, REASON_OK, "allowed_email_domains");
    ada.email = inner;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_email_domains");
    ada.email = longer;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_email_domains");
    ada.email = email;
    unverify(&ada, EMAIL_UNVERIFIED);
    assert_judged(desk, &ada, REASON_EMAIL_UNVERIFIED, "allowed_email_domains");
    unverify(&ada, EMAIL_UNSAID);
    assert_judged(desk, &ada, REASON_EMAIL_NOT_VOUCHED, "allowed_email_domains");
    ada.email = longer;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_email_domains");
    ada.email = NULL;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_email_domains");
}

static void one_rule_that_matches_is_enough(void **state)
{
    struct desk *desk = *state;
    char bob[] = "bob", domain[] = "acme.example";
    char *users[] = {bob, NULL}, *domains[] = {domain, NULL};
    struct identity ada = person(subject, username, email);

    desk->connection.allowed_users = users;
    desk->connection.allowed_email_domains = domains;
    assert_judged(desk, &ada, REASON_OK, "allowed_email_domains");
}

static void names_of_one_length_are_not_one_name(void **state)
{
    struct desk *desk = *state;
    char eva[] = "eva@acme.example", cold[] = "cold.example", other[] = "acne.example";
    char *users[] = {eva, NULL}, *domains[] = {cold, other, NULL};
    struct identity ada = person(subject, username, email);

    desk->connection.allowed_users = users;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_users");
    desk->connection.allowed_users = desk->no_list;
    desk->connection.allowed_email_domains = domains;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_email_domains");
}

static void a_name_that_only_begins_alike_is_another(void **state)
{
    struct desk *desk = *state;
    char longer[] = "ada@acme.example.org", shorter[] = "ada@acme.exampl";
    char longer_domain[] = "acme.example.org", shorter_domain[] = "acme.exampl";
    char *users[] = {longer, shorter, NULL}, *domains[] = {longer_domain, shorter_domain, NULL};
    struct identity ada = person(subject, username, email);

    desk->connection.allowed_users = users;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_users");
    desk->connection.allowed_users = desk->no_list;
    desk->connection.allowed_email_domains = domains;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_email_domains");
}

static void any_place_in_a_list_is_as_good_as_the_last(void **state)
{
    struct desk *desk = *state;
    char ours[] = "acme.example", other[] = "other.example", her[] = "ada@acme.example",
         him[] = "bob@acme.example";
    char *domains[] = {ours, other, NULL}, *users[] = {her, him, NULL};
    struct identity ada = person(subject, username, email);

    desk->connection.allowed_email_domains = domains;
    assert_judged(desk, &ada, REASON_OK, "allowed_email_domains");
    desk->connection.allowed_email_domains = desk->no_list;
    desk->connection.allowed_users = users;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
}

static void who_has_no_username_is_not_named_by_one(void **state)
{
    struct desk *desk = *state;
    char bob[] = "bob";
    char *users[] = {bob, NULL};
    struct identity ada = person(subject, NULL, email);

    desk->connection.allowed_users = users;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_users");
}

static void a_username_that_is_no_address_needs_none_that_is_verified(void **state)
{
    struct desk *desk = *state;
    char name[] = "Ada", her[] = "ada@acme.example";
    char *users[] = {name, NULL}, *both[] = {name, her, NULL};
    struct identity ada = person(subject, username, email);

    unverify(&ada, EMAIL_UNVERIFIED);
    desk->connection.allowed_users = users;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    desk->connection.allowed_users = both;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
}

static void of_several_rules_the_first_that_says_something_is_told(void **state)
{
    struct desk *desk = *state;
    char her[] = "ada@acme.example", domain[] = "acme.example";
    char *users[] = {her, NULL}, *domains[] = {domain, NULL};
    struct identity ada = person(subject, username, email);

    desk->connection.allowed_users = users;
    desk->connection.allowed_email_domains = domains;
    assert_judged(desk, &ada, REASON_OK, "allowed_users");
    unverify(&ada, EMAIL_UNVERIFIED);
    assert_judged(desk, &ada, REASON_EMAIL_UNVERIFIED, "allowed_users");
}

static void of_several_refusals_the_unverified_address_is_told(void **state)
{
    struct desk *desk = *state;
    char bob[] = "bob", domain[] = "acme.example";
    char *users[] = {bob, NULL}, *domains[] = {domain, NULL};
    struct identity ada = person(subject, username, email);

    desk->connection.allowed_users = desk->connection.allowed_groups = users;
    desk->connection.allowed_email_domains = domains;
    unverify(&ada, EMAIL_UNSAID);
    assert_judged(desk, &ada, REASON_EMAIL_NOT_VOUCHED, "allowed_email_domains");
    ada.email = NULL;
    assert_judged(desk, &ada, REASON_NOT_ALLOWED, "allowed_users");
}

#define POLICY_TEST(name) cmocka_unit_test_setup_teardown(name, setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        POLICY_TEST(nobody_enters_without_a_rule),
        POLICY_TEST(allow_all_lets_everybody_in),
        POLICY_TEST(a_user_is_named_by_subject_username_or_verified_email),
        POLICY_TEST(a_username_that_is_an_unverified_email_names_nobody),
        POLICY_TEST(a_group_matches_whole_and_in_its_own_case),
        POLICY_TEST(an_email_domain_matches_whole_in_any_case_and_verified),
        POLICY_TEST(one_rule_that_matches_is_enough),
        POLICY_TEST(names_of_one_length_are_not_one_name),
        POLICY_TEST(a_name_that_only_begins_alike_is_another),
        POLICY_TEST(any_place_in_a_list_is_as_good_as_the_last),
        POLICY_TEST(who_has_no_username_is_not_named_by_one),
        POLICY_TEST(a_username_that_is_no_address_needs_none_that_is_verified),
        POLICY_TEST(of_several_rules_the_first_that_says_something_is_told),
        POLICY_TEST(of_several_refusals_the_unverified_address_is_told),
    };

    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
