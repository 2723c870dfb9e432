/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/fixture.h"

#include "frontdesk/member_index.h"
#include "members/groups.h"

static char subject[] = "s1", username[] = "ada";
static char g1[] = "00g1", g2[] = "00g2", g3[] = "00g3";
static char crew[] = "crew", audio[] = "audio", desk_group[] = "desk";

static void assert_mapped(const struct desk *desk, char **groups, bool overflowed, const char *expected)
{
    struct identity ada = person(subject, username, NULL);
    bool is_cut = true;
    char *list;

    ada.groups = groups;
    ada.groups_overflowed = overflowed;
    list = groups_map(&desk->connection, &ada, &is_cut);
    assert_non_null(list);
    assert_string_equal(list, expected);
    assert_false(is_cut);
    assert_true(group_list_is_valid(list));
    free(list);
}

static void groups_are_mapped_by_the_table_alone_sorted_and_once(void **state)
{
    struct desk *desk = *state;
    struct name_value map[] = {{g1, desk_group}, {g2, crew}, {g1, audio}, {g3, crew}, {NULL, NULL}};
    char *all[] = {g3, g2, g1, crew, NULL}, *one[] = {g2, NULL}, *none[] = {NULL};

    desk->connection.group_map = map;
    assert_mapped(desk, all, false, "audio,crew,desk");
    assert_mapped(desk, one, false, "crew");
    assert_mapped(desk, none, false, "");
    desk->connection.group_map = desk->no_pairs;
    assert_mapped(desk, all, false, "");
    desk->connection.group_map = NULL;
    assert_mapped(desk, all, false, "");
}

static void a_group_is_known_by_its_whole_id_in_its_own_case(void **state)
{
    struct desk *desk = *state;
    struct name_value map[] = {{g1, crew}, {NULL, NULL}};
    char upper[] = "00G1", longer[] = "00g11";
    char *groups[] = {upper, longer, NULL};

    desk->connection.group_map = map;
    assert_mapped(desk, groups, false, "");
}

static void groups_that_overflowed_are_none(void **state)
{
    struct desk *desk = *state;
    struct name_value map[] = {{g1, crew}, {NULL, NULL}};
    char *groups[] = {g1, NULL};

    desk->connection.group_map = map;
    assert_mapped(desk, groups, true, "");
}

static void a_name_that_no_local_group_can_have_is_left_out(void **state)
{
    struct desk *desk = *state;
    char bad[] = "crew,sudo", upper[] = "Crew", empty[] = "";
    struct name_value map[] = {{g1, bad}, {g1, upper}, {g1, empty}, {g1, crew}, {NULL, NULL}};
    char *groups[] = {g1, NULL};

    desk->connection.group_map = map;
    assert_mapped(desk, groups, false, "crew");
}

static void more_groups_than_the_index_holds_are_cut_and_told(void **state)
{
    struct desk *desk = *state;
    struct name_value map[MEMBER_GROUPS_MAX + 2] = {{NULL, NULL}};
    char names[MEMBER_GROUPS_MAX + 1][40], *groups[] = {g1, NULL}, *list;
    struct identity ada = person(subject, username, NULL);
    bool is_cut = false;

    for (size_t i = 0; i <= MEMBER_GROUPS_MAX; i++) {
        (void)snprintf(names[i], sizeof names[i], "g%02zu-this-is-a-very-long-name-of-it", i);
        names[i][32] = '\0';
        map[i] = (struct name_value){g1, names[i]};
    }
    ada.groups = groups;
    desk->connection.group_map = map;
    list = groups_map(&desk->connection, &ada, &is_cut);
    assert_non_null(list);
    assert_true(is_cut);
    assert_int_equal(strlen(list), MEMBER_GROUP_LIST_MAX);
    assert_null(strstr(list, names[MEMBER_GROUPS_MAX]));
    assert_true(group_list_is_valid(list));
    free(list);
}

static void short_names_are_cut_after_as_many_as_long_ones(void **state)
{
    struct desk *desk = *state;
    struct name_value map[MEMBER_GROUPS_MAX + 2] = {{NULL, NULL}};
    char names[MEMBER_GROUPS_MAX + 1][4], *groups[] = {g1, NULL}, *list;
    struct identity ada = person(subject, username, NULL);
    bool is_cut = false;

    for (size_t i = 0; i <= MEMBER_GROUPS_MAX; i++) {
        (void)snprintf(names[i], sizeof names[i], "g%02zu", i);
        map[i] = (struct name_value){g1, names[i]};
    }
    ada.groups = groups;
    desk->connection.group_map = map;
    list = groups_map(&desk->connection, &ada, &is_cut);
    assert_true(is_cut);
    assert_int_equal(strlen(list), MEMBER_GROUPS_MAX * 4 - 1);
    free(list);
    map[MEMBER_GROUPS_MAX] = (struct name_value){NULL, NULL};
    list = groups_map(&desk->connection, &ada, &is_cut);
    assert_false(is_cut);
    assert_int_equal(strlen(list), MEMBER_GROUPS_MAX * 4 - 1);
    free(list);
}

static void names_of_groups_have_a_grammar(void **state)
{
    static const char *const good[] = {"a", "_x", "crew-2", "a_b", "abcdefghijklmnopqrstuvwxyz012345"};
    static const char *const bad[] = {"",
                                      "2a",
                                      "-a",
                                      "a.b",
                                      "A",
                                      "a b",
                                      "a,b",
                                      "a:b",
                                      "{a",
                                      "~",
                                      "a\x7f",
                                      "\xc3\xa9",
                                      "abcdefghijklmnopqrstuvwxyz0123456"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(group_name_is_valid(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(group_name_is_valid(bad[i]));
}

static void a_list_of_groups_has_names_with_commas_between(void **state)
{
    static const char *const bad[] = {",", "a,", ",a", "a,,b", "a b", "a,B", "a\nb"};
    char many[MEMBER_GROUPS_MAX * 2 + 3] = "a";

    (void)state;
    assert_true(group_list_is_valid(""));
    assert_true(group_list_is_valid("a,b"));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(group_list_is_valid(bad[i]));
    for (size_t i = 1; i < MEMBER_GROUPS_MAX; i++)
        (void)append(many, sizeof many, ",a");
    assert_true(group_list_is_valid(many));
    assert_false(group_list_is_valid(append(many, sizeof many, ",a")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(groups_are_mapped_by_the_table_alone_sorted_and_once),
        DESK_TEST(a_group_is_known_by_its_whole_id_in_its_own_case),
        DESK_TEST(groups_that_overflowed_are_none),
        DESK_TEST(a_name_that_no_local_group_can_have_is_left_out),
        DESK_TEST(more_groups_than_the_index_holds_are_cut_and_told),
        DESK_TEST(short_names_are_cut_after_as_many_as_long_ones),
        DESK_TEST(names_of_groups_have_a_grammar),
        DESK_TEST(a_list_of_groups_has_names_with_commas_between),
    };

    return cmocka_run_group_tests_name("groups", tests, NULL, NULL);
}
