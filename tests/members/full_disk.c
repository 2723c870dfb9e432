/* SPDX-License-Identifier: BSD-2-Clause */
/* The state folder on a small tmpfs: with no room left, with a little more each time, and read-only. */
#include "members/verbs.h"

#include <errno.h>
#include <fcntl.h>

#define PAGE  4096
#define PAGES 256

static int setup(void **state)
{
    char options[64];
    struct desk *desk;

    (void)desk_setup(state);
    desk = *state;
    desk_close(desk);
    (void)snprintf(options, sizeof options, "size=%d,mode=0711", PAGES * PAGE);
    if (mount("tmpfs", desk->state_dir, "tmpfs", 0, options) != 0)
        return -1;
    desk_open(desk);
    return 0;
}

static int teardown(void **state)
{
    struct desk *desk = *state;

    desk_close(desk);
    (void)umount2(desk->state_dir, MNT_DETACH);
    return desk_teardown(state);
}

static void path_of(const struct desk *desk, const char *name, char path[128])
{
    (void)snprintf(path, 128, "%s/%s", desk->state_dir, name);
}

/* Leaves this many pages free. */
static void fill_up(struct desk *desk, unsigned pages_left)
{
    char path[128], page[PAGE] = {0};
    int file;

    path_of(desk, "ballast", path);
    file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    while (write(file, page, sizeof page) == sizeof page)
        continue;
    assert_int_equal(errno, ENOSPC);
    assert_int_equal(ftruncate(file, lseek(file, 0, SEEK_END) - (off_t)pages_left * PAGE), 0);
    assert_int_equal(close(file), 0);
}

static void make_room(struct desk *desk)
{
    char path[128];

    path_of(desk, "ballast", path);
    assert_int_equal(unlink(path), 0);
}

static void assert_no_temporary_file(struct desk *desk)
{
    char path[128];

    path_of(desk, FD_INDEX_NAME ".new", path);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_full_disk_refuses_a_stranger_and_leaves_everything_as_it_was(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    fill_up(desk, 0);
    assert_nothing_written(desk, person(bob_subject, bob_name, NULL), REASON_STORE_FAILED);
    assert_true(desk->members.why[0] != '\0');
    assert_published(desk);
    make_room(desk);
    assert_sign_in(desk, person(bob_subject, bob_name, NULL), REASON_OK);
    assert_published(desk);
}

/* In the store alone: as by a process that was killed before it could publish. */
static void insert_bob(struct desk *desk)
{
    struct member bob = {.id = 70000,
                         .name = "bob",
                         .issuer = text(ISSUER),
                         .subject = text("s-bob"),
                         .connection = text("acme"),
                         .home = text("/home/bob"),
                         .shell = text("/bin/sh"),
                         .state = MEMBER_ACTIVE};

    assert_int_equal(store_insert(desk->members.store, &bob), STORE_OK);
    member_clear(&bob);
}

static void a_full_disk_leaves_the_old_index_until_there_is_room(void **state)
{
    struct desk *desk = *state;
    uint64_t before, after;

    assert_sign_in(desk, ada(), REASON_OK);
    assert_true(publish_index_generation(desk->state_dir, &before));
    insert_bob(desk);
    fill_up(desk, 0);
    assert_int_equal(members_publish_if_stale(&desk->members), REASON_PUBLISH_FAILED);
    assert_no_temporary_file(desk);
    assert_true(publish_index_generation(desk->state_dir, &after));
    assert_int_equal(before, after);
    make_room(desk);
    assert_int_equal(members_publish_if_stale(&desk->members), REASON_OK);
    assert_published(desk);
}

static void with_any_room_left_the_sign_in_ends_whole_or_not_at_all(void **state)
{
    struct desk *desk = *state;
    char subject[32], name[32];
    unsigned members = 0, failures = 0, successes = 0;

    for (unsigned pages = 0; successes < 3; pages++) {
        enum reason reason;
        struct identity identity = person(subject, name, NULL);

        assert_in_range(pages, 0, PAGES);
        (void)snprintf(subject, sizeof subject, "s-%u", pages);
        (void)snprintf(name, sizeof name, "p%u", pages);
        fill_up(desk, pages);
        reason = sign_in(desk, &identity);
        assert_true(reason == REASON_OK || reason == REASON_STORE_FAILED || reason == REASON_PUBLISH_FAILED);
        members += reason != REASON_STORE_FAILED;
        assert_int_equal(count_members(desk->members.store), members);
        assert_no_temporary_file(desk);
        if (reason == REASON_OK)
            assert_published(desk);
        failures += reason != REASON_OK;
        successes += reason == REASON_OK;
        make_room(desk);
        members += reason == REASON_STORE_FAILED;
        assert_sign_in(desk, identity, REASON_OK);
        assert_int_equal(count_members(desk->members.store), members);
        assert_published(desk);
    }
    assert_true(failures > 0);
}

static void a_store_cannot_be_made_on_a_full_disk(void **state)
{
    struct desk *desk = *state;
    char path[128], *why = NULL;

    desk_close(desk);
    path_of(desk, FD_STORE_NAME, path);
    assert_int_equal(unlink(path), 0);
    fill_up(desk, 0);
    assert_null(store_open(desk->state_dir, &why));
    assert_non_null(why);
    free(why);
    make_room(desk);
    desk_open(desk);
    assert_sign_in(desk, ada(), REASON_OK);
}

static void a_read_only_disk_refuses_and_leaves_everything_as_it_was(void **state)
{
    struct desk *desk = *state;

    assert_sign_in(desk, ada(), REASON_OK);
    desk_close(desk);
    assert_int_equal(mount(NULL, desk->state_dir, NULL, MS_REMOUNT | MS_RDONLY, NULL), 0);
    desk_open(desk);
    assert_nothing_written(desk, person(bob_subject, bob_name, NULL), REASON_STORE_FAILED);
    assert_nothing_written(desk, ada(), REASON_STORE_FAILED);
    assert_published(desk);
    desk_close(desk);
    assert_int_equal(mount(NULL, desk->state_dir, NULL, MS_REMOUNT, NULL), 0);
    desk_open(desk);
    assert_sign_in(desk, ada(), REASON_OK);
}

#define DISK_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DISK_TEST(a_full_disk_refuses_a_stranger_and_leaves_everything_as_it_was),
        DISK_TEST(a_full_disk_leaves_the_old_index_until_there_is_room),
        DISK_TEST(with_any_room_left_the_sign_in_ends_whole_or_not_at_all),
        DISK_TEST(a_store_cannot_be_made_on_a_full_disk),
        DISK_TEST(a_read_only_disk_refuses_and_leaves_everything_as_it_was),
    };

    return cmocka_run_group_tests_name("full_disk", tests, etc_setup, NULL);
}
