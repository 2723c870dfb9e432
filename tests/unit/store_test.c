/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/fixture.h"

#include <fcntl.h>

static struct member made_up(uint32_t id, const char *name, const char *subject)
{
    struct member member = {.id = id,
                            .issuer = text(ISSUER),
                            .subject = text(subject),
                            .connection = text("acme"),
                            .home = text("/home/x"),
                            .shell = text("/bin/sh"),
                            .state = MEMBER_ACTIVE,
                            .created_at = NOW};

    (void)snprintf(member.name, sizeof member.name, "%s", name);
    return member;
}

static enum store_result insert(struct store *store, uint32_t id, const char *name, const char *subject)
{
    struct member member = made_up(id, name, subject);
    enum store_result result;

    assert_int_equal(store_begin(store), STORE_OK);
    result = store_insert(store, &member);
    member_clear(&member);
    if (result == STORE_OK)
        assert_int_equal(store_commit(store), STORE_OK);
    else
        store_rollback(store);
    return result;
}

static uint64_t generation(struct store *store)
{
    uint64_t number = 0;

    assert_int_equal(store_generation(store, &number), STORE_OK);
    return number;
}

static void assert_refused(const char *state_dir, const char *because)
{
    char *why = NULL;
    struct store *store = store_open(state_dir, &why);

    assert_null(store);
    assert_non_null(why);
    if (!strstr(why, because))
        fail_msg("\"%s\" does not say \"%s\"", why, because);
    free(why);
}

static void path_of(const struct desk *desk, const char *name, char path[128])
{
    (void)snprintf(path, 128, "%s/%s", desk->state_dir, name);
}

static void a_row_comes_back_as_it_was_written(void **state)
{
    struct desk *desk = *state;
    struct member found = {0};

    assert_int_equal(insert(desk->members.store, 70000, "ada", "s1"), STORE_OK);
    assert_int_equal(store_by_identity(desk->members.store, ISSUER, "s1", &found), STORE_OK);
    assert_int_equal(found.id, 70000);
    assert_string_equal(found.name, "ada");
    assert_string_equal(found.connection, "acme");
    assert_string_equal(found.home, "/home/x");
    assert_null(found.full_name);
    assert_int_equal(found.state, MEMBER_ACTIVE);
    assert_int_equal(found.created_at, NOW);
    member_clear(&found);
    assert_int_equal(store_by_name(desk->members.store, "ada", &found), STORE_OK);
    member_clear(&found);
    assert_int_equal(store_by_id(desk->members.store, 70000, &found), STORE_OK);
    member_clear(&found);
    assert_int_equal(store_by_id(desk->members.store, 70001, &found), STORE_NONE);
}

static void name_id_and_identity_are_given_once(void **state)
{
    struct desk *desk = *state;

    assert_int_equal(insert(desk->members.store, 70000, "ada", "s1"), STORE_OK);
    assert_int_equal(insert(desk->members.store, 70001, "ada", "s2"), STORE_CONFLICT);
    assert_int_equal(insert(desk->members.store, 70000, "bob", "s2"), STORE_CONFLICT);
    assert_int_equal(insert(desk->members.store, 70001, "bob", "s1"), STORE_CONFLICT);
    assert_int_equal(insert(desk->members.store, 70001, "bob", "S1"), STORE_OK);
}

static void the_generation_rises_with_every_change_but_a_sign_ins_time(void **state)
{
    struct desk *desk = *state;
    struct store *store = desk->members.store;
    struct member member = made_up(70000, "ada", "s1");
    uint64_t before = generation(store);

    assert_int_equal(store_insert(store, &member), STORE_OK);
    assert_int_equal(generation(store), before + 1);
    member.last_sign_in_at = NOW + 1;
    assert_int_equal(store_update(store, &member), STORE_OK);
    assert_int_equal(generation(store), before + 1);
    member.full_name = text("Ada");
    assert_int_equal(store_update(store, &member), STORE_OK);
    assert_int_equal(generation(store), before + 2);
    member.state = MEMBER_DISABLED;
    assert_int_equal(store_update(store, &member), STORE_OK);
    assert_int_equal(generation(store), before + 3);
    member.id = 70001;
    assert_int_equal(store_update(store, &member), STORE_NONE);
    member_clear(&member);
}

static void what_was_not_committed_is_gone(void **state)
{
    struct desk *desk = *state;
    struct member member = made_up(70000, "ada", "s1");

    assert_int_equal(store_begin(desk->members.store), STORE_OK);
    assert_int_equal(store_insert(desk->members.store, &member), STORE_OK);
    desk_close(desk);
    desk_open(desk);
    assert_int_equal(count_members(desk->members.store), 0);
    member_clear(&member);
}

