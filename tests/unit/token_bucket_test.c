/* SPDX-License-Identifier: BSD-2-Clause */
/* Tokens come back by the clock that is given, and by nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "token_bucket.h"

#define START_MS  1000000
#define MINUTE_MS 60000

static struct token_want wanted(const char *name, uint32_t per_minute, uint32_t burst)
{
    struct token_want want = {.per_minute = per_minute, .burst = burst};

    (void)snprintf(want.name, sizeof want.name, "%s", name);
    return want;
}

/* How many of `tries` get a token. */
static unsigned taken(struct token_buckets *buckets, const struct token_want *want, unsigned tries,
                      int64_t now_ms)
{
    unsigned count = 0;

    for (unsigned i = 0; i < tries; i++)
        count += token_buckets_take(buckets, want, 1, now_ms) == 1;
    return count;
}

static void a_burst_goes_through_and_no_more(void **state)
{
    const struct token_want want = wanted("host", 20, 40);

    assert_int_equal(taken(*state, &want, 1000, START_MS), 40);
}

static void tokens_come_back_at_their_rate(void **state)
{
    const struct token_want want = wanted("host", 20, 40);

    (void)taken(*state, &want, 1000, START_MS);
    assert_int_equal(taken(*state, &want, 1000, START_MS + 2999), 0);
    assert_int_equal(taken(*state, &want, 1000, START_MS + 3000), 1);
    assert_int_equal(taken(*state, &want, 1000, START_MS + MINUTE_MS), 19);
    assert_int_equal(taken(*state, &want, 1000, START_MS + 10 * MINUTE_MS), 40);
}

static void refusals_put_nothing_off(void **state)
{
    const struct token_want want = wanted("host", 60, 1);

    assert_int_equal(taken(*state, &want, 1000, START_MS), 1);
    assert_int_equal(taken(*state, &want, 1000, START_MS + 999), 0);
    assert_int_equal(taken(*state, &want, 1000, START_MS + 1000), 1);
}

static void names_do_not_touch_each_other(void **state)
{
    const struct token_want one = wanted("one", 1, 3), other = wanted("other", 1, 3);

    assert_int_equal(taken(*state, &one, 10, START_MS), 3);
    assert_int_equal(taken(*state, &other, 10, START_MS), 3);
}

static void of_several_buckets_all_give_or_none(void **state)
{
    const struct token_want all = wanted("all", 1, 5);
    const struct token_want host[] = {wanted("host", 1, 2), all}, far[] = {wanted("far", 1, 100), all};

    assert_int_equal(token_buckets_take(*state, host, 2, START_MS), 2);
    assert_int_equal(token_buckets_take(*state, host, 2, START_MS), 2);
    for (unsigned i = 0; i < 100; i++)
        assert_int_equal(token_buckets_take(*state, host, 2, START_MS), 0);
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(token_buckets_take(*state, far, 2, START_MS), 2);
    assert_int_equal(token_buckets_take(*state, far, 2, START_MS), 1);
    assert_int_equal(taken(*state, &far[0], 1000, START_MS), 97);
}

/* As many as a flood can bring in, each let in once. */
static void invented_names_give_no_exhausted_bucket_back(void **state)
{
    const struct token_want victim = wanted("flooder", 1, 3);
    char name[32];

    assert_int_equal(taken(*state, &victim, 10, START_MS), 3);
    for (unsigned i = 0; i < 20 * TOKEN_BUCKET_COUNT; i++) {
        (void)snprintf(name, sizeof name, "invented %u", i);
        const struct token_want invented = wanted(name, 1, 3);

        (void)token_buckets_take(*state, &invented, 1, START_MS);
    }
    assert_int_equal(taken(*state, &victim, 10, START_MS), 0);
    assert_int_equal(taken(*state, &victim, 10, START_MS + MINUTE_MS), 1);
}

static void another_limit_counts_at_once(void **state)
{
    const struct token_want little = wanted("host", 1, 5), much = wanted("host", 600, 600);

    assert_int_equal(taken(*state, &little, 100, START_MS), 5);
    assert_int_equal(taken(*state, &much, 100, START_MS), 100);
    assert_int_equal(taken(*state, &little, 100, START_MS), 0);
}

static int make(void **state)
{
    *state = token_buckets_new();
    return *state ? 0 : -1;
}

static int unmake(void **state)
{
    token_buckets_free(*state);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_burst_goes_through_and_no_more),
        TEST(tokens_come_back_at_their_rate),
        TEST(refusals_put_nothing_off),
        TEST(names_do_not_touch_each_other),
        TEST(of_several_buckets_all_give_or_none),
        TEST(invented_names_give_no_exhausted_bucket_back),
        TEST(another_limit_counts_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
