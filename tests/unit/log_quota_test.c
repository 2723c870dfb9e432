/* SPDX-License-Identifier: BSD-2-Clause */
/* However many refusals there are, few lines are written, and none of them is lost from the count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "log_quota.h"

#define START_MS 1000000

static unsigned written(struct log_quota *quota, const char *key, unsigned tries, int64_t now_ms)
{
    unsigned count = 0;

    for (unsigned i = 0; i < tries; i++)
        count += log_quota_take(quota, key, now_ms);
    return count;
}

static void few_lines_of_a_key_are_written_in_a_minute(void **state)
{
    struct log_quota quota = {0};

    (void)state;
    assert_int_equal(written(&quota, "a", 1000, START_MS), LOG_QUOTA_LINES);
    assert_int_equal(written(&quota, "b", 3, START_MS), 3);
    assert_int_equal(written(&quota, "a", 1000, START_MS + LOG_QUOTA_WINDOW_MS - 1), 0);
    assert_int_equal(written(&quota, "a", 1000, START_MS + LOG_QUOTA_WINDOW_MS), LOG_QUOTA_LINES);
}

static void invented_keys_share_the_lines_of_one(void **state)
{
    struct log_quota quota = {0};
    unsigned count = 0;
    char key[32];

    (void)state;
    for (unsigned i = 0; i < 10000; i++) {
        (void)snprintf(key, sizeof key, "host %u", i);
        count += log_quota_take(&quota, key, START_MS);
    }
    assert_int_equal(count, LOG_QUOTA_KEYS + LOG_QUOTA_LINES);
}

/* What the log says while `settle` runs. */
static void heard(struct log_quota *quota, int64_t now_ms, char *ret_text, size_t size)
{
    const int saved = dup(STDERR_FILENO);
    int ends[2];
    ssize_t n;

    assert_int_equal(pipe(ends), 0);
    assert_true(write(ends[1], "-", 1) == 1 && dup2(ends[1], STDERR_FILENO) >= 0);
    log_quota_settle(quota, now_ms);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    n = read(ends[0], ret_text, size - 1);
    assert_true(n > 0);
    ret_text[n] = '\0';
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(saved);
}

static void the_number_of_the_others_is_told_when_the_minute_is_over(void **state)
{
    struct log_quota quota = {0};
    char text[512];

    (void)state;
    assert_int_equal(log_quota_due_ms(&quota), -1);
    (void)written(&quota, "reason=too_often", 57 + LOG_QUOTA_LINES, START_MS);
    assert_int_equal(log_quota_due_ms(&quota), START_MS + LOG_QUOTA_WINDOW_MS);
    heard(&quota, START_MS + LOG_QUOTA_WINDOW_MS - 1, text, sizeof text);
    assert_string_equal(text, "-");
    heard(&quota, START_MS + LOG_QUOTA_WINDOW_MS, text, sizeof text);
    assert_non_null(strstr(text, "57 more: reason=too_often"));
    assert_int_equal(log_quota_due_ms(&quota), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(few_lines_of_a_key_are_written_in_a_minute),
        cmocka_unit_test(invented_keys_share_the_lines_of_one),
        cmocka_unit_test(the_number_of_the_others_is_told_when_the_minute_is_over),
    };

    log_open("log_quota_test", LOG_TO_STDERR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
