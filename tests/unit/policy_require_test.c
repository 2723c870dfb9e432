/* SPDX-License-Identifier: BSD-2-Clause */
/* Rules that require: each not set, holding and failing; none lets anybody in by itself. */
#include "members/fixture.h"

#include "members/policy.h"

static char subject[] = "00u1", username[] = "ada", email[] = "ada@acme.example";

struct stage {
    struct desk *desk;
    struct identity ada;
    struct policy_case the_case;
};

static int setup(void **state)
{
    struct stage *stage = calloc(1, sizeof *stage);
    void *desk;

    assert_non_null(stage);
    (void)desk_setup(&desk);
    stage->desk = desk;
    stage->ada = person(subject, username, email);
    stage->the_case =
        (struct policy_case){.connection = &stage->desk->connection, .identity = &stage->ada, .now = NOW};
    *state = stage;
    return 0;
}

static int teardown(void **state)
{
    struct stage *stage = *state;
    void *desk = stage->desk;

    free(stage);
    return desk_teardown(&desk);
}

static void assert_judged(const struct stage *stage, enum reason reason, const char *rule)
{
    const char *named = NULL;
    const enum reason judged = policy_judge(&stage->the_case, &named);

    if (judged != reason)
        fail_msg("%s by %s, not %s by %s", reason_code(judged), named, reason_code(reason), rule);
    assert_string_equal(named, rule);
}

static void assert_allowed(const struct stage *stage)
{
    assert_judged(stage, REASON_OK, "allow_all");
}

static void a_tenant_must_be_listed(void **state)
{
    struct stage *stage = *state;
    char one[] = "t1", two[] = "t2", upper[] = "T2", longer[] = "t22";
    char *tenants[] = {one, two, NULL};

    assert_allowed(stage);
    stage->desk->connection.allowed_tenants = tenants;
    assert_judged(stage, REASON_TENANT_NOT_ALLOWED, "allowed_tenants");
    stage->ada.tenant = two;
    assert_allowed(stage);
    stage->ada.tenant = upper;
    assert_judged(stage, REASON_TENANT_NOT_ALLOWED, "allowed_tenants");
    stage->ada.tenant = longer;
    assert_judged(stage, REASON_TENANT_NOT_ALLOWED, "allowed_tenants");
}

static void no_required_claim_may_be_missing(void **state)
{
    struct stage *stage = *state;
    char name[] = "org", value[] = "acme";
    struct name_value required[] = {{name, value}, {NULL, NULL}};

    stage->desk->connection.required_claims = required;
    assert_allowed(stage);
    stage->ada.missing_claim = name;
    assert_judged(stage, REASON_REQUIRED_CLAIM, "required_claims");
}

static void any_of_the_required_classes_is_enough(void **state)
{
    struct stage *stage = *state;
    char silver[] = "silver", gold[] = "gold", bronze[] = "bronze";
    char *classes[] = {silver, gold, NULL};

    stage->ada.acr = bronze;
    assert_allowed(stage);
    stage->desk->connection.required_acr = classes;
    assert_judged(stage, REASON_REQUIRED_ACR, "required_acr");
    stage->ada.acr = gold;
    assert_allowed(stage);
    stage->ada.acr = NULL;
    assert_judged(stage, REASON_REQUIRED_ACR, "required_acr");
}

static void all_of_the_required_methods_must_be_there(void **state)
{
    struct stage *stage = *state;
    char pwd[] = "pwd", otp[] = "otp", face[] = "face";
    char *wanted[] = {pwd, otp, NULL}, *methods[4] = {face, otp};

    stage->desk->connection.required_amr = wanted;
    assert_judged(stage, REASON_REQUIRED_AMR, "required_amr");
    stage->ada.amr = methods;
    assert_judged(stage, REASON_REQUIRED_AMR, "required_amr");
    methods[2] = pwd;
    assert_allowed(stage);
}

