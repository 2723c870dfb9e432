/* SPDX-License-Identifier: BSD-2-Clause */
/* Who enters as whom: local accounts by the connection's word, members as themselves. */
#include <pwd.h>

#include "keeper_stage.h"

#include "keeper/entry.h"

#define ACCOUNT "visitor"
#define OTHER   "lab"

/* In libc's place: a machine that has these accounts and no other. */
/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name) */
int getpwnam_r(const char *name, struct passwd *entry, char *buffer, size_t size, struct passwd **ret_found)
{
    static char account[] = ACCOUNT, other[] = OTHER, system[] = "daemon";
    const struct passwd machine[] = {{.pw_name = account, .pw_uid = 64001},
                                     {.pw_name = other, .pw_uid = 64002},
                                     {.pw_name = system, .pw_uid = 1}};

    (void)buffer;
    (void)size;
    *ret_found = NULL;
    for (size_t i = 0; i < sizeof machine / sizeof machine[0]; i++) {
        if (strcmp(machine[i].pw_name, name) == 0) {
            *entry = machine[i];
            *ret_found = entry;
        }
    }
    return 0;
}

static void use(const char *more, const char *map)
{
    const char *end = strstr(more, "shared_account") ? strstr(corp_file, "create_users") : "";
    const int length =
        (int)(strlen(corp_file) - strlen(end)); /* nobody who shares an account is made a member */
    char text[512];

    (void)snprintf(text, sizeof text, "%.*s%s%s%s%s", length, corp_file, more, map ? "user_map_file = " : "",
                   map ? path_of("etc/users.map") : "", "\n");
    assert_true(write_connection(text));
    if (map)
        assert_true(write_file("etc/users.map", map));
    begin_anew();
    set_identity("s-1", "alice");
    assert_non_null(desk.sign_in.connection);
}

static enum reason enter(const char *requested)
{
    set_requested(requested);
    return entry_judge(&desk.keeper, &desk.sign_in, desk.sign_in.login.user);
}

static bool is_member(const char *name)
{
    return members_knows_name(&desk.keeper.members, name);
}

static void without_accounts_the_person_is_a_member(void **state)
{
    (void)state;
    use("", NULL);
    assert_int_equal(enter(""), REASON_OK);
    assert_string_equal(desk.sign_in.user, "alice");
    assert_string_equal(desk.sign_in.member, "alice");
    assert_false(desk.sign_in.enters_local);
}

static void the_shared_account_is_entered_and_no_member_is_made(void **state)
{
    (void)state;
    use("shared_account = " ACCOUNT "\n", NULL);
    assert_int_equal(enter(""), REASON_OK);
    assert_string_equal(desk.sign_in.user, ACCOUNT);
    assert_string_equal(desk.sign_in.member, "");
    assert_true(desk.sign_in.enters_local);
    assert_int_equal(enter(ACCOUNT), REASON_OK);
    assert_false(is_member("alice"));
}

static void who_asks_for_another_than_the_shared_account_is_told_it(void **state)
{
    (void)state;
    use("shared_account = " ACCOUNT "\n", NULL);
    assert_int_equal(enter("alice"), REASON_WRONG_USER);
    assert_string_equal(desk.sign_in.user, ACCOUNT);
    assert_false(is_member("alice"));
    use("", NULL);
    assert_int_equal(enter("alice"), REASON_OK);
    use("shared_account = " ACCOUNT "\n", NULL);
    assert_int_equal(enter("alice"), REASON_WRONG_USER);
    assert_string_equal(desk.sign_in.user, ACCOUNT);
}

static void a_mapped_account_is_entered_by_whom_the_map_names(void **state)
{
    (void)state;
    use("", "sub:s-1 = " ACCOUNT "\n");
    assert_int_equal(enter(ACCOUNT), REASON_OK);
    assert_true(desk.sign_in.enters_local);
    assert_false(is_member("alice"));
    set_identity("s-2", "bob");
    assert_int_equal(enter(ACCOUNT), REASON_WRONG_USER);
    assert_string_equal(desk.sign_in.user, "bob");
}

static void who_is_shut_out_enters_no_account_that_others_opened(void **state)
{
    struct member member = {0};

    (void)state;
    use("", "sub:s-1 = " ACCOUNT "\n");
    assert_int_equal(enter("alice"), REASON_OK);
    assert_int_equal(enter(ACCOUNT), REASON_OK);
    assert_int_equal(members_set_state(&desk.keeper.members, "alice", MEMBER_DISABLED, &member), REASON_OK);
    member_clear(&member);
    assert_int_equal(enter(ACCOUNT), REASON_MEMBER_DISABLED);
    assert_int_equal(enter(""), REASON_MEMBER_DISABLED);
    assert_int_equal(members_remove(&desk.keeper.members, "alice", false, false, &member), REASON_OK);
    member_clear(&member);
    assert_int_equal(enter(ACCOUNT), REASON_MEMBER_REMOVED);
}

