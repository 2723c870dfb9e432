/* SPDX-License-Identifier: BSD-2-Clause */
/* The audit file is bounded, and rotation loses nothing: not in a crash, not beside other writers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit_stage.h"

/* How many bytes a rotated file has (0: the one in use); -1: it is not there. */
static off_t size_of(const struct folder *folder, unsigned number)
{
    char path[AUDIT_PATH_MAX];
    struct stat status;

    if (number == 0)
        (void)snprintf(path, sizeof path, "%s", file_path(folder));
    else
        assert_true(audit_rotated_path(file_path(folder), number, path));
    return stat(path, &status) == 0 ? status.st_size : -1;
}

/* Records in all files, each of which is whole. */
static size_t count_all(const struct folder *folder)
{
    char rotated[AUDIT_PATH_MAX];
    size_t count = size_of(folder, 0) >= 0 ? count_records(folder) : 0;

    for (unsigned number = 1; number <= AUDIT_KEEP_MAX; number++)
        if (size_of(folder, number) >= 0 && audit_rotated_path(file_path(folder), number, rotated))
            count += count_records_in(rotated);
    return count;
}

static void append_limited(const struct folder *folder, const char *event, size_t max_size, unsigned keep)
{
    const struct audit_file file = {.path = file_path(folder), .max_size = max_size, .keep = keep};
    struct json_document *record = audit_record(event);
    char *why = NULL;

    if (!audit_append(&file, record, &why))
        fail_msg("%s", why);
    json_free(record);
}

static bool file_says(const struct folder *folder, unsigned number, const char *event)
{
    char path[AUDIT_PATH_MAX], wanted[64], *text;
    bool found;

    (void)snprintf(path, sizeof path, "%s", file_path(folder));
    if (number > 0)
        assert_true(audit_rotated_path(file_path(folder), number, path));
    (void)snprintf(wanted, sizeof wanted, "\"event\":\"%s\"", event);
    text = text_of(path);
    found = strstr(text, wanted) != NULL;
    free(text);
    return found;
}

#define A_RECORD 60 /* bytes: more than half of what fits below */

static void a_file_that_would_grow_too_large_is_begun_anew_with_the_record(void **state)
{
    for (char event[] = "a"; event[0] <= 'e'; event[0]++)
        append_limited(*state, event, A_RECORD, 3);
    assert_true(file_says(*state, 0, "e"));
    assert_true(file_says(*state, 1, "d"));
    assert_true(file_says(*state, 2, "c"));
    assert_true(file_says(*state, 3, "b"));
    assert_int_equal(size_of(*state, 4), -1);
    for (unsigned number = 0; number <= 3; number++)
        assert_true(size_of(*state, number) <= A_RECORD);
}

static void fewer_files_stay_as_soon_as_an_administrator_says_so(void **state)
{
    for (char event[] = "a"; event[0] <= 'f'; event[0]++)
        append_limited(*state, event, A_RECORD, 5);
    append_limited(*state, "g", A_RECORD, 2);
    assert_true(file_says(*state, 2, "e"));
    for (unsigned number = 3; number <= 6; number++)
        assert_int_equal(size_of(*state, number), -1);
}

/* The first of the three renames of a full row, as a crash leaves them: a gap in the numbers. */
static void break_off(const struct folder *folder, unsigned steps)
{
    char from[AUDIT_PATH_MAX], to[AUDIT_PATH_MAX];

    for (unsigned number = 3; number > 3 - steps; number--) {
        (void)snprintf(from, sizeof from, "%s", file_path(folder));
        assert_true(audit_rotated_path(file_path(folder), number, to));
        if (number > 1)
            assert_true(audit_rotated_path(file_path(folder), number - 1, from));
        assert_int_equal(rename(from, to), 0);
    }
}

static void a_rotation_that_broke_off_loses_no_record(void **state)
{
    for (unsigned steps = 1; steps <= 3; steps++) {
        char path[AUDIT_PATH_MAX];

        (void)unlink(file_path(*state));
        for (unsigned number = 1; number <= 4; number++)
            if (size_of(*state, number) >= 0 && audit_rotated_path(file_path(*state), number, path))
                assert_int_equal(unlink(path), 0);
        for (char event[] = "a"; event[0] <= 'c'; event[0]++)
            append_limited(*state, event, A_RECORD, 4);
        break_off(*state, steps);
        append_limited(*state, "d", A_RECORD, 4);
        assert_int_equal(count_all(*state), 4);
        assert_int_equal(size_of(*state, 4), -1);
    }
}

static void a_rotation_that_cannot_be_loses_no_record(void **state)
{
    char first[AUDIT_PATH_MAX], in_it[AUDIT_PATH_MAX + 8];

    assert_true(audit_rotated_path(file_path(*state), 1, first));
    (void)snprintf(in_it, sizeof in_it, "%s/x", first);
    assert_int_equal(mkdir(first, 0700), 0);
    assert_int_equal(mkdir(in_it, 0700), 0);
    append_limited(*state, "a", A_RECORD, 1);
    append_limited(*state, "b", A_RECORD, 1);
    assert_int_equal(count_records(*state), 2);
    assert_int_equal(rmdir(in_it), 0);
    assert_int_equal(rmdir(first), 0);
}

static void many_writers_who_rotate_lose_no_record(void **state)
{
    write_all_at_once(file_path(*state), 64 * 1024);
    assert_true(size_of(*state, 1) > 0 && size_of(*state, 1) <= 64 * 1024);
    assert_int_equal(count_all(*state), WRITERS * RECORDS);
}

static void a_lock_that_cannot_be_had_stops_no_record(void **state)
{
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    char lock[FOLDER_PATH_MAX];
    struct stat status;
    int holder;

    append_limited(*state, "a", A_RECORD, 3);
    folder_path(*state, "audit.jsonl.lock", lock);
    assert_int_equal(stat(lock, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    holder = open(lock, O_RDWR | O_CLOEXEC);
    assert_int_equal(fcntl(holder, F_OFD_SETLK, &whole), 0);
    append_limited(*state, "b", A_RECORD, 3);
    (void)close(holder);
    assert_int_equal(count_records(*state), 2);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_that_would_grow_too_large_is_begun_anew_with_the_record),
        TEST(fewer_files_stay_as_soon_as_an_administrator_says_so),
        TEST(a_rotation_that_broke_off_loses_no_record),
        TEST(a_rotation_that_cannot_be_loses_no_record),
        TEST(many_writers_who_rotate_lose_no_record),
        TEST(a_lock_that_cannot_be_had_stops_no_record),
    };

    return cmocka_run_group_tests_name("audit rotation", tests, NULL, NULL);
}
