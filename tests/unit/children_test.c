/* SPDX-License-Identifier: BSD-2-Clause */
/* Who leaves whom a place for another child. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "children.h"

#define ROOTS 5

static struct children children;

static int begin_anew(void **state)
{
    (void)state;
    children = (struct children){.most = CHILDREN_MAX};
    return 0;
}

/* How many find a place. */
static unsigned fill(uid_t uid)
{
    unsigned found = 0;

    for (; children_have_place(&children, uid, ROOTS); found++)
        children_add(&children, (pid_t)(1000 + children.count), uid, -1, 0);
    return found;
}

static void a_user_has_few_places_and_takes_none_of_roots(void **state)
{
    (void)state;
    assert_int_equal(fill(1000), 20);
    assert_int_equal(fill(1001), 20);
    assert_int_equal(fill(0), ROOTS);
    assert_int_equal(fill(1000), 0);
}

static void all_users_together_have_a_hundred(void **state)
{
    unsigned found = 0;

    (void)state;
    for (uid_t uid = 1000; uid < 1010; uid++)
        found += fill(uid);
    assert_int_equal(found, 100);
    assert_int_equal(fill(0), ROOTS);
}

static void ids_of_which_a_user_has_thousands_take_none_of_the_others(void **state)
{
    unsigned found = 0;

    (void)state;
    for (uid_t uid = 165536; uid < 165546; uid++)
        found += fill(uid);
    assert_int_equal(found, 100);
    assert_int_equal(fill(200000), 0);
    assert_int_equal(fill(1000), 20);
    assert_int_equal(fill(65536), 20);
    assert_int_equal(fill(0), ROOTS);
}

static void who_ended_leaves_a_place(void **state)
{
    (void)state;
    assert_int_equal(fill(1000), 20);
    assert_true(children_forget(&children, children.list[3].pid));
    assert_int_equal(fill(1000), 1);
}

#define TEST(name) cmocka_unit_test_setup(name, begin_anew)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_user_has_few_places_and_takes_none_of_roots),
        TEST(all_users_together_have_a_hundred),
        TEST(ids_of_which_a_user_has_thousands_take_none_of_the_others),
        TEST(who_ended_leaves_a_place),
    };

    return cmocka_run_group_tests_name("children", tests, NULL, NULL);
}
