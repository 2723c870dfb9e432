/* SPDX-License-Identifier: BSD-2-Clause */
/* Dropping for good, in forked processes; the tests that need root say so when they are skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <grp.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "users.h"

static const struct user_ids somebody = {.uid = 61234, .gid = 61235};

/* Runs in a process of its own: what it loses stays lost. */
static bool holds_in_a_fork(bool (*claim)(void))
{
    int status = -1;
    const pid_t pid = fork();

    if (pid == 0)
        _exit(claim() ? 0 : 1);
    assert_true(pid > 0 && waitpid(pid, &status, 0) == pid);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void skip_unless_root(void)
{
    if (geteuid() != 0)
        skip();
}

static void root_is_found_and_nobody_else_is_made_up(void **state)
{
    struct user_ids ids;

    (void)state;
    assert_true(users_find("root", &ids));
    assert_int_equal(ids.uid, 0);
    assert_false(users_find("no-such-user-here", &ids));
}

static bool becomes_somebody(void)
{
    const gid_t groups[] = {0, 4};
    uid_t uid, euid, suid;

    return setgroups(2, groups) == 0 && users_become(&somebody) && getresuid(&uid, &euid, &suid) == 0 &&
           uid == somebody.uid && euid == somebody.uid && suid == somebody.uid && getegid() == somebody.gid &&
           getgroups(0, NULL) == 0 && setuid(0) != 0;
}

static void root_becomes_the_user_and_loses_its_groups(void **state)
{
    (void)state;
    skip_unless_root();
    assert_true(holds_in_a_fork(becomes_somebody));
}

static bool becomes_root(void)
{
    const struct user_ids root = {0, 0};

    return users_become(&root);
}

static void nobody_becomes_root_by_it(void **state)
{
    (void)state;
    assert_false(holds_in_a_fork(becomes_root));
}

static bool becomes_somebody_else(void)
{
    const struct user_ids other = {.uid = somebody.uid + 1, .gid = somebody.gid};

    return users_become(&somebody) && !users_become(&other) && users_become(&somebody);
}

static void a_dropped_process_proves_itself_and_nobody_else(void **state)
{
    (void)state;
    skip_unless_root();
    assert_true(holds_in_a_fork(becomes_somebody_else));
}

static bool keeps_a_saved_root(void)
{
    return setresgid(somebody.gid, somebody.gid, somebody.gid) == 0 &&
           setresuid(somebody.uid, somebody.uid, 0) == 0 && users_become(&somebody);
}

static void a_saved_root_id_is_a_way_back(void **state)
{
    (void)state;
    skip_unless_root();
    assert_false(holds_in_a_fork(keeps_a_saved_root));
}

static bool keeps_capabilities(void)
{
    return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && users_become(&somebody);
}

static void a_kept_capability_is_a_way_back(void **state)
{
    (void)state;
    skip_unless_root();
    assert_false(holds_in_a_fork(keeps_capabilities));
}

static bool keeps_the_group_of_root(void)
{
    const gid_t group = 0;

    return setgroups(1, &group) == 0 && setresgid(somebody.gid, somebody.gid, somebody.gid) == 0 &&
           setresuid(somebody.uid, somebody.uid, somebody.uid) == 0 && users_become(&somebody);
}

static void the_group_of_root_is_a_way_back(void **state)
{
    (void)state;
    skip_unless_root();
    assert_false(holds_in_a_fork(keeps_the_group_of_root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(root_is_found_and_nobody_else_is_made_up),
        cmocka_unit_test(root_becomes_the_user_and_loses_its_groups),
        cmocka_unit_test(nobody_becomes_root_by_it),
        cmocka_unit_test(a_dropped_process_proves_itself_and_nobody_else),
        cmocka_unit_test(a_saved_root_id_is_a_way_back),
        cmocka_unit_test(a_kept_capability_is_a_way_back),
        cmocka_unit_test(the_group_of_root_is_a_way_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