static void a_sign_in_may_not_be_too_old_nor_of_the_future(void **state)
{
    struct stage *stage = *state;
    const struct {
        int64_t auth_time;
        bool is_allowed;
    } cases[] = {
        {NOW, true},       {NOW - 300, true}, {NOW - 360, true}, {NOW - 361, false}, {NOW + 60, true},
        {NOW + 61, false}, {-1, false},       {0, false},        {INT64_MAX, false}, {INT64_MIN, false},
    };

    stage->ada.auth_time = 5;
    assert_allowed(stage);
    stage->desk->connection.max_age = 300;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        stage->ada.auth_time = cases[i].auth_time;
        if (cases[i].is_allowed)
            assert_allowed(stage);
        else
            assert_judged(stage, REASON_AUTH_TOO_OLD, "max_age");
    }
    stage->ada.auth_time = 10;
    stage->the_case.now = -1; /* a clock that is not set */
    assert_judged(stage, REASON_AUTH_TOO_OLD, "max_age");
    stage->the_case.now = NOW;
    stage->desk->connection.max_age = UINT32_MAX;
    stage->ada.auth_time = 0;
    assert_allowed(stage);
}

static void a_place_must_be_listed_unless_everywhere_is(void **state)
{
    struct stage *stage = *state;
    char berlin[] = "berlin", rome[] = "rome", everywhere[] = "*";
    char *places[] = {berlin, rome, NULL}, *anywhere[] = {berlin, everywhere, NULL};

    assert_allowed(stage);
    stage->desk->connection.locations = places;
    assert_judged(stage, REASON_LOCATION_NOT_ALLOWED, "locations");
    stage->the_case.location = "rome";
    assert_allowed(stage);
    stage->the_case.location = "romeo";
    assert_judged(stage, REASON_LOCATION_NOT_ALLOWED, "locations");
    stage->the_case.location = "";
    assert_judged(stage, REASON_LOCATION_NOT_ALLOWED, "locations");
    stage->desk->connection.locations = anywhere;
    assert_allowed(stage);
    stage->desk->connection.locations = stage->desk->no_list;
    stage->the_case.location = "rome";
    assert_judged(stage, REASON_LOCATION_NOT_ALLOWED, "locations");
}

static void what_is_required_lets_nobody_in_by_itself(void **state)
{
    struct stage *stage = *state;
    char tenant[] = "t1";
    char *tenants[] = {tenant, NULL};

    stage->desk->connection.allowed_tenants = tenants;
    stage->ada.tenant = tenant;
    stage->desk->connection.allow_all = false;
    assert_judged(stage, REASON_NOT_ALLOWED, "no rule");
    stage->ada.tenant = NULL;
    assert_judged(stage, REASON_NOT_ALLOWED, "no rule");
    stage->ada.tenant = tenant;
    stage->desk->connection.allow_all = true;
    assert_allowed(stage);
}

static void claims_that_are_required_allow_where_nothing_else_is_said(void **state)
{
    struct stage *stage = *state;
    char claim[] = "dept", value[] = "desk", group[] = "others";
    struct name_value required[] = {{claim, value}, {NULL, NULL}};
    char *groups[] = {group, NULL};

    stage->desk->connection.allow_all = false;
    stage->desk->connection.required_claims = required;
    assert_judged(stage, REASON_OK, "required_claims");
    stage->ada.missing_claim = claim;
    assert_judged(stage, REASON_REQUIRED_CLAIM, "required_claims");
    stage->ada.missing_claim = NULL;
    stage->desk->connection.allowed_groups = groups;
    assert_judged(stage, REASON_NOT_ALLOWED, "allowed_groups");
}

