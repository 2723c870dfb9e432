/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * initgroups of the module as glibc calls it, in a mount namespace where the state folder and /etc are our
 * own.
 *
 *     groups MODULE INDEX: INDEX is a valid one of write_index with 1000 members
 */
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../../nss_module/nss_frontdesk.h"
#include "nss/loaded.h"

#define IN_GROUPS    "m65541" /* fd-desk, fd-door, fd-low and fd-none */
#define IN_GROUPS_ID 65541
#define NOT_IN_ANY   "m65540"
#define LOCAL_GROUPS "fd-desk\nfd-door\nfd-low\n"
#define GROUP_FILE   "root:x:0:\nfd-desk:x:1500:\nfd-door:x:1501:\nfd-low:x:44:\nfd-none:x:1502:\n"

static const char *module_path, *index_source;
static __typeof__(&_nss_frontdesk_initgroups_dyn) initgroups_dyn;

/* What the caller hands in and gets back. */
struct groups {
    gid_t *gids;
    long start, size, limit;
};

__attribute__((format(printf, 1, 2))) static void run(const char *format, ...)
{
    char command[512];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    assert_int_equal(system(command), 0);
}

static int load(void **state)
{
    char parent[STATE_PARENT_MAX];

    (void)state;
    enter_private_state(parent);
    run("cp -a /etc '%s/etc-of-tests'", parent);
    run("mount --bind '%s/etc-of-tests' /etc", parent);
    *(void **)&initgroups_dyn = module_symbol(module_load(module_path), "_nss_frontdesk_initgroups_dyn");
    return 0;
}

