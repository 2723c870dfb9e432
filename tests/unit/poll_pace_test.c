/* SPDX-License-Identifier: BSD-2-Clause */
/* The arithmetic of polling, without waiting for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/device_grant.h"
#include "oidc/poll_pace.h"

#define PLENTY_MS 100000000

static void polls_follow_the_servers_interval(void **state)
{
    const struct poll_pace pace = {.interval_s = 5};

    (void)state;
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 5000);
}

static void five_slow_downs_add_five_seconds_each(void **state)
{
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    for (int i = 1; i <= 5; i++) {
        poll_pace_slow_down(&pace, 0);
        assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 5000 + i * 5000);
        poll_pace_pending(&pace);
        assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 5000 + i * 5000);
    }
}

static void a_named_interval_counts_when_it_is_longer(void **state)
{
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    poll_pace_slow_down(&pace, 30);
    assert_int_equal(pace.interval_s, 30);
    poll_pace_slow_down(&pace, 1);
    assert_int_equal(pace.interval_s, 35);
    poll_pace_slow_down(&pace, -1000);
    assert_int_equal(pace.interval_s, 40);
}

static void no_server_makes_it_slower_than_a_minute(void **state)
{
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    poll_pace_slow_down(&pace, INT64_MAX);
    assert_int_equal(pace.interval_s, DEVICE_INTERVAL_MAX_S);
    poll_pace_slow_down(&pace, 0);
    assert_int_equal(pace.interval_s, DEVICE_INTERVAL_MAX_S);
}

static void trouble_doubles_the_wait_up_to_a_minute(void **state)
{
    static const int64_t waits[] = {10000, 20000, 40000, 60000, 60000};
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++) {
        poll_pace_failed(&pace, -1);
        assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), waits[i]);
    }
    pace.failures = UINT32_MAX;
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 60000);
}

static void an_answer_ends_the_back_off(void **state)
{
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    poll_pace_failed(&pace, 30);
    poll_pace_pending(&pace);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 5000);
    poll_pace_failed(&pace, -1);
    poll_pace_slow_down(&pace, 0);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 10000);
}

static void retry_after_is_heeded_within_a_minute(void **state)
{
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    poll_pace_failed(&pace, 30);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 30000);
    poll_pace_failed(&pace, 86400);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 60000);
    poll_pace_failed(&pace, -1);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 40000);
}

static void a_named_time_holds_once_beside_a_slow_down(void **state)
{
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    poll_pace_slow_down(&pace, 0);
    poll_pace_retry_after(&pace, 30);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 30000);
    poll_pace_pending(&pace);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 10000);
    poll_pace_retry_after(&pace, INT32_MAX);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 60000);
    poll_pace_retry_after(&pace, -1);
    assert_int_equal(poll_pace_wait_ms(&pace, PLENTY_MS), 10000);
}

static void a_back_off_that_does_not_fit_gives_way(void **state)
{
    struct poll_pace pace = {.interval_s = 5};

    (void)state;
    poll_pace_failed(&pace, 30);
    assert_int_equal(poll_pace_wait_ms(&pace, 29000), 14500);
    assert_int_equal(poll_pace_wait_ms(&pace, 9000), 5000);
    assert_int_equal(poll_pace_wait_ms(&pace, 30001), 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls_follow_the_servers_interval),
        cmocka_unit_test(five_slow_downs_add_five_seconds_each),
        cmocka_unit_test(a_named_interval_counts_when_it_is_longer),
        cmocka_unit_test(no_server_makes_it_slower_than_a_minute),
        cmocka_unit_test(trouble_doubles_the_wait_up_to_a_minute),
        cmocka_unit_test(an_answer_ends_the_back_off),
        cmocka_unit_test(retry_after_is_heeded_within_a_minute),
        cmocka_unit_test(a_named_time_holds_once_beside_a_slow_down),
        cmocka_unit_test(a_back_off_that_does_not_fit_gives_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
