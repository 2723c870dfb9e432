/* SPDX-License-Identifier: BSD-2-Clause */
/* Tenant, class, methods and age of a sign-in, and claims that are required. */
#include "members/documents.h"

static void what_a_sign_in_proves_comes_from_the_id_token_alone(void **state)
{
    static const char proof[] =
        "\"tid\":\"t1\",\"acr\":\"gold\",\"amr\":[\"pwd\",\"otp\"],\"auth_time\":1700000000";
    struct identity ada = identity_with(*state, proof, NULL);

    assert_string_equal(ada.tenant, "t1");
    assert_string_equal(ada.acr, "gold");
    assert_string_equal(ada.amr[0], "pwd");
    assert_string_equal(ada.amr[1], "otp");
    assert_null(ada.amr[2]);
    assert_int_equal(ada.auth_time, 1700000000);
    identity_clear(&ada);
    ada = identity_with(*state, "", proof);
    assert_null(ada.tenant);
    assert_null(ada.acr);
    assert_null(ada.amr[0]);
    assert_int_equal(ada.auth_time, -1);
    identity_clear(&ada);
}

static void proof_of_the_wrong_type_is_none(void **state)
{
    static const char *const hostile[] = {
        "\"tid\":7,\"acr\":1,\"amr\":{\"otp\":true},\"auth_time\":\"1700000000\"",
        "\"tid\":[\"t1\"],\"acr\":[\"gold\"],\"amr\":7,\"auth_time\":1.7e9",
        "\"tid\":\"\",\"acr\":\"\",\"amr\":\"\",\"auth_time\":-5",
        "\"tid\":null,\"acr\":null,\"amr\":[1,null,[\"otp\"],\"\"],\"auth_time\":true",
    };

    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        struct identity ada = identity_with(*state, hostile[i], NULL);

        if (ada.tenant || ada.acr || ada.amr[0] || ada.auth_time != -1)
            fail_msg("case %zu", i);
        identity_clear(&ada);
    }
}

static void one_method_may_stand_without_its_array(void **state)
{
    struct identity ada = identity_with(*state, "\"amr\":\"mfa\"", NULL);

    assert_string_equal(ada.amr[0], "mfa");
    assert_null(ada.amr[1]);
    identity_clear(&ada);
}

static void a_hundred_methods_are_cut_not_overrun(void **state)
{
    char members[2048] = "\"amr\":[\"m\"";
    struct identity ada;
    size_t count = 0;

    for (unsigned i = 0; i < 100; i++)
        (void)append(members, sizeof members, ",\"m\"");
    ada = identity_with(*state, append(members, sizeof members, "]"), NULL);
    while (ada.amr[count])
        count++;
    assert_int_equal(count, 32);
    identity_clear(&ada);
}

/* NULL: none is missing. */
static void assert_missing(struct desk *desk, const char *token, const char *userinfo, const char *name)
{
    struct identity ada = identity_with(desk, token, userinfo);

    if (!name && ada.missing_claim)
        fail_msg("%s is missing in %s", ada.missing_claim, token);
    if (name && !ada.missing_claim)
        fail_msg("nothing is missing in %s", token);
    if (name)
        assert_string_equal(ada.missing_claim, name);
    identity_clear(&ada);
}

static void require(struct desk *desk, struct name_value pair[2], char *name, char *value)
{
    pair[0] = (struct name_value){name, value};
    pair[1] = (struct name_value){NULL, NULL};
    desk->connection.required_claims = pair;
}

static void a_required_claim_equals_a_text_a_number_or_a_truth(void **state)
{
    char name[] = "c", text_value[] = "acme", number[] = "7", truth[] = "true", lie[] = "false";
    struct name_value pair[2];

    require(*state, pair, name, text_value);
    assert_missing(*state, "\"c\":\"acme\"", NULL, NULL);
    assert_missing(*state, "\"c\":\"Acme\"", NULL, "c");
    assert_missing(*state, "\"c\":\"acme.example\"", NULL, "c");
    assert_missing(*state, "", NULL, "c");
    require(*state, pair, name, number);
    assert_missing(*state, "\"c\":7", NULL, NULL);
    assert_missing(*state, "\"c\":\"7\"", NULL, NULL);
    assert_missing(*state, "\"c\":7.0", NULL, "c");
    assert_missing(*state, "\"c\":-7", NULL, "c");
    require(*state, pair, name, truth);
    assert_missing(*state, "\"c\":true", NULL, NULL);
    assert_missing(*state, "\"c\":\"true\"", NULL, NULL);
    assert_missing(*state, "\"c\":1", NULL, "c");
    assert_missing(*state, "\"c\":false", NULL, "c");
    require(*state, pair, name, lie);
    assert_missing(*state, "\"c\":false", NULL, NULL);
    assert_missing(*state, "\"c\":null", NULL, "c");
}

static void a_required_claim_may_be_one_of_many_but_not_within_an_object(void **state)
{
    char name[] = "c", value[] = "acme";
    struct name_value pair[2];

    require(*state, pair, name, value);
    assert_missing(*state, "\"c\":[\"x\",7,\"acme\"]", NULL, NULL);
    assert_missing(*state, "\"c\":[\"x\"]", NULL, "c");
    assert_missing(*state, "\"c\":[]", NULL, "c");
    assert_missing(*state, "\"c\":[[\"acme\"]]", NULL, "c");
    assert_missing(*state, "\"c\":{\"acme\":true}", NULL, "c");
    assert_missing(*state, "\"c\":{\"c\":\"acme\"}", NULL, "c");
}

static void a_required_claim_is_found_by_path_and_in_the_id_token_first(void **state)
{
    char path[] = "org.id", value[] = "acme";
    struct name_value pair[2];

    require(*state, pair, path, value);
    assert_missing(*state, "\"org\":{\"id\":\"acme\"}", NULL, NULL);
    assert_missing(*state, "\"org.id\":\"acme\"", NULL, NULL);
    assert_missing(*state, "\"org\":\"acme\"", NULL, "org.id");
    assert_missing(*state, "", "\"org\":{\"id\":\"acme\"}", NULL);
    assert_missing(*state, "\"org\":{\"id\":\"evil\"}", "\"org\":{\"id\":\"acme\"}", "org.id");
    assert_missing(*state, "\"org\":{\"id\":\"acme\"}", "\"org\":{\"id\":\"evil\"}", NULL);
}

static void all_required_claims_must_hold(void **state)
{
    struct desk *desk = *state;
    char one[] = "a", two[] = "b", value[] = "1";
    struct name_value pairs[] = {{one, value}, {two, value}, {NULL, NULL}};

    desk->connection.required_claims = pairs;
    assert_missing(desk, "\"a\":1,\"b\":1", NULL, NULL);
    assert_missing(desk, "\"a\":1,\"b\":2", NULL, "b");
    assert_missing(desk, "\"b\":1", NULL, "a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(what_a_sign_in_proves_comes_from_the_id_token_alone),
        DESK_TEST(proof_of_the_wrong_type_is_none),
        DESK_TEST(one_method_may_stand_without_its_array),
        DESK_TEST(a_hundred_methods_are_cut_not_overrun),
        DESK_TEST(a_required_claim_equals_a_text_a_number_or_a_truth),
        DESK_TEST(a_required_claim_may_be_one_of_many_but_not_within_an_object),
        DESK_TEST(a_required_claim_is_found_by_path_and_in_the_id_token_first),
        DESK_TEST(all_required_claims_must_hold),
    };

    return cmocka_run_group_tests_name("claims_proof", tests, NULL, NULL);
}
