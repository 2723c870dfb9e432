/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of accounts that was not read to its end is no proof that nobody in it has the name. */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "members/system_conflict.h"

#define FREE_NAME "nobody-here-is-called-so"
#define FREE_ID   99998

static bool users_break_off, groups_break_off;

struct passwd *__real_fgetpwent(FILE *file);
struct passwd *__wrap_fgetpwent(FILE *file);
struct group *__real_fgetgrent(FILE *file);
struct group *__wrap_fgetgrent(FILE *file);

/* As glibc does when a line does not fit into memory. */
struct passwd *__wrap_fgetpwent(FILE *file)
{
    if (!users_break_off)
        return __real_fgetpwent(file);
    errno = ENOMEM;
    return NULL;
}

struct group *__wrap_fgetgrent(FILE *file)
{
    if (!groups_break_off)
        return __real_fgetgrent(file);
    errno = ENOMEM;
    return NULL;
}

static void a_list_that_breaks_off_leaves_the_question_open(void **state)
{
    char who[SYSTEM_CONFLICT_SIZE];

    (void)state;
    assert_int_equal(system_conflict(FREE_NAME, FREE_ID, who), SYSTEM_FREE);
    users_break_off = true;
    assert_int_equal(system_conflict(FREE_NAME, FREE_ID, who), SYSTEM_UNKNOWN);
    users_break_off = false;
    groups_break_off = true;
    assert_int_equal(system_conflict(FREE_NAME, FREE_ID, who), SYSTEM_UNKNOWN);
    groups_break_off = false;
    assert_int_equal(system_conflict(FREE_NAME, FREE_ID, who), SYSTEM_FREE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_list_that_breaks_off_leaves_the_question_open),
    };

    return cmocka_run_group_tests_name("system_conflict", tests, NULL, NULL);
}