static void write_file(const char *path, const char *text)
{
    FILE *file;

    run("rm -rf '%s'", path);
    run("install -D -m 0644 /dev/null '%s'", path);
    file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static int setup(void **state)
{
    (void)state;
    run("install -D -m 0644 '%s' " FD_INDEX_PATH, index_source);
    write_file(FD_LOCAL_GROUPS_PATH, LOCAL_GROUPS);
    write_file("/etc/group", GROUP_FILE);
    return 0;
}

/* Room for `size`, of which `start` are taken by 7001, 7002 and so on. */
static struct groups groups_of(long start, long size, long limit)
{
    struct groups groups = {
        .gids = calloc((size_t)size + 1, sizeof(gid_t)), .start = start, .size = size, .limit = limit};

    for (long i = 0; i < start; i++)
        groups.gids[i] = (gid_t)(7001 + i);
    return groups;
}

static enum nss_status ask(struct groups *groups, const char *user)
{
    int error = 0;

    return initgroups_dyn(user, IN_GROUPS_ID, &groups->start, &groups->size, &groups->gids, groups->limit,
                          &error);
}

static void assert_adds_nothing(const char *user, enum nss_status wanted)
{
    struct groups groups = groups_of(1, 1, -1);

    errno = 55;
    assert_int_equal(ask(&groups, user), wanted);
    assert_int_equal(errno, 55);
    assert_int_equal(groups.start, 1);
    assert_int_equal(groups.size, 1);
    free(groups.gids);
}

static void a_member_is_in_the_groups_that_roots_files_confirm(void **state)
{
    struct groups groups = groups_of(0, 8, -1);

    (void)state;
    errno = 55;
    assert_int_equal(ask(&groups, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(errno, 55);
    assert_int_equal(groups.start, 2);
    assert_int_equal(groups.gids[0], 1500);
    assert_int_equal(groups.gids[1], 1501);
    free(groups.gids);
}

static void a_system_group_needs_its_mark(void **state)
{
    struct groups groups = groups_of(0, 8, -1);

    (void)state;
    write_file(FD_LOCAL_GROUPS_PATH, "fd-low!\n");
    assert_int_equal(ask(&groups, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(groups.start, 1);
    assert_int_equal(groups.gids[0], 44);
    free(groups.gids);
}

static void who_has_no_groups_is_not_found_here(void **state)
{
    static const char *const names[] = {NOT_IN_ANY, "root", "m1", "", "zoe", "M65541"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_adds_nothing(names[i], NSS_STATUS_NOTFOUND);
}

static void without_roots_files_there_are_no_groups(void **state)
{
    (void)state;
    run("rm '%s'", FD_LOCAL_GROUPS_PATH);
    assert_adds_nothing(IN_GROUPS, NSS_STATUS_NOTFOUND);
    write_file(FD_LOCAL_GROUPS_PATH, "# none\n");
    assert_adds_nothing(IN_GROUPS, NSS_STATUS_NOTFOUND);
    write_file(FD_LOCAL_GROUPS_PATH, LOCAL_GROUPS);
    run("chmod 0666 '%s'", FD_LOCAL_GROUPS_PATH);
    assert_adds_nothing(IN_GROUPS, NSS_STATUS_NOTFOUND);
    write_file(FD_LOCAL_GROUPS_PATH, LOCAL_GROUPS);
    run("rm /etc/group");
    assert_adds_nothing(IN_GROUPS, NSS_STATUS_NOTFOUND);
}

static void without_an_index_there_are_no_groups(void **state)
{
    (void)state;
    run("rm '%s'", FD_INDEX_PATH);
    assert_adds_nothing(IN_GROUPS, NSS_STATUS_UNAVAIL);
}

static void forge(const char *edit)
{
    run("install -m 0644 '%s' " FD_INDEX_PATH, index_source);
    run("LC_ALL=C sed -i '%s' " FD_INDEX_PATH, edit);
    run("! cmp -s '%s' " FD_INDEX_PATH, index_source);
}

/* Whatever the index claims, root's files have the last word; and one word that is no name ends the list. */
static void a_forged_index_gives_none(void **state)
{
    static const char *const foreign[] = {"s/fd-desk/root,fd/", "s/fd-desk/sudo,fd/", "s/fd-door/m65540x/"};
    static const char *const broken[] = {
        "s/fd-desk/,,,,,,,/", "s/fd-desk/fd-DESK/",   "s/fd-desk/1500,fd/", "s/fd-desk/fd desk/",
        "s/fd-none/fd-non,/", "s/fd-desk/fd\\ndesk/", "s/fd-none/fd.none/", "s/fd-none/fd\\x00none/"};

    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        forge(broken[i]);
        assert_adds_nothing(IN_GROUPS, strstr(broken[i], "x00") ? NSS_STATUS_UNAVAIL : NSS_STATUS_NOTFOUND);
    }
    write_file("/etc/group", GROUP_FILE "sudo:x:27:\nm65540x:x:1700:\n");
    write_file(FD_LOCAL_GROUPS_PATH, "root!\nroot\nsudo\n");
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        forge(foreign[i]);
        assert_adds_nothing(IN_GROUPS, NSS_STATUS_NOTFOUND);
    }
}

static void the_array_grows_from_any_size_and_keeps_what_it_has(void **state)
{
    (void)state;
    for (long size = 0; size < 6; size++)
        for (long start = 0; start <= size; start++) {
            struct groups groups = groups_of(start, size, -1);

            assert_int_equal(ask(&groups, IN_GROUPS), NSS_STATUS_SUCCESS);
            assert_int_equal(groups.start, start + 2);
            assert_true(groups.size >= groups.start);
            for (long i = 0; i < start; i++)
                assert_int_equal(groups.gids[i], 7001 + i);
            assert_int_equal(groups.gids[start], 1500);
            assert_int_equal(groups.gids[start + 1], 1501);
            free(groups.gids);
        }
}

/* glibc's rule: doubled, and not when there is room. */
static void the_array_grows_no_more_than_it_must(void **state)
{
    struct groups full = groups_of(40, 40, -1), roomy = groups_of(1, 8, -1), bounded = groups_of(4, 4, 1000);

    (void)state;
    assert_int_equal(ask(&full, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(full.start, 42);
    assert_int_equal(full.size, 80);
    assert_int_equal(ask(&roomy, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(roomy.start, 3);
    assert_int_equal(roomy.size, 8);
    assert_int_equal(ask(&bounded, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(bounded.size, 8);
    free(full.gids);
    free(roomy.gids);
    free(bounded.gids);
}

static void without_memory_the_array_is_as_it_was(void **state)
{
    const long size = 32L << 20; /* entries: what is twice as large does not fit the limit */
    struct groups groups = groups_of(size, size, -1);
    const gid_t *before = groups.gids;
    struct rlimit limit = {.rlim_max = RLIM_INFINITY};
    int error = 0;

    (void)state;
    limit.rlim_cur = (rlim_t)size * sizeof(gid_t) * 2;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    assert_int_equal(
        initgroups_dyn(IN_GROUPS, IN_GROUPS_ID, &groups.start, &groups.size, &groups.gids, -1, &error),
        NSS_STATUS_TRYAGAIN);
    limit.rlim_cur = RLIM_INFINITY;
    assert_int_equal(setrlimit(RLIMIT_AS, &limit), 0);
    assert_int_equal(error, ENOMEM);
    assert_ptr_equal(groups.gids, before);
    assert_int_equal(groups.start, size);
    assert_int_equal(groups.size, size);
    free(groups.gids);
}

static void the_limit_is_kept(void **state)
{
    (void)state;
    for (long limit = 1; limit < 5; limit++)
        for (long start = 0; start <= limit; start++) {
            struct groups groups = groups_of(start, start, limit);

            assert_int_equal(ask(&groups, IN_GROUPS), NSS_STATUS_SUCCESS);
            assert_int_equal(groups.start, start + 2 < limit ? start + 2 : limit);
            assert_true(groups.size <= limit);
            free(groups.gids);
        }
}

static void no_group_is_added_twice(void **state)
{
    struct groups groups = groups_of(2, 2, -1);

    (void)state;
    groups.gids[1] = 1501;
    assert_int_equal(ask(&groups, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(groups.start, 3);
    assert_int_equal(groups.gids[2], 1500);
    assert_int_equal(ask(&groups, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(groups.start, 3);
    free(groups.gids);
    write_file("/etc/group", "fd-desk:x:1500:\nfd-door:x:1500:\n");
    groups = groups_of(0, 4, -1);
    assert_int_equal(ask(&groups, IN_GROUPS), NSS_STATUS_SUCCESS);
    assert_int_equal(groups.start, 1);
    free(groups.gids);
}

static void the_callers_own_group_is_not_added(void **state)
{
    struct groups groups = groups_of(0, 4, -1);
    int error = 0;

    (void)state;
    assert_int_equal(initgroups_dyn(IN_GROUPS, 1500, &groups.start, &groups.size, &groups.gids, -1, &error),
                     NSS_STATUS_SUCCESS);
    assert_int_equal(groups.start, 1);
    assert_int_equal(groups.gids[0], 1501);
    free(groups.gids);
}

static void *ask_a_thousand_times(void *context)
{
    uintptr_t failures = 0;

    (void)context;
    for (unsigned i = 0; i < 1000; i++) {
        struct groups groups = groups_of(0, 0, -1);

        failures +=
            ask(&groups, IN_GROUPS) != NSS_STATUS_SUCCESS || groups.start != 2 || groups.gids[0] != 1500;
        free(groups.gids);
    }
    return (void *)failures;
}

static void eight_threads_at_once_get_right_answers(void **state)
{
    pthread_t threads[8];

    (void)state;
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, ask_a_thousand_times, NULL), 0);
    for (size_t i = 0; i < 8; i++) {
        void *failures = NULL;

        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_member_is_in_the_groups_that_roots_files_confirm, setup),
        cmocka_unit_test_setup(a_system_group_needs_its_mark, setup),
        cmocka_unit_test_setup(who_has_no_groups_is_not_found_here, setup),
        cmocka_unit_test_setup(without_roots_files_there_are_no_groups, setup),
        cmocka_unit_test_setup(without_an_index_there_are_no_groups, setup),
        cmocka_unit_test_setup(a_forged_index_gives_none, setup),
        cmocka_unit_test_setup(the_array_grows_from_any_size_and_keeps_what_it_has, setup),
        cmocka_unit_test_setup(the_array_grows_no_more_than_it_must, setup),
        cmocka_unit_test_setup(without_memory_the_array_is_as_it_was, setup),
        cmocka_unit_test_setup(the_limit_is_kept, setup),
        cmocka_unit_test_setup(no_group_is_added_twice, setup),
        cmocka_unit_test_setup(the_callers_own_group_is_not_added, setup),
        cmocka_unit_test_setup(eight_threads_at_once_get_right_answers, setup),
    };

    if (argc != 3)
        return 2;
    module_path = argv[1];
    index_source = argv[2];
    return cmocka_run_group_tests_name("nss groups", tests, load, NULL);
}
