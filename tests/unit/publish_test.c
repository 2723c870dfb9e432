/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/fixture.h"

#include <fcntl.h>

#include "../../nss_module/index_reader.h"
#include "frontdesk/member_index.h"

static char *index_path(const struct desk *desk)
{
    static char path[128];

    (void)snprintf(path, sizeof path, "%s/" FD_INDEX_NAME, desk->state_dir);
    return path;
}

static void add(struct desk *desk, uint32_t id, const char *name, const char *full_name)
{
    struct member member = {.id = id,
                            .issuer = text(ISSUER),
                            .subject = text(name),
                            .connection = text("acme"),
                            .full_name = full_name ? text(full_name) : NULL,
                            .shell = text("/bin/sh"),
                            .state = MEMBER_ACTIVE};

    (void)snprintf(member.name, sizeof member.name, "%s", name);
    assert_true(asprintf(&member.home, "/home/%s", name) > 0);
    assert_int_equal(store_insert(desk->members.store, &member), STORE_OK);
    member_clear(&member);
}

static void publish(struct desk *desk)
{
    char *why = NULL;

    if (!publish_index(desk->members.store, desk->state_dir, &why))
        fail_msg("%s", why);
    free(why);
}

static void assert_not_published(struct desk *desk, const char *because)
{
    char *why = NULL;

    assert_false(publish_index(desk->members.store, desk->state_dir, &why));
    assert_non_null(strstr(why, because));
    free(why);
}

static uint64_t generations_match(struct desk *desk)
{
    uint64_t published = 0, stored = 1;

    assert_int_equal(store_generation(desk->members.store, &stored), STORE_OK);
    assert_true(publish_index_generation(desk->state_dir, &published));
    assert_int_equal(published, stored);
    return published;
}

static void the_reader_finds_every_member_by_name_and_by_id(void **state)
{
    struct desk *desk = *state;
    char name[16];

    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    for (unsigned i = 0; i < 300; i++) {
        (void)snprintf(name, sizeof name, "m%u", i * 7 % 300);
        add(desk, FD_MEMBER_ID_MIN + i, name, "Somebody");
    }
    assert_int_equal(store_commit(desk->members.store), STORE_OK);
    publish(desk);
    generations_match(desk);
    for (unsigned i = 0; i < 300; i++) {
        struct index_member by_name, by_id;

        (void)snprintf(name, sizeof name, "m%u", i * 7 % 300);
        assert_int_equal(index_find_name(index_path(desk), name, &by_name), INDEX_FOUND);
        assert_int_equal(by_name.id, FD_MEMBER_ID_MIN + i);
        assert_int_equal(index_find_id(index_path(desk), FD_MEMBER_ID_MIN + i, &by_id), INDEX_FOUND);
        assert_memory_equal(&by_name, &by_id, sizeof by_id);
        assert_string_equal(by_id.full_name, "Somebody");
        assert_string_equal(by_id.shell, "/bin/sh");
    }
}

static void an_empty_store_gives_an_empty_index(void **state)
{
    struct desk *desk = *state;
    struct index_member member;

    publish(desk);
    assert_int_equal(index_find_name(index_path(desk), "ada", &member), INDEX_NOT_FOUND);
}

static void invited_and_disabled_members_are_in_it_and_removed_ones_are_not(void **state)
{
    struct desk *desk = *state;
    struct member member = {0};
    struct index_member found;

    add(desk, 70000, "ada", NULL);
    assert_int_equal(store_by_id(desk->members.store, 70000, &member), STORE_OK);
    member.state = MEMBER_DISABLED;
    assert_int_equal(store_update(desk->members.store, &member), STORE_OK);
    publish(desk);
    assert_int_equal(index_find_name(index_path(desk), "ada", &found), INDEX_FOUND);
    member.state = MEMBER_REMOVED;
    assert_int_equal(store_update(desk->members.store, &member), STORE_OK);
    publish(desk);
    assert_int_equal(index_find_name(index_path(desk), "ada", &found), INDEX_NOT_FOUND);
    member_clear(&member);
}

static void a_full_name_that_would_break_a_passwd_line_is_left_out(void **state)
{
    struct desk *desk = *state;
    struct index_member found;

    add(desk, 70000, "ada", "Lovelace, Ada");
    add(desk, 70001, "bob", "Bob:0:0");
    add(desk, 70002, "zoe", "Zo\303\253 de B\303\242le");
    publish(desk);
    assert_int_equal(index_find_name(index_path(desk), "ada", &found), INDEX_FOUND);
    assert_string_equal(found.full_name, "");
    assert_int_equal(index_find_name(index_path(desk), "bob", &found), INDEX_FOUND);
    assert_string_equal(found.full_name, "");
    assert_int_equal(index_find_name(index_path(desk), "zoe", &found), INDEX_FOUND);
    assert_string_equal(found.full_name, "Zo\303\253 de B\303\242le");
}

