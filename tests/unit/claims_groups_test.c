/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups in every shape, and those that an issuer keeps back. */
#include "members/documents.h"

static unsigned count_groups(struct desk *desk, const char *groups, const char *first)
{
    char *token = NULL;
    unsigned count = 0;
    struct identity ada;

    assert_true(asprintf(&token, "{" KEY ",\"groups\":%s}", groups) > 0);
    ada = identity_of(desk, token, NULL);
    while (ada.groups[count])
        count++;
    assert_true(count == 0 || !ada.groups_overflowed);
    if (first)
        assert_string_equal(ada.groups[0], first);
    identity_clear(&ada);
    free(token);
    return count;
}

static char *list_of(unsigned count)
{
    size_t room = (size_t)count * 8 + 3, length = 1;
    char *list = malloc(room);

    assert_non_null(list);
    list[0] = '[';
    for (unsigned i = 0; i < count; i++)
        length += (size_t)snprintf(list + length, room - length, "%s\"g%u\"", i ? "," : "", i);
    (void)snprintf(list + length, room - length, "]");
    return list;
}

static void groups_come_as_array_string_or_keys(void **state)
{
    assert_int_equal(count_groups(*state, "[\"a\",\"b\"]", "a"), 2);
    assert_int_equal(count_groups(*state, "[\"a\",7,null,[\"b\"]]", "a"), 1);
    assert_int_equal(count_groups(*state, "\"a b\"", "a b"), 1);
    assert_int_equal(count_groups(*state, "{\"a\":{},\"b\":1}", "a"), 2);
    assert_int_equal(count_groups(*state, "[]", NULL), 0);
}

static void more_groups_than_can_be_held_are_none(void **state)
{
    AUTO_FREE char *most = list_of(GROUPS_MAX);
    AUTO_FREE char *more = list_of(GROUPS_MAX + 1);

    assert_int_equal(count_groups(*state, most, "g0"), GROUPS_MAX);
    assert_int_equal(count_groups(*state, more, NULL), 0);
}

static void more_keys_than_can_be_held_are_none(void **state)
{
    AUTO_FREE char *keys = list_of(GROUPS_MAX + 1);
    AUTO_FREE char *object = malloc(strlen(keys) * 2);
    char *to = object;

    assert_non_null(object);
    for (const char *from = keys; *from; from++) {
        *to++ = *from == '[' ? '{' : *from == ']' ? '}' : *from;
        if (*from == '"' && (from[1] == ',' || from[1] == ']'))
            to = stpcpy(to, ":1");
    }
    *to = '\0';
    assert_int_equal(count_groups(*state, object, NULL), 0);
}

static void a_list_with_one_group_too_long_to_hold_is_none(void **state)
{
    char list[CLAIM_TEXT_MAX * 2], *token = NULL;
    struct identity ada;

    memset(list, 'x', sizeof list);
    list[CLAIM_TEXT_MAX + 1] = '\0';
    assert_true(asprintf(&token, "\"groups\":{\"a\":1,\"%s\":1}", list) > 0);
    ada = identity_with(*state, token, NULL);
    assert_null(ada.groups[0]);
    assert_true(ada.groups_overflowed);
    identity_clear(&ada);
    free(token);
}

static void groups_stand_at_the_end_of_a_path(void **state)
{
    struct desk *desk = *state;
    struct identity ada;

    set_text(&desk->connection.groups_claim, "realm_access.roles");
    ada = identity_with(desk, "\"realm_access\":{\"roles\":[\"desk\",\"admin\"]},\"groups\":[\"x\"]", NULL);
    assert_string_equal(ada.groups[0], "desk");
    assert_string_equal(ada.groups[1], "admin");
    assert_null(ada.groups[2]);
    identity_clear(&ada);
    set_text(&desk->connection.groups_claim, "urn:zitadel:iam:org:project:roles");
    ada = identity_with(desk, "\"urn:zitadel:iam:org:project:roles\":{\"desk\":{\"1\":\"acme\"}}", NULL);
    assert_string_equal(ada.groups[0], "desk");
    assert_null(ada.groups[1]);
    identity_clear(&ada);
}