static void the_next_id_is_above_all_others_then_the_lowest_gap(void **state)
{
    struct desk *desk = *state;
    struct store *store = desk->members.store;
    uint32_t id = 0;

    assert_int_equal(store_next_id(store, 70000, 70003, &id), STORE_OK);
    assert_int_equal(id, 70000);
    assert_int_equal(insert(store, 70001, "b", "s1"), STORE_OK);
    assert_int_equal(insert(store, 69999, "a", "s0"), STORE_OK);
    assert_int_equal(store_next_id(store, 70000, 70003, &id), STORE_OK);
    assert_int_equal(id, 70002);
    assert_int_equal(insert(store, 70003, "c", "s3"), STORE_OK);
    assert_int_equal(store_next_id(store, 70000, 70003, &id), STORE_OK);
    assert_int_equal(id, 70000);
    assert_int_equal(insert(store, 70000, "d", "s4"), STORE_OK);
    assert_int_equal(store_next_id(store, 70000, 70003, &id), STORE_OK);
    assert_int_equal(id, 70002);
    assert_int_equal(insert(store, 70002, "e", "s5"), STORE_OK);
    assert_int_equal(store_next_id(store, 70000, 70003, &id), STORE_NONE);
    assert_int_equal(store_next_id(store, 70003, 70000, &id), STORE_NONE);
}

static void an_invitation_is_found_by_email_for_its_connection(void **state)
{
    struct desk *desk = *state;
    struct member invited = {.id = 70000,
                             .name = "ada",
                             .email = text("ada@acme.example"),
                             .connection = text("acme"),
                             .home = text("/home/ada"),
                             .shell = text("/bin/sh"),
                             .state = MEMBER_INVITED};
    struct member found = {0};

    assert_int_equal(store_insert(desk->members.store, &invited), STORE_OK);
    assert_int_equal(store_invited(desk->members.store, "ada@acme.example", "acme", &found), STORE_OK);
    member_clear(&found);
    assert_int_equal(store_invited(desk->members.store, "ada@acme.example", "other", &found), STORE_NONE);
    assert_int_equal(store_invited(desk->members.store, "bob@acme.example", "acme", &found), STORE_NONE);
    invited.state = MEMBER_DISABLED;
    assert_int_equal(store_update(desk->members.store, &invited), STORE_OK);
    assert_int_equal(store_invited(desk->members.store, "ada@acme.example", "acme", &found), STORE_OK);
    assert_int_equal(found.state, MEMBER_DISABLED);
    member_clear(&found);
    invited.state = MEMBER_REMOVED;
    assert_int_equal(store_update(desk->members.store, &invited), STORE_OK);
    assert_int_equal(store_invited(desk->members.store, "ada@acme.example", "acme", &found), STORE_NONE);
    member_clear(&invited);
}

static void files_are_private_whatever_the_umask(void **state)
{
    struct desk *desk = *state;
    struct stat status;
    char path[128];
    mode_t before;

    desk_close(desk);
    path_of(desk, FD_STORE_NAME, path);
    assert_int_equal(unlink(path), 0);
    before = umask(0);
    desk_open(desk);
    (void)umask(before);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    desk_close(desk);
    assert_int_equal(unlink(path), 0);
    before = umask(0777);
    desk_open(desk);
    (void)umask(before);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void a_folder_or_file_that_others_can_write_is_refused(void **state)
{
    struct desk *desk = *state;
    char path[128];

    desk_close(desk);
    assert_int_equal(chmod(desk->state_dir, 0777), 0);
    assert_refused(desk->state_dir, "can be written by others");
    assert_int_equal(chmod(desk->state_dir, 0711), 0);
    path_of(desk, FD_STORE_NAME, path);
    assert_int_equal(chmod(path, 0640), 0);
    assert_refused(desk->state_dir, "chmod 0600");
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(chown(path, 12345, 0), 0);
    assert_refused(desk->state_dir, "belongs to user 12345");
    assert_int_equal(chown(path, 0, 0), 0);
    assert_int_equal(chown(desk->state_dir, 12345, 0), 0);
    assert_refused(desk->state_dir, "belongs to user 12345");
}

static void a_folder_above_that_others_can_write_is_refused(void **state)
{
    const struct desk *desk = *state;
    char inner[128];
    struct store *store;
    char *why = NULL;

    path_of(desk, "inner", inner);
    assert_int_equal(mkdir(inner, 0711), 0);
    assert_int_equal(chmod(desk->state_dir, 0777), 0);
    assert_refused(inner, desk->state_dir);
    assert_int_equal(chmod(desk->state_dir, 0711), 0);
    store = store_open(inner, &why);
    assert_non_null(store);
    store_close(store);
}

static void a_link_in_the_files_place_is_refused(void **state)
{
    struct desk *desk = *state;
    char path[128], aside[128];

    desk_close(desk);
    path_of(desk, FD_STORE_NAME, path);
    path_of(desk, "aside", aside);
    assert_int_equal(link(path, aside), 0);
    assert_refused(desk->state_dir, "regular file with one name");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("aside", path), 0);
    assert_refused(desk->state_dir, "regular file with one name");
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused(desk->state_dir, "regular file with one name");
}

