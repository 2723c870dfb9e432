/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A process that is killed at each of its system calls in turn, by ptrace, while it makes a member, the first
 * of a new store or the second of an old one. What it leaves is as before or as after, and heals.
 */
#include "members/verbs.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#define SYSCALLS_MAX 5000 /* it takes a few hundred; more means that it never ends */

static void make_member(struct desk *desk, const struct identity *identity)
{
    (void)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    (void)raise(SIGSTOP);
    desk_open(desk);
    _exit(sign_in(desk, identity) == REASON_OK ? 0 : 1);
}

/*
 * Lets the child enter `calls` system calls and kills it before the kernel does the last. False: it had ended
 * by itself before.
 */
static bool kill_at(struct desk *desk, const struct identity *identity, unsigned calls)
{
    pid_t child = fork();
    int status;

    assert_true(child >= 0);
    if (child == 0)
        make_member(desk, identity);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSTOPPED(status));
    assert_int_equal(ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD), 0);
    for (unsigned stops = 0; stops < 2 * calls - 1; stops++) {
        assert_int_equal(ptrace(PTRACE_SYSCALL, child, NULL, NULL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) {
            assert_int_equal(WEXITSTATUS(status), 0);
            return false;
        }
        assert_true(WIFSTOPPED(status));
    }
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    return true;
}

static void assert_index_is_whole_or_absent(struct desk *desk)
{
    uint64_t published, stored;
    char path[128];

    (void)snprintf(path, sizeof path, "%s/" FD_INDEX_NAME, desk->state_dir);
    assert_int_equal(store_generation(desk->members.store, &stored), STORE_OK);
    if (access(path, F_OK) == 0) {
        assert_true(publish_index_generation(desk->state_dir, &published));
        assert_true(published <= stored);
    }
}

/* Old or new, never half; publishing heals; the same identity then signs in as the same, only, member. */
static void assert_heals(struct desk *desk, const struct identity *identity, unsigned members_before)
{
    unsigned members;
    uint32_t id = 0;

    desk_open(desk);
    assert_index_is_whole_or_absent(desk);
    members = count_members(desk->members.store);
    assert_in_range(members, members_before, members_before + 1);
    if (members > members_before)
        id = id_of(desk, identity->username);
    assert_int_equal(members_publish_if_stale(&desk->members), REASON_OK);
    assert_published(desk);
    assert_sign_in(desk, *identity, REASON_OK);
    assert_int_equal(count_members(desk->members.store), members_before + 1);
    if (id != 0)
        assert_int_equal(id_of(desk, identity->username), id);
    assert_published(desk);
    desk_close(desk);
}

static void empty_folder(struct desk *desk)
{
    remove_tree(desk->state_dir);
    assert_int_equal(mkdir(desk->state_dir, 0711), 0);
}

static void killed_while_making_the_store_and_its_first_member(void **state)
{
    struct desk *desk = *state;
    struct identity identity = ada();
    unsigned calls = 1;

    desk_close(desk);
    for (empty_folder(desk); kill_at(desk, &identity, calls); calls++) {
        assert_in_range(calls, 1, SYSCALLS_MAX);
        assert_heals(desk, &identity, 0);
        empty_folder(desk);
    }
    assert_heals(desk, &identity, 0);
    assert_in_range(calls, 50, SYSCALLS_MAX);
}

static void make_first_member(struct desk *desk)
{
    empty_folder(desk);
    desk_open(desk);
    assert_sign_in(desk, ada(), REASON_OK);
    desk_close(desk);
}

static void killed_while_adding_a_member_to_a_store(void **state)
{
    struct desk *desk = *state;
    struct identity identity = person(bob_subject, bob_name, NULL);
    unsigned calls = 1;

    desk_close(desk);
    for (make_first_member(desk); kill_at(desk, &identity, calls); calls++) {
        assert_in_range(calls, 1, SYSCALLS_MAX);
        assert_heals(desk, &identity, 1);
        make_first_member(desk);
    }
    assert_heals(desk, &identity, 1);
    assert_in_range(calls, 50, SYSCALLS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(killed_while_making_the_store_and_its_first_member),
        DESK_TEST(killed_while_adding_a_member_to_a_store),
    };

    return cmocka_run_group_tests_name("killed", tests, etc_setup, NULL);
}