static void several_accounts_and_none_asked_for_are_a_question(void **state)
{
    (void)state;
    use("", NULL);
    assert_int_equal(enter(""), REASON_OK);
    use("", "sub:s-1 = " ACCOUNT " " OTHER "\n");
    assert_int_equal(enter(""), REASON_NONE);
    assert_string_equal(desk.sign_in.candidates[0], ACCOUNT);
    assert_string_equal(desk.sign_in.candidates[1], OTHER);
    assert_string_equal(desk.sign_in.candidates[2], "alice");
    assert_null(desk.sign_in.candidates[3]);
    assert_int_equal(enter("alice"), REASON_OK);
    assert_false(desk.sign_in.enters_local);
    assert_int_equal(enter(OTHER), REASON_OK);
    assert_true(desk.sign_in.enters_local);
}

static void one_account_needs_no_question(void **state)
{
    (void)state;
    use("", "sub:s-1 = " ACCOUNT "\n");
    assert_int_equal(enter(""), REASON_OK);
    assert_string_equal(desk.sign_in.user, ACCOUNT);
    assert_false(is_member("alice"));
}

static void accounts_that_cannot_be_entered_here_are_not_offered(void **state)
{
    (void)state;
    use("", "sub:s-1 = no-such-account " ACCOUNT " daemon\n");
    assert_int_equal(enter(""), REASON_OK);
    assert_string_equal(desk.sign_in.user, ACCOUNT);
    assert_int_equal(enter("daemon"), REASON_LOCAL_USER_UNFIT);
    assert_int_equal(enter("no-such-account"), REASON_LOCAL_USER_UNFIT);
    use("", "sub:s-1 = no-such-account\n");
    assert_int_equal(enter(""), REASON_LOCAL_USER_UNFIT);
    assert_false(is_member("alice"));
}

static void who_is_no_member_but_has_accounts_is_told_one(void **state)
{
    (void)state;
    use("", "sub:s-1 = " ACCOUNT "\n");
    ((struct connection *)(uintptr_t)desk.sign_in.connection)->create_users = false;
    assert_int_equal(enter("alice"), REASON_WRONG_USER);
    assert_string_equal(desk.sign_in.user, ACCOUNT);
}

static void a_name_with_an_at_sign_is_refused_with_the_members_name(void **state)
{
    (void)state;
    use("", NULL);
    assert_int_equal(enter(""), REASON_OK);
    assert_int_equal(enter("alice@corp.example"), REASON_WRONG_USER);
    assert_string_equal(desk.sign_in.user, "alice");
}

static void what_was_not_taken_from_the_claims_is_told(void **state)
{
    (void)state;
    use("", NULL);
    assert_int_equal(enter("alice"), REASON_OK);
    assert_string_equal(desk.sign_in.detail, "");
    (void)snprintf(desk.sign_in.detail, sizeof desk.sign_in.detail, "%s", "allowed_users");
    desk.sign_in.identity.groups_overflowed = true;
    assert_int_equal(enter("alice"), REASON_OK);
    assert_non_null(strstr(desk.sign_in.detail, "allowed_users; the issuer left groups out"));
}

static void a_broken_map_lets_nobody_in(void **state)
{
    (void)state;
    use("", "sub:s-1 " ACCOUNT "\n");
    assert_int_equal(enter(""), REASON_USER_MAP_BROKEN);
    assert_non_null(strstr(desk.sign_in.detail, "users.map"));
    assert_false(is_member("alice"));
}

static void nobody_is_made_for_a_user_who_asks_about_itself(void **state)
{
    (void)state;
    use("", NULL);
    desk.sign_in.unprivileged = true;
    assert_int_not_equal(enter("alice"), REASON_OK);
    assert_false(is_member("alice"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)
    const struct CMUnitTest tests[] = {
        TEST(without_accounts_the_person_is_a_member),
        TEST(the_shared_account_is_entered_and_no_member_is_made),
        TEST(who_asks_for_another_than_the_shared_account_is_told_it),
        TEST(a_mapped_account_is_entered_by_whom_the_map_names),
        TEST(who_is_shut_out_enters_no_account_that_others_opened),
        TEST(several_accounts_and_none_asked_for_are_a_question),
        TEST(one_account_needs_no_question),
        TEST(accounts_that_cannot_be_entered_here_are_not_offered),
        TEST(who_is_no_member_but_has_accounts_is_told_one),
        TEST(a_name_with_an_at_sign_is_refused_with_the_members_name),
        TEST(what_was_not_taken_from_the_claims_is_told),
        TEST(a_broken_map_lets_nobody_in),
        TEST(nobody_is_made_for_a_user_who_asks_about_itself),
    };
#undef TEST

    return cmocka_run_group_tests_name("entry", tests, NULL, NULL);
}
