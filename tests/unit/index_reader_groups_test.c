/* SPDX-License-Identifier: BSD-2-Clause */
/* The groups that an index names for a member: given as they stand there, or not at all. */
#include "nss/forgery.h"

#define UNTOUCHED "untouched"

static char found[MEMBER_GROUP_LIST_MAX + 1];

static enum index_result find_groups(const struct forgery *forgery, const char *name)
{
    save(forgery);
    memcpy(found, UNTOUCHED, sizeof UNTOUCHED);
    return index_find_groups(forgery->path, name, found);
}

static void assert_gives_no_groups(const struct forgery *forgery, const char *what)
{
    if (find_groups(forgery, "ada") == INDEX_FOUND && found[0] != '\0')
        fail_msg("%s", what);
}

static void a_members_groups_are_given(void **state)
{
    struct forgery *forgery = *state;
    struct member_index_record *record = forgery->records;

    assert_int_equal(find_groups(forgery, "ada"), INDEX_FOUND);
    assert_string_equal(found, "");
    give_groups(forgery, "kiosk,video", 11);
    assert_int_equal(find_groups(forgery, "ada"), INDEX_FOUND);
    assert_string_equal(found, "kiosk,video");
    assert_int_equal(find_groups(forgery, "bob"), INDEX_FOUND);
    assert_string_equal(found, "");
    assert_int_equal(look_at_everything(forgery->path), 2 * PEOPLE);
    record->groups_length = 0;
    assert_int_equal(find_groups(forgery, "ada"), INDEX_FOUND);
    assert_string_equal(found, "");
}

static void who_is_no_member_has_no_groups(void **state)
{
    static const char *const names[] = {"zoe", "root", "", "Ada", "sudo", "../x"};
    struct forgery *forgery = *state;

    give_groups(forgery, "kiosk", 5);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(find_groups(forgery, names[i]), INDEX_NOT_FOUND);
        assert_string_equal(found, UNTOUCHED);
    }
    forgery->records[0].id = 1000;
    assert_int_equal(find_groups(forgery, "ada"), INDEX_UNUSABLE);
    assert_string_equal(found, UNTOUCHED);
}

static void a_member_who_is_not_given_has_no_groups(void **state)
{
    struct forgery *forgery = *state;

    give_groups(forgery, "kiosk", 5);
    forgery->strings[forgery->records[0].strings + 8] = 'x'; /* her home */
    assert_int_equal(find_groups(forgery, "ada"), INDEX_UNUSABLE);
    build(forgery);
    give_groups(forgery, "kiosk", 5);
    forgery->names[0].record = 1;
    assert_int_equal(find_groups(forgery, "ada"), INDEX_UNUSABLE);
    assert_string_equal(found, UNTOUCHED);
}

static void groups_must_lie_within_the_file(void **state)
{
    struct forgery *forgery = *state;

    for (unsigned more = 1; more < 2000; more++) {
        build(forgery);
        give_groups(forgery, "kiosk", 5);
        forgery->records[0].groups_length = (uint16_t)(5 + more);
        assert_gives_no_groups(forgery, "groups beyond the end");
        assert_int_equal(index_find_name(forgery->path, "ada", &(struct index_member){0}), INDEX_UNUSABLE);
    }
    build(forgery);
    forgery->records[0].groups_length = UINT16_MAX;
    assert_gives_no_groups(forgery, "the longest list");
}

/* In a file that has room for it, so that nothing but the limit stands between it and the stack. */
static void a_list_longer_than_its_limit_is_not_read(void **state)
{
    struct forgery *forgery = *state;
    char list[2000];

    memset(list, 'a', sizeof list);
    give_groups(forgery, list, MEMBER_GROUP_LIST_MAX);
    assert_int_equal(find_groups(forgery, "ada"), INDEX_FOUND);
    assert_int_equal(strlen(found), MEMBER_GROUP_LIST_MAX);
    for (size_t length = MEMBER_GROUP_LIST_MAX + 1; length < sizeof list; length += 97) {
        build(forgery);
        give_groups(forgery, list, length);
        assert_gives_no_groups(forgery, "a list longer than its limit");
    }
}

static void a_nul_ends_no_list(void **state)
{
    struct forgery *forgery = *state;

    for (size_t at = 0; at < 11; at++) {
        build(forgery);
        give_groups(forgery, "kiosk,video", 11);
        forgery->bytes[forgery->size - 11 + at] = '\0';
        assert_int_equal(find_groups(forgery, "ada"), INDEX_UNUSABLE);
        assert_string_equal(found, UNTOUCHED);
    }
}

static void without_an_index_nobody_has_groups(void **state)
{
    struct forgery *forgery = *state;

    assert_int_equal(unlink(forgery->path), 0);
    assert_int_equal(index_find_groups(forgery->path, "ada", found), INDEX_UNUSABLE);
    assert_int_equal(mkfifo(forgery->path, 0644), 0);
    assert_int_equal(index_find_groups(forgery->path, "ada", found), INDEX_UNUSABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORGERY_TEST(a_members_groups_are_given),
        FORGERY_TEST(who_is_no_member_has_no_groups),
        FORGERY_TEST(a_member_who_is_not_given_has_no_groups),
        FORGERY_TEST(groups_must_lie_within_the_file),
        FORGERY_TEST(a_list_longer_than_its_limit_is_not_read),
        FORGERY_TEST(a_nul_ends_no_list),
        FORGERY_TEST(without_an_index_nobody_has_groups),
    };

    return cmocka_run_group_tests_name("index_reader_groups", tests, NULL, NULL);
}
