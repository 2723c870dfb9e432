/* SPDX-License-Identifier: BSD-2-Clause */
/* Before this program was written no clock is right; from then on it may be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include "clock.h"

static time_t wall;

time_t __wrap_time(time_t *ret_now);

time_t __wrap_time(time_t *ret_now)
{
    if (ret_now)
        *ret_now = wall;
    return wall;
}

static time_t beginning_of(int year)
{
    struct tm day = {.tm_year = year - 1900, .tm_mday = 1};

    return timegm(&day);
}

static void before_2025_the_clock_is_wrong(void **state)
{
    (void)state;
    wall = beginning_of(2025) - 1;
    assert_false(clock_is_possible());
    wall = 0;
    assert_false(clock_is_possible());
    wall = -1;
    assert_false(clock_is_possible());
    wall = INT64_MIN;
    assert_false(clock_is_possible());
}

static void from_2025_on_it_may_be_right(void **state)
{
    (void)state;
    wall = beginning_of(2025);
    assert_true(clock_is_possible());
    wall = beginning_of(2106);
    assert_true(clock_is_possible());
}

static void milliseconds_since_boot_never_go_back(void **state)
{
    int64_t before = boottime_ms();

    (void)state;
    assert_true(before > 0);
    for (int i = 0; i < 1000; i++) {
        const int64_t now = boottime_ms();

        assert_true(now >= before);
        before = now;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_2025_the_clock_is_wrong),
        cmocka_unit_test(from_2025_on_it_may_be_right),
        cmocka_unit_test(milliseconds_since_boot_never_go_back),
    };

    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
