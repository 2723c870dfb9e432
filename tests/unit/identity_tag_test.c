/* SPDX-License-Identifier: BSD-2-Clause */
/* The tag of a person, and the machine's key for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/identity_tag.h"
#include "config_folder.h"

#define ISSUER "https://idp.example/"

static const char *tag_of(const struct identity_key *key, const char *issuer, const char *subject)
{
    static char tag[IDENTITY_TAG_SIZE];

    assert_true(identity_tag(key, issuer, subject, tag));
    return tag;
}

static void the_same_person_gives_the_same_tag_and_nobody_else_does(void **state)
{
    const struct identity_key key = {{1}}, other = {{2}};
    char first[IDENTITY_TAG_SIZE];

    (void)state;
    (void)snprintf(first, sizeof first, "%s", tag_of(&key, ISSUER, "s-1"));
    assert_int_equal(strlen(first), 22);
    assert_string_equal(tag_of(&key, ISSUER, "s-1"), first);
    assert_string_not_equal(tag_of(&key, ISSUER, "s-2"), first);
    assert_string_not_equal(tag_of(&key, "https://idp.example", "/s-1"), first);
    assert_string_not_equal(tag_of(&other, ISSUER, "s-1"), first);
    assert_null(strstr(first, "s-1"));
}

static const char *key_path(const struct folder *folder)
{
    static char path[FOLDER_PATH_MAX];

    folder_path(folder, IDENTITY_KEY_NAME, path);
    return path;
}

static bool opens(const struct folder *folder, bool make, struct identity_key *ret_key, const char *wanted)
{
    char *why = NULL;
    const bool opened = identity_key_open(folder->path, make, ret_key, &why);

    if (!opened && !strstr(why, wanted))
        fail_msg("%s", why);
    free(why);
    return opened;
}

static void a_key_is_made_once_and_only_its_owner_reads_it(void **state)
{
    struct identity_key first, second;
    struct stat status;

    assert_false(opens(*state, false, &first, "No such file"));
    assert_true(opens(*state, true, &first, ""));
    assert_true(opens(*state, true, &second, ""));
    assert_memory_equal(&first, &second, sizeof first);
    assert_true(opens(*state, false, &second, ""));
    assert_memory_equal(&first, &second, sizeof first);
    assert_int_equal(stat(key_path(*state), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0400);
    assert_int_equal(status.st_size, IDENTITY_KEY_SIZE);
    assert_int_equal(unlink(key_path(*state)), 0);
    assert_true(opens(*state, true, &second, ""));
    assert_memory_not_equal(&first, &second, sizeof first);
}

static unsigned folders_synced, files_synced;

int __real_fsync(int fd);
int __wrap_fsync(int fd);
int __wrap_fsync(int fd)
{
    struct stat status;

    assert_int_equal(fstat(fd, &status), 0);
    folders_synced += S_ISDIR(status.st_mode);
    files_synced += S_ISREG(status.st_mode);
    return __real_fsync(fd);
}

static void a_key_and_its_name_are_on_the_disk_before_it_is_used(void **state)
{
    struct identity_key key;

    folders_synced = files_synced = 0;
    assert_true(opens(*state, true, &key, ""));
    assert_int_equal(files_synced, 1);
    assert_int_equal(folders_synced, 1);
    assert_true(opens(*state, true, &key, ""));
    assert_int_equal(folders_synced, 1);
}

static void what_is_no_key_is_told_and_left_as_it_is(void **state)
{
    struct identity_key key;
    char aside[FOLDER_PATH_MAX];

    folder_write(*state, IDENTITY_KEY_NAME, "12345678901234567890123456789012");
    assert_false(opens(*state, true, &key, "owner alone"));
    folder_write(*state, IDENTITY_KEY_NAME, "1234");
    assert_int_equal(chmod(key_path(*state), 0400), 0);
    assert_false(opens(*state, true, &key, "no key of 32 bytes"));
    assert_int_equal(unlink(key_path(*state)), 0);
    folder_write(*state, IDENTITY_KEY_NAME, "123456789012345678901234567890123");
    assert_int_equal(chmod(key_path(*state), 0400), 0);
    assert_false(opens(*state, true, &key, "no key of 32 bytes"));
    folder_path(*state, "aside", aside);
    assert_int_equal(rename(key_path(*state), aside), 0);
    assert_int_equal(symlink(aside, key_path(*state)), 0);
    assert_false(opens(*state, true, &key, "symbolic link"));
}

/* Each sees the same key, whoever made it. */
static void of_many_who_make_it_at_once_one_is_taken(void **state)
{
    enum { MAKERS = 8 };
    struct identity_key keys[MAKERS];
    int ends[2];
    pid_t pids[MAKERS];

    assert_int_equal(pipe(ends), 0);
    for (unsigned i = 0; i < MAKERS; i++) {
        pids[i] = fork();
        if (pids[i] == 0) {
            char *why = NULL;

            _exit(identity_key_open(((struct folder *)*state)->path, true, &keys[0], &why) &&
                          write(ends[1], &keys[0], sizeof keys[0]) == sizeof keys[0]
                      ? 0
                      : 1);
        }
    }
    for (unsigned i = 0; i < MAKERS; i++) {
        int status = -1;

        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
        assert_int_equal(read(ends[0], &keys[i], sizeof keys[i]), sizeof keys[i]);
        assert_memory_equal(&keys[i], &keys[0], sizeof keys[0]);
    }
    (void)close(ends[0]);
    (void)close(ends[1]);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_same_person_gives_the_same_tag_and_nobody_else_does),
        TEST(a_key_is_made_once_and_only_its_owner_reads_it),
        TEST(a_key_and_its_name_are_on_the_disk_before_it_is_used),
        TEST(what_is_no_key_is_told_and_left_as_it_is),
        TEST(of_many_who_make_it_at_once_one_is_taken),
    };

    return cmocka_run_group_tests_name("identity_tag", tests, NULL, NULL);
}