static void write_at(const char *path, off_t offset, const char *bytes, size_t size)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);

    assert_true(file >= 0);
    assert_int_equal(pwrite(file, bytes, size, offset), size);
    assert_int_equal(close(file), 0);
}

static void a_damaged_database_is_refused_and_left_as_it_is(void **state)
{
    struct desk *desk = *state;
    char path[128], bytes[8192], after[8192];
    int file;

    desk_close(desk);
    path_of(desk, FD_STORE_NAME, path);
    memset(bytes, 'x', sizeof bytes);
    write_at(path, 0, bytes, sizeof bytes);
    assert_refused(desk->state_dir, "members.db");
    file = open(path, O_RDONLY | O_CLOEXEC);
    assert_int_equal(read(file, after, sizeof after), sizeof after);
    assert_int_equal(close(file), 0);
    assert_memory_equal(bytes, after, sizeof bytes);
}

static void a_database_with_a_damaged_page_is_refused(void **state)
{
    struct desk *desk = *state;
    char path[128], bytes[4096];

    assert_int_equal(insert(desk->members.store, 70000, "ada", "s1"), STORE_OK);
    desk_close(desk);
    path_of(desk, FD_STORE_NAME, path);
    memset(bytes, 0x5a, sizeof bytes);
    write_at(path, 4096, bytes, sizeof bytes);
    assert_refused(desk->state_dir, "members.db");
}

static void a_damage_while_it_is_open_fails_the_operation(void **state)
{
    struct desk *desk = *state;
    struct member found = {0};
    char path[128], bytes[4096];
    struct stat status;

    assert_int_equal(insert(desk->members.store, 70000, "ada", "s1"), STORE_OK);
    path_of(desk, FD_STORE_NAME, path);
    assert_int_equal(stat(path, &status), 0);
    memset(bytes, 0x5a, sizeof bytes);
    for (off_t page = 0; page < status.st_size; page += 4096)
        write_at(path, page, bytes, sizeof bytes);
    assert_int_equal(store_by_name(desk->members.store, "ada", &found), STORE_FAILED);
    assert_int_equal(sign_in(desk, &(struct identity){.issuer = desk->connection.issuer,
                                                      .subject = desk->connection.name,
                                                      .groups = desk->no_list}),
                     REASON_STORE_CORRUPT);
    assert_true(store_error(desk->members.store)[0] != '\0');
}

static void a_lost_store_beside_an_index_is_not_begun_anew(void **state)
{
    struct desk *desk = *state;
    char path[128], *why = NULL;

    assert_true(publish_index(desk->members.store, desk->state_dir, &why));
    desk_close(desk);
    path_of(desk, FD_STORE_NAME, path);
    assert_int_equal(truncate(path, 0), 0);
    assert_refused(desk->state_dir, "missing or empty");
    assert_int_equal(unlink(path), 0);
    assert_refused(desk->state_dir, "missing or empty");
    path_of(desk, FD_INDEX_NAME, path);
    assert_int_equal(unlink(path), 0);
    desk_open(desk);
}

static void another_programs_database_is_refused(void **state)
{
    struct desk *desk = *state;
    char path[128];

    desk_close(desk);
    path_of(desk, FD_STORE_NAME, path);
    write_at(path, 68, "abcd", 4);
    assert_refused(desk->state_dir, "another program");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_row_comes_back_as_it_was_written),
        DESK_TEST(name_id_and_identity_are_given_once),
        DESK_TEST(the_generation_rises_with_every_change_but_a_sign_ins_time),
        DESK_TEST(what_was_not_committed_is_gone),
        DESK_TEST(the_next_id_is_above_all_others_then_the_lowest_gap),
        DESK_TEST(an_invitation_is_found_by_email_for_its_connection),
        DESK_TEST(files_are_private_whatever_the_umask),
        DESK_TEST(a_folder_or_file_that_others_can_write_is_refused),
        DESK_TEST(a_folder_above_that_others_can_write_is_refused),
        DESK_TEST(a_link_in_the_files_place_is_refused),
        DESK_TEST(a_damaged_database_is_refused_and_left_as_it_is),
        DESK_TEST(a_database_with_a_damaged_page_is_refused),
        DESK_TEST(a_damage_while_it_is_open_fails_the_operation),
        DESK_TEST(a_lost_store_beside_an_index_is_not_begun_anew),
        DESK_TEST(another_programs_database_is_refused),
    };

    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