static void set_groups(struct desk *desk, uint32_t id, const char *groups)
{
    struct member member = {0};

    assert_int_equal(store_by_id(desk->members.store, id, &member), STORE_OK);
    free(member.groups);
    member.groups = text(groups);
    assert_int_equal(store_update(desk->members.store, &member), STORE_OK);
    member_clear(&member);
}

static void assert_groups(struct desk *desk, const char *name, const char *expected)
{
    char groups[MEMBER_GROUP_LIST_MAX + 1] = "untouched";

    assert_int_equal(index_find_groups(index_path(desk), name, groups), INDEX_FOUND);
    assert_string_equal(groups, expected);
}

static void groups_are_published_and_gone_when_lost(void **state)
{
    struct desk *desk = *state;

    add(desk, 70000, "ada", "Ada");
    add(desk, 70001, "bob", NULL);
    set_groups(desk, 70000, "audio,crew");
    publish(desk);
    assert_groups(desk, "ada", "audio,crew");
    assert_groups(desk, "bob", "");
    set_groups(desk, 70000, "");
    set_groups(desk, 70001, "crew");
    publish(desk);
    assert_groups(desk, "ada", "");
    assert_groups(desk, "bob", "crew");
}

static void as_many_groups_as_the_index_holds_are_published_and_none_of_more(void **state)
{
    struct desk *desk = *state;
    char list[MEMBER_GROUP_LIST_MAX + 3] = "";

    for (unsigned i = 0; i < MEMBER_GROUPS_MAX; i++)
        (void)snprintf(list + strlen(list), sizeof list - strlen(list),
                       "%sg%02u-abcdefghijklmnopqrstuvwxyz-0", i ? "," : "", i);
    add(desk, 70000, "ada", NULL);
    set_groups(desk, 70000, list);
    publish(desk);
    assert_groups(desk, "ada", list);
    set_groups(desk, 70000, append(list, sizeof list, ",b"));
    publish(desk);
    assert_groups(desk, "ada", "");
}

static void groups_that_are_no_names_are_left_out_but_the_member_stays(void **state)
{
    struct desk *desk = *state;

    add(desk, 70000, "ada", NULL);
    set_groups(desk, 70000, "crew,Sudo");
    publish(desk);
    assert_groups(desk, "ada", "");
}

static void rows_that_no_reader_would_give_are_left_out(void **state)
{
    struct desk *desk = *state;
    struct index_member found;

    add(desk, 1000, "ada", NULL);
    add(desk, 70001, "docker", NULL);
    add(desk, 70002, "bob", NULL);
    publish(desk);
    assert_int_equal(index_find_name(index_path(desk), "ada", &found), INDEX_NOT_FOUND);
    assert_int_equal(index_find_id(index_path(desk), 70001, &found), INDEX_NOT_FOUND);
    assert_int_equal(index_find_name(index_path(desk), "bob", &found), INDEX_FOUND);
}

