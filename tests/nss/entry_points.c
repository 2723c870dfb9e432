/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The module as glibc loads it, in a mount namespace where the compiled-in state folder is our own.
 *
 *     entry_points MODULE INDEX: INDEX is a valid one of write_index with 1000 members
 */
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "../../nss_module/nss_frontdesk.h"
#include "nss/loaded.h"

#define ID        65540
#define NAME      "m65540"
#define WIDE_NAME "m65542"
#define CANARY    0x5a

static const char *module_path, *index_source;

static struct {
    __typeof__(&_nss_frontdesk_getpwnam_r) getpwnam;
    __typeof__(&_nss_frontdesk_getpwuid_r) getpwuid;
    __typeof__(&_nss_frontdesk_getgrnam_r) getgrnam;
    __typeof__(&_nss_frontdesk_getgrgid_r) getgrgid;
    __typeof__(&_nss_frontdesk_initgroups_dyn) initgroups;
} module;

static void copy_index(void)
{
    char command[512];

    (void)snprintf(command, sizeof command, "install -D -m 0644 '%s' " FD_INDEX_PATH, index_source);
    assert_int_equal(system(command), 0);
}

static int load(void **state)
{
    char parent[STATE_PARENT_MAX];
    void *handle;

    (void)state;
    enter_private_state(parent);
    handle = module_load(module_path);
    module.getpwnam = (__typeof__(module.getpwnam))module_symbol(handle, "_nss_frontdesk_getpwnam_r");
    module.getpwuid = (__typeof__(module.getpwuid))module_symbol(handle, "_nss_frontdesk_getpwuid_r");
    module.getgrnam = (__typeof__(module.getgrnam))module_symbol(handle, "_nss_frontdesk_getgrnam_r");
    module.getgrgid = (__typeof__(module.getgrgid))module_symbol(handle, "_nss_frontdesk_getgrgid_r");
    module.initgroups = (__typeof__(module.initgroups))module_symbol(handle, "_nss_frontdesk_initgroups_dyn");
    return 0;
}

static int setup(void **state)
{
    (void)state;
    copy_index();
    return 0;
}

static void a_member_is_a_user(void **state)
{
    char buffer[512];
    struct passwd by_name = {0}, by_id = {0};
    int error = 77;

    (void)state;
    errno = 55;
    assert_int_equal(module.getpwnam(NAME, &by_name, buffer, sizeof buffer, &error), NSS_STATUS_SUCCESS);
    assert_int_equal(error, 77);
    assert_int_equal(errno, 55);
    assert_string_equal(by_name.pw_name, NAME);
    assert_string_equal(by_name.pw_passwd, "*");
    assert_int_equal(by_name.pw_uid, ID);
    assert_int_equal(by_name.pw_gid, ID);
    assert_string_equal(by_name.pw_gecos, "Member 65540");
    assert_string_equal(by_name.pw_dir, "/home/" NAME);
    assert_string_equal(by_name.pw_shell, "/bin/bash");
    assert_int_equal(module.getpwuid(ID, &by_id, buffer, sizeof buffer, &error), NSS_STATUS_SUCCESS);
    assert_string_equal(by_id.pw_name, NAME);
}

static void a_member_is_a_group_of_nobody_else(void **state)
{
    char buffer[512];
    struct group entry = {0};
    int error = 77;

    (void)state;
    assert_int_equal(module.getgrnam(NAME, &entry, buffer, sizeof buffer, &error), NSS_STATUS_SUCCESS);
    assert_int_equal(entry.gr_gid, ID);
    assert_string_equal(entry.gr_passwd, "*");
    assert_null(entry.gr_mem[0]);
    memset(&entry, 0, sizeof entry);
    assert_int_equal(module.getgrgid(ID, &entry, buffer, sizeof buffer, &error), NSS_STATUS_SUCCESS);
    assert_string_equal(entry.gr_name, NAME);
}

static void strangers_are_not_found(void **state)
{
    static const char *const names[] = {"root", "m1", "m99999", "", "M65540", "m65540 ", "sudo"};
    static const uid_t ids[] = {0, 1000, 65535, 67000, 99999, 100000, (uid_t)-1};
    char buffer[512];
    struct passwd user;
    struct group group;
    int error = 0;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_int_equal(module.getpwnam(names[i], &user, buffer, sizeof buffer, &error),
                         NSS_STATUS_NOTFOUND);
        assert_int_equal(module.getgrnam(names[i], &group, buffer, sizeof buffer, &error),
                         NSS_STATUS_NOTFOUND);
    }
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        assert_int_equal(module.getpwuid(ids[i], &user, buffer, sizeof buffer, &error), NSS_STATUS_NOTFOUND);
        assert_int_equal(module.getgrgid(ids[i], &group, buffer, sizeof buffer, &error), NSS_STATUS_NOTFOUND);
    }
}

