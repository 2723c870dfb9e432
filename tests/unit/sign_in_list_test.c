/* SPDX-License-Identifier: BSD-2-Clause */
/* The keeper's list of sign-ins: what comes onto it and goes, with what each holds open. */
#include "sign_in_stage.h"

#include "unit/failing_memory.h"

static void what_ends_is_closed_and_leaves_the_others(void **state)
{
    struct sign_in *first, *second;
    int ends[2], lease[2], others;

    (void)state;
    begin(DUE_CLAIMS);
    others = child;
    first = asked;
    begin(DUE_CLAIMS);
    second = asked;
    assert_ptr_equal(keeper.sign_ins, second);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, lease), 0);
    first->module = ends[1];
    first->lease = lease[1];
    sign_in_free(&keeper, first);
    assert_ptr_equal(keeper.sign_ins, second);
    assert_null(second->next);
    assert_int_equal(keeper.sign_in_count, 1);
    assert_true(socket_is_hung_up(others));
    assert_true(socket_is_hung_up(ends[0]));
    assert_true(socket_is_hung_up(lease[0]));
    assert_false(socket_is_hung_up(child));
    end();
    assert_null(keeper.sign_ins);
    assert_int_equal(keeper.sign_in_count, 0);
    (void)close(others);
    (void)close(ends[0]);
    (void)close(lease[0]);
}

static void begin_once(void)
{
    struct sign_in *made = sign_in_new(&keeper, -1);

    assert_int_equal(made != NULL, !memory.came);
    assert_int_equal(keeper.sign_in_count, made != NULL);
    if (made)
        sign_in_free(&keeper, made);
}

static void without_memory_no_sign_in_begins(void **state)
{
    (void)state;
    fail_each(begin_once);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, stage)
    const struct CMUnitTest tests[] = {
        TEST(what_ends_is_closed_and_leaves_the_others),
        TEST(without_memory_no_sign_in_begins),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
