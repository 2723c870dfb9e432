/* SPDX-License-Identifier: BSD-2-Clause */
/* From claims to a member, with a real store and a real configuration in a folder of the test's own. */
#include "keeper_stage.h"

#include "keeper/judgement.h"

static enum reason judge(const char *id_token, const char *userinfo)
{
    const struct judgement_claims claims = {.id_token = id_token,
                                            .userinfo = userinfo,
                                            .id_token_length = strlen(id_token),
                                            .userinfo_length = strlen(userinfo),
                                            .log_out_url = "https://idp.example/logout"};

    identity_clear(&desk.sign_in.identity); /* a sign-in has claims once, and a test may try several */
    free(desk.sign_in.log_out_url);
    desk.sign_in.log_out_url = NULL;
    return judgement_of(&desk.keeper, &desk.sign_in, &claims);
}

static bool is_member(const char *name)
{
    return members_knows_name(&desk.keeper.members, name);
}

#define ALICE "{\"iss\":\"https://idp.example/\",\"sub\":\"s-1\",\"preferred_username\":\"alice\"}"

static void an_allowed_identity_becomes_a_member(void **state)
{
    (void)state;
    assert_int_equal(judge(ALICE, ""), REASON_OK);
    assert_string_equal(desk.sign_in.user, "alice");
    assert_string_equal(desk.sign_in.member, "alice");
    assert_string_equal(desk.sign_in.log_out_url, "https://idp.example/logout?client_id=desk");
    assert_string_equal(desk.sign_in.identity.subject, "s-1");
    assert_string_equal(desk.sign_in.detail, "allowed_users");
    assert_true(is_member("alice"));
}

static void a_host_that_has_gone_writes_nothing(void **state)
{
    (void)state;
    (void)shutdown(desk.host, SHUT_RDWR);
    assert_int_equal(judge(ALICE, ""), REASON_CANCELLED);
    assert_false(is_member("alice"));
    assert_string_equal(desk.sign_in.user, "");
}

static void an_identity_that_no_rule_names_is_refused_and_no_member(void **state)
{
    (void)state;
    assert_int_equal(
        judge("{\"iss\":\"https://idp.example/\",\"sub\":\"s-9\",\"preferred_username\":\"bob\"}", ""),
        REASON_NOT_ALLOWED);
    assert_false(is_member("bob"));
    assert_string_equal(desk.sign_in.user, "");
    assert_string_equal(desk.sign_in.identity.subject, "s-9");
}

static void another_issuer_is_refused(void **state)
{
    (void)state;
    assert_int_equal(
        judge("{\"iss\":\"https://idp.example\",\"sub\":\"s-1\",\"preferred_username\":\"alice\"}", ""),
        REASON_CLAIM_ISS);
    assert_false(is_member("alice"));
}

static void userinfo_counts_for_the_same_subject_only(void **state)
{
    static const char bare[] = "{\"iss\":\"https://idp.example/\",\"sub\":\"s-1\"}";

    (void)state;
    assert_int_equal(judge(bare, "{\"sub\":\"s-2\",\"preferred_username\":\"alice\"}"), REASON_USERINFO_SUB);
    assert_int_equal(judge(bare, "{\"preferred_username\":\"alice\"}"), REASON_USERINFO_SUB);
    assert_int_equal(judge(bare, "{"), REASON_CLAIMS_MALFORMED);
    assert_int_equal(judge(bare, "{\"sub\":\"s-1\",\"preferred_username\":\"alice\"}"), REASON_OK);
}

static void the_requested_user_is_the_one_of_the_record(void **state)
{
    (void)state;
    set_requested("bob");
    assert_int_equal(judge(ALICE, ""), REASON_WRONG_USER);
    assert_string_equal(desk.sign_in.user, "alice");
    assert_false(is_member("alice"));
    assert_false(is_member("bob"));
}

static void a_remote_stranger_is_refused_by_default(void **state)
{
    (void)state;
    (void)snprintf(desk.sign_in.login.rhost, sizeof desk.sign_in.login.rhost, "%s", "203.0.113.9");
    assert_int_equal(judge(ALICE, ""), REASON_FIRST_SIGN_IN_REFUSED);
    assert_false(is_member("alice"));
}

static void what_was_switched_off_meanwhile_is_closed(void **state)
{
    char text[sizeof corp_file + 16];

    (void)state;
    (void)snprintf(text, sizeof text, "%senabled = no\n", corp_file);
    assert_true(write_connection(text));
    assert_int_equal(judge(ALICE, ""), REASON_CONNECTION_DISABLED);
    assert_true(write_connection("nonsense\n"));
    assert_int_equal(judge(ALICE, ""), REASON_CONNECTION_BROKEN);
    assert_false(is_member("alice"));
}

static void a_pick_is_judged_by_the_configuration_of_now(void **state)
{
    char text[sizeof corp_file + 16];

    (void)state;
    assert_int_equal(judge(ALICE, ""), REASON_OK);
    assert_int_equal(judgement_of_pick(&desk.keeper, &desk.sign_in, "alice"), REASON_OK);
    (void)snprintf(text, sizeof text, "%senabled = no\n", corp_file);
    assert_true(write_connection(text));
    assert_int_equal(judgement_of_pick(&desk.keeper, &desk.sign_in, "alice"), REASON_CONNECTION_DISABLED);
    assert_true(write_connection(corp_file));
    (void)shutdown(desk.host, SHUT_RDWR);
    assert_int_equal(judgement_of_pick(&desk.keeper, &desk.sign_in, "alice"), REASON_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_allowed_identity_becomes_a_member, make, unmake),
        cmocka_unit_test_setup_teardown(a_host_that_has_gone_writes_nothing, make, unmake),
        cmocka_unit_test_setup_teardown(an_identity_that_no_rule_names_is_refused_and_no_member, make,
                                        unmake),
        cmocka_unit_test_setup_teardown(another_issuer_is_refused, make, unmake),
        cmocka_unit_test_setup_teardown(userinfo_counts_for_the_same_subject_only, make, unmake),
        cmocka_unit_test_setup_teardown(the_requested_user_is_the_one_of_the_record, make, unmake),
        cmocka_unit_test_setup_teardown(a_remote_stranger_is_refused_by_default, make, unmake),
        cmocka_unit_test_setup_teardown(a_pick_is_judged_by_the_configuration_of_now, make, unmake),
        cmocka_unit_test_setup_teardown(what_was_switched_off_meanwhile_is_closed, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