static void every_rule_that_is_set_must_hold_and_the_first_that_fails_is_told(void **state)
{
    struct stage *stage = *state;
    char tenant[] = "t1", gold[] = "gold", otp[] = "otp";
    char *tenants[] = {tenant, NULL}, *classes[] = {gold, NULL}, *wanted[] = {otp, NULL};

    stage->desk->connection.allowed_tenants = tenants;
    stage->desk->connection.required_acr = classes;
    stage->desk->connection.required_amr = wanted;
    assert_judged(stage, REASON_TENANT_NOT_ALLOWED, "allowed_tenants");
    stage->ada.tenant = tenant;
    assert_judged(stage, REASON_REQUIRED_ACR, "required_acr");
    stage->ada.acr = gold;
    assert_judged(stage, REASON_REQUIRED_AMR, "required_amr");
    stage->ada.amr = wanted;
    assert_allowed(stage);
}

static void lists_that_were_never_filled_are_rules_not_set(void **state)
{
    struct stage *stage = *state;
    struct connection *connection = &stage->desk->connection;

    connection->allowed_users = connection->allowed_groups = connection->allowed_email_domains = NULL;
    connection->allowed_tenants = connection->required_acr = connection->required_amr = NULL;
    connection->required_claims = NULL;
    connection->locations = NULL;
    assert_allowed(stage);
    connection->allow_all = false;
    assert_judged(stage, REASON_NOT_ALLOWED, "no rule");
}

static const struct rule_verdict *find_rule(const struct rule_verdict *rules, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(rules[i].rule, name) == 0)
            return &rules[i];
    fail_msg("no rule %s", name);
    return NULL;
}

static void every_rule_is_explained_also_behind_one_that_fails(void **state)
{
    struct stage *stage = *state;
    char tenant[] = "t1", gold[] = "gold", bob[] = "bob";
    char *tenants[] = {tenant, NULL}, *classes[] = {gold, NULL}, *users[] = {bob, NULL};
    struct rule_verdict rules[POLICY_RULES_MAX];
    size_t count;

    stage->desk->connection.allowed_tenants = tenants;
    stage->desk->connection.required_acr = classes;
    stage->desk->connection.allowed_users = users;
    stage->ada.acr = gold;
    count = policy_explain(&stage->the_case, rules);
    assert_int_equal(count, 10);
    assert_int_equal(find_rule(rules, count, "allow_all")->state, RULE_HOLDS);
    assert_false(find_rule(rules, count, "allow_all")->requires);
    assert_int_equal(find_rule(rules, count, "allowed_users")->state, RULE_FAILS);
    assert_int_equal(find_rule(rules, count, "allowed_users")->reason, REASON_NOT_ALLOWED);
    assert_int_equal(find_rule(rules, count, "allowed_groups")->state, RULE_NOT_SET);
    assert_int_equal(find_rule(rules, count, "allowed_tenants")->state, RULE_FAILS);
    assert_int_equal(find_rule(rules, count, "allowed_tenants")->reason, REASON_TENANT_NOT_ALLOWED);
    assert_int_equal(find_rule(rules, count, "required_acr")->state, RULE_HOLDS);
    assert_true(find_rule(rules, count, "required_acr")->requires);
    assert_int_equal(find_rule(rules, count, "locations")->state, RULE_NOT_SET);
}

#define REQUIRE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        REQUIRE_TEST(a_tenant_must_be_listed),
        REQUIRE_TEST(no_required_claim_may_be_missing),
        REQUIRE_TEST(any_of_the_required_classes_is_enough),
        REQUIRE_TEST(all_of_the_required_methods_must_be_there),
        REQUIRE_TEST(a_sign_in_may_not_be_too_old_nor_of_the_future),
        REQUIRE_TEST(a_place_must_be_listed_unless_everywhere_is),
        REQUIRE_TEST(what_is_required_lets_nobody_in_by_itself),
        REQUIRE_TEST(claims_that_are_required_allow_where_nothing_else_is_said),
        REQUIRE_TEST(every_rule_that_is_set_must_hold_and_the_first_that_fails_is_told),
        REQUIRE_TEST(lists_that_were_never_filled_are_rules_not_set),
        REQUIRE_TEST(every_rule_is_explained_also_behind_one_that_fails),
    };

    return cmocka_run_group_tests_name("policy_require", tests, NULL, NULL);
}