static void modes_do_not_depend_on_the_umask(void **state)
{
    struct desk *desk = *state;
    char folder[128];
    struct stat status;
    mode_t before = umask(0777);

    publish(desk);
    (void)umask(before);
    (void)snprintf(folder, sizeof folder, "%s/nss", desk->state_dir);
    assert_int_equal(stat(folder, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0755);
    assert_int_equal(stat(index_path(desk), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0644);
}

static void an_index_as_new_is_left_alone(void **state)
{
    struct desk *desk = *state;
    struct stat before, after;

    publish(desk);
    assert_int_equal(stat(index_path(desk), &before), 0);
    publish(desk);
    assert_int_equal(stat(index_path(desk), &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    add(desk, 70000, "ada", NULL);
    publish(desk);
    assert_int_equal(stat(index_path(desk), &after), 0);
    assert_int_not_equal(before.st_ino, after.st_ino);
}

static void a_cut_foreign_or_writable_index_is_replaced(void **state)
{
    struct desk *desk = *state;
    uint64_t published;

    add(desk, 70000, "ada", NULL);
    publish(desk);
    assert_int_equal(truncate(index_path(desk), 100), 0);
    assert_false(publish_index_generation(desk->state_dir, &published));
    publish(desk);
    assert_int_equal(chmod(index_path(desk), 0666), 0);
    assert_false(publish_index_generation(desk->state_dir, &published));
    publish(desk);
    assert_int_equal(unlink(index_path(desk)), 0);
    assert_int_equal(symlink("/etc/passwd", index_path(desk)), 0);
    assert_false(publish_index_generation(desk->state_dir, &published));
    publish(desk);
    generations_match(desk);
}

/* The generation is the same; only the format tells. */
static void an_index_of_an_earlier_format_is_replaced(void **state)
{
    struct desk *desk = *state;
    char groups[MEMBER_GROUP_LIST_MAX + 1];
    int file;

    add(desk, 70000, "ada", NULL);
    publish(desk);
    file = open(index_path(desk), O_RDWR | O_CLOEXEC);
    assert_int_equal(pwrite(file, "fdindex1", 8, 0), 8);
    assert_int_equal(close(file), 0);
    assert_int_equal(index_find_groups(index_path(desk), "ada", groups), INDEX_UNUSABLE);
    assert_int_equal(members_publish_if_stale(&desk->members), REASON_OK);
    assert_int_equal(index_find_groups(index_path(desk), "ada", groups), INDEX_FOUND);
}

static void an_index_newer_than_the_store_is_not_replaced(void **state)
{
    struct desk *desk = *state;
    struct member_index_header header;
    int file;

    publish(desk);
    file = open(index_path(desk), O_RDWR | O_CLOEXEC);
    assert_int_equal(read(file, &header, sizeof header), sizeof header);
    header.generation += 5;
    assert_int_equal(pwrite(file, &header, sizeof header, 0), sizeof header);
    assert_int_equal(close(file), 0);
    assert_not_published(desk, "newer than the store");
    assert_int_equal(members_publish_if_stale(&desk->members), REASON_PUBLISH_FAILED);
    assert_non_null(strstr(desk->members.why, "newer than the store"));
}

static void nothing_is_published_without_the_write_lock(void **state)
{
    struct desk *desk = *state;
    uint64_t published;

    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    assert_not_published(desk, "cannot be locked");
    assert_false(publish_index_generation(desk->state_dir, &published));
}

static void a_left_over_temporary_file_does_no_harm(void **state)
{
    struct desk *desk = *state;
    char temporary[140];

    publish(desk);
    add(desk, 70000, "ada", NULL);
    (void)snprintf(temporary, sizeof temporary, "%s.new", index_path(desk));
    assert_int_equal(symlink("/etc/frontdesk-must-not-exist", temporary), 0);
    publish(desk);
    generations_match(desk);
    assert_int_equal(access(temporary, F_OK), -1);
    assert_int_equal(access("/etc/frontdesk-must-not-exist", F_OK), -1);
}

static void a_folder_that_is_a_link_or_anothers_is_refused(void **state)
{
    struct desk *desk = *state;
    char folder[128];

    (void)snprintf(folder, sizeof folder, "%s/nss", desk->state_dir);
    assert_int_equal(symlink("/tmp", folder), 0);
    assert_not_published(desk, "cannot be opened");
    assert_int_equal(unlink(folder), 0);
    assert_int_equal(mkdir(folder, 0755), 0);
    assert_int_equal(chmod(folder, 0777), 0);
    assert_not_published(desk, "alone to write");
    assert_int_equal(chmod(folder, 0755), 0);
    assert_int_equal(chown(folder, 12345, 0), 0);
    assert_not_published(desk, "alone to write");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(the_reader_finds_every_member_by_name_and_by_id),
        DESK_TEST(an_empty_store_gives_an_empty_index),
        DESK_TEST(invited_and_disabled_members_are_in_it_and_removed_ones_are_not),
        DESK_TEST(a_full_name_that_would_break_a_passwd_line_is_left_out),
        DESK_TEST(groups_are_published_and_gone_when_lost),
        DESK_TEST(as_many_groups_as_the_index_holds_are_published_and_none_of_more),
        DESK_TEST(groups_that_are_no_names_are_left_out_but_the_member_stays),
        DESK_TEST(rows_that_no_reader_would_give_are_left_out),
        DESK_TEST(modes_do_not_depend_on_the_umask),
        DESK_TEST(an_index_as_new_is_left_alone),
        DESK_TEST(a_cut_foreign_or_writable_index_is_replaced),
        DESK_TEST(an_index_of_an_earlier_format_is_replaced),
        DESK_TEST(an_index_newer_than_the_store_is_not_replaced),
        DESK_TEST(nothing_is_published_without_the_write_lock),
        DESK_TEST(a_left_over_temporary_file_does_no_harm),
        DESK_TEST(a_folder_that_is_a_link_or_anothers_is_refused),
    };

    return cmocka_run_group_tests_name("publish", tests, NULL, NULL);
}
