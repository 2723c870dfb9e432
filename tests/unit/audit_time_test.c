/* SPDX-License-Identifier: BSD-2-Clause */
/* Points in time that a person writes behind --since. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <time.h>

#include "cli/audit/audit_time.h"

#define NOON INT64_C(1795262400000) /* 2026-11-21T12:00:00Z */

static void assert_read(const char *text, int64_t wanted)
{
    int64_t ms = -1;

    if (!audit_time_read(text, NOON, &ms))
        fail_msg("refused: %s", text);
    if (ms != wanted)
        fail_msg("%s is %lld", text, (long long)ms);
}

static void rfc_3339_is_read_in_every_zone_and_whatever_this_machines_is(void **state)
{
    (void)state;
    assert_int_equal(setenv("TZ", "Asia/Tokyo", 1), 0);
    tzset();
    assert_read("2026-11-21T12:00:00Z", NOON);
    assert_read("2026-11-21t12:00:00z", NOON);
    assert_read("2026-11-21 12:00:00Z", NOON);
    assert_read("2026-11-21T12:00:00.25Z", NOON + 250);
    assert_read("2026-11-21T12:00:00.123456Z", NOON + 123);
    assert_read("2026-11-21T13:30:00+01:30", NOON);
    assert_read("2026-11-21T02:00:00-10:00", NOON);
    assert_read("2026-11-21", NOON - INT64_C(12) * 3600 * 1000);
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

static void how_long_ago_is_read(void **state)
{
    (void)state;
    assert_read("90s", NOON - 90000);
    assert_read("30m", NOON - 30 * 60000);
    assert_read("2h", NOON - 2 * 3600000);
    assert_read("3d", NOON - INT64_C(3) * 24 * 3600000);
    assert_read("1w", NOON - INT64_C(7) * 24 * 3600000);
    assert_read("999999d", NOON - INT64_C(999999) * 24 * 3600000);
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const no_times[] = {"",
                                           "h",
                                           "2",
                                           "2x",
                                           "2hh",
                                           "-2h",
                                           "9999999d",
                                           "yesterday",
                                           "2026-11",
                                           "2026-13-01",
                                           "2026-00-01",
                                           "2026-11-32",
                                           "2026-11-21T",
                                           "2026-11-21T12:00Z",
                                           "20261121",
                                           "2026-11-21T12:00:00",
                                           "2026-11-21T24:00:00Z",
                                           "2026-11-21T12:00:00.Z",
                                           "2026-11-21T12:00:00+1:00",
                                           "2026-11-21T12:00:00Z ",
                                           "2026-11-21T12:00:00+24:00"};
    int64_t ms = 7;

    (void)state;
    for (size_t i = 0; i < sizeof no_times / sizeof no_times[0]; i++)
        if (audit_time_read(no_times[i], NOON, &ms))
            fail_msg("taken: %s", no_times[i]);
    assert_int_equal(ms, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rfc_3339_is_read_in_every_zone_and_whatever_this_machines_is),
        cmocka_unit_test(how_long_ago_is_read),
        cmocka_unit_test(what_is_no_time_is_refused),
    };

    return cmocka_run_group_tests_name("audit_time", tests, NULL, NULL);
}