static void groups_of_userinfo_count_where_the_id_token_has_none(void **state)
{
    struct identity ada = identity_with(*state, "", "\"groups\":[\"a\"]");

    assert_string_equal(ada.groups[0], "a");
    identity_clear(&ada);
    ada = identity_with(*state, "\"groups\":[\"b\"]", "\"groups\":[\"a\"]");
    assert_string_equal(ada.groups[0], "b");
    assert_null(ada.groups[1]);
    identity_clear(&ada);
}

static void groups_that_the_issuer_left_out_are_none_and_told(void **state)
{
    static const struct {
        const char *id_token, *userinfo;
        bool is_left_out;
    } cases[] = {
        {"\"_claim_names\":{\"groups\":\"src1\"},\"_claim_sources\":{\"src1\":{\"endpoint\":\"https://x\"}}",
         NULL, true},
        {"\"hasgroups\":true", NULL, true},
        {"\"hasgroups\":\"true\"", NULL, true},
        {"\"groups\":[\"a\"],\"_claim_names\":{\"groups\":\"src1\"}", NULL, true},
        {"", "\"hasgroups\":true", true},
        {"\"hasgroups\":false", NULL, false},
        {"\"hasgroups\":1", NULL, false},
        {"\"_claim_names\":{\"address\":\"src1\"}", NULL, false},
        {"\"_claim_names\":\"groups\"", NULL, false},
        {"", NULL, false},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct identity ada = identity_with(*state, cases[i].id_token, cases[i].userinfo);

        assert_null(ada.groups[0]);
        if (ada.groups_overflowed != cases[i].is_left_out)
            fail_msg("case %zu", i);
        identity_clear(&ada);
    }
}

static void userinfo_may_have_what_the_id_token_left_out(void **state)
{
    struct identity ada = identity_with(*state, "\"hasgroups\":true", "\"groups\":[\"a\"]");

    assert_string_equal(ada.groups[0], "a");
    assert_false(ada.groups_overflowed);
    identity_clear(&ada);
}

static void hasgroups_is_about_the_claim_groups_only(void **state)
{
    struct desk *desk = *state;
    struct identity ada;

    set_text(&desk->connection.groups_claim, "roles");
    ada = identity_with(desk, "\"hasgroups\":true,\"roles\":[\"a\"]", NULL);
    assert_string_equal(ada.groups[0], "a");
    identity_clear(&ada);
}

static void a_list_that_says_it_was_cut_is_none_whatever_userinfo_has(void **state)
{
    struct identity ada =
        identity_with(*state, "\"hasgroups\":true,\"groups\":[\"a\"]", "\"groups\":[\"b\"]");

    assert_null(ada.groups[0]);
    assert_true(ada.groups_overflowed);
    identity_clear(&ada);
}

static void a_key_without_a_name_is_no_group(void **state)
{
    assert_int_equal(count_groups(*state, "{\"\":1,\"a\":1}", "a"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(groups_come_as_array_string_or_keys),
        DESK_TEST(more_groups_than_can_be_held_are_none),
        DESK_TEST(more_keys_than_can_be_held_are_none),
        DESK_TEST(a_list_with_one_group_too_long_to_hold_is_none),
        DESK_TEST(groups_stand_at_the_end_of_a_path),
        DESK_TEST(groups_of_userinfo_count_where_the_id_token_has_none),
        DESK_TEST(groups_that_the_issuer_left_out_are_none_and_told),
        DESK_TEST(userinfo_may_have_what_the_id_token_left_out),
        DESK_TEST(a_list_that_says_it_was_cut_is_none_whatever_userinfo_has),
        DESK_TEST(a_key_without_a_name_is_no_group),
        DESK_TEST(hasgroups_is_about_the_claim_groups_only),
    };

    return cmocka_run_group_tests_name("claims_groups", tests, NULL, NULL);
}