/* Every length and alignment; nothing is written beyond it, and the entry only with success. */
static void a_buffer_that_is_too_small_says_so(void **state)
{
    char buffer[640];
    unsigned successes = 0;

    (void)state;
    for (size_t offset = 0; offset < 9; offset++)
        for (size_t size = 0; size < 128; size++) {
            struct passwd user = {.pw_uid = 12345};
            struct group group = {.gr_gid = 12345};
            int error = 0;
            enum nss_status status;

            memset(buffer, CANARY, sizeof buffer);
            status = module.getpwuid(ID, &user, buffer + offset, size, &error);
            assert_int_equal(status, status == NSS_STATUS_SUCCESS ? status : NSS_STATUS_TRYAGAIN);
            assert_int_equal(status == NSS_STATUS_SUCCESS ? ID : 12345, user.pw_uid);
            assert_int_equal(status == NSS_STATUS_SUCCESS ? 0 : ERANGE, error);
            successes += status == NSS_STATUS_SUCCESS;
            error = 0;
            status = module.getgrgid(ID, &group, buffer + offset, size, &error);
            assert_int_equal(status, status == NSS_STATUS_SUCCESS ? status : NSS_STATUS_TRYAGAIN);
            assert_int_equal(status == NSS_STATUS_SUCCESS ? ID : 12345, group.gr_gid);
            assert_int_equal(status == NSS_STATUS_SUCCESS ? 0 : ERANGE, error);
            for (size_t i = offset + size; i < sizeof buffer; i++)
                assert_int_equal(buffer[i], CANARY);
        }
    assert_true(successes > 0);
}

/* Somebody whose full name is longer than all the rest: where it does not fit, what comes behind it would. */
static void no_part_of_an_entry_is_left_out(void **state)
{
    char buffer[512];
    unsigned successes = 0;

    (void)state;
    for (size_t size = 0; size < sizeof buffer; size++) {
        struct passwd user = {.pw_uid = 12345};
        int error = 0;

        if (module.getpwnam(WIDE_NAME, &user, buffer, size, &error) != NSS_STATUS_SUCCESS) {
            assert_int_equal(user.pw_uid, 12345);
            continue;
        }
        successes++;
        assert_string_equal(user.pw_name, WIDE_NAME);
        assert_string_equal(user.pw_passwd, "*");
        assert_true(strlen(user.pw_gecos) > 80);
        assert_string_equal(user.pw_dir, "/home/" WIDE_NAME);
        assert_string_equal(user.pw_shell, "/bin/bash");
    }
    assert_true(successes > 0);
}

static void no_part_of_a_group_is_left_out(void **state)
{
    char buffer[128];
    unsigned successes = 0;

    (void)state;
    for (size_t size = 0; size < sizeof buffer; size++) {
        struct group group = {0};
        int error = 0;

        if (module.getgrnam(NAME, &group, buffer, size, &error) != NSS_STATUS_SUCCESS)
            continue;
        successes++;
        assert_string_equal(group.gr_name, NAME);
        assert_string_equal(group.gr_passwd, "*");
        assert_non_null(group.gr_mem);
        assert_null(group.gr_mem[0]);
    }
    assert_true(successes > 0);
}

static void without_an_index_nobody_is_found_and_nothing_breaks(void **state)
{
    char buffer[512];
    struct passwd user;
    int error = 0;

    (void)state;
    assert_int_equal(remove(FD_INDEX_PATH), 0);
    errno = 55;
    assert_int_equal(module.getpwnam(NAME, &user, buffer, sizeof buffer, &error), NSS_STATUS_UNAVAIL);
    assert_int_equal(error, ENOENT);
    assert_int_equal(errno, 55);
    assert_int_equal(mkfifo(FD_INDEX_PATH, 0644), 0);
    assert_int_equal(module.getpwnam(NAME, &user, buffer, sizeof buffer, &error), NSS_STATUS_UNAVAIL);
    assert_int_equal(remove(FD_INDEX_PATH), 0);
}

static unsigned count_descriptors(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    (void)closedir(folder);
    return count;
}

static void *look_up_a_thousand_times(void *context)
{
    char buffer[512], name[16];
    uintptr_t failures = 0;

    (void)context;
    for (uid_t id = 65536; id < 66536; id++) {
        struct passwd user;
        int error;

        (void)snprintf(name, sizeof name, "m%u", (unsigned)id);
        failures += module.getpwnam(name, &user, buffer, sizeof buffer, &error) != NSS_STATUS_SUCCESS;
        failures += user.pw_uid != id;
    }
    return (void *)failures;
}

static void eight_threads_at_once_get_right_answers_and_leave_no_descriptor(void **state)
{
    unsigned before = count_descriptors();
    pthread_t threads[8];

    (void)state;
    for (size_t i = 0; i < 8; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, look_up_a_thousand_times, NULL), 0);
    for (size_t i = 0; i < 8; i++) {
        void *failures = NULL;

        assert_int_equal(pthread_join(threads[i], &failures), 0);
        assert_null(failures);
    }
    assert_int_equal(count_descriptors(), before);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_member_is_a_user, setup),
        cmocka_unit_test_setup(a_member_is_a_group_of_nobody_else, setup),
        cmocka_unit_test_setup(strangers_are_not_found, setup),
        cmocka_unit_test_setup(a_buffer_that_is_too_small_says_so, setup),
        cmocka_unit_test_setup(no_part_of_an_entry_is_left_out, setup),
        cmocka_unit_test_setup(no_part_of_a_group_is_left_out, setup),
        cmocka_unit_test_setup(without_an_index_nobody_is_found_and_nothing_breaks, setup),
        cmocka_unit_test_setup(eight_threads_at_once_get_right_answers_and_leave_no_descriptor, setup),
    };

    if (argc != 3)
        return 2;
    module_path = argv[1];
    index_source = argv[2];
    return cmocka_run_group_tests_name("nss", tests, load, NULL);
}
