/* SPDX-License-Identifier: BSD-2-Clause */
/* How long an issuer that said 429 is left alone, and that none of its words is good for long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>

#include "keeper/back_off.h"

#define CORP  "https://idp.example/"
#define OTHER "https://other.example/"

static void its_word_holds_within_bounds(void **state)
{
    struct back_off back_off = {0};

    (void)state;
    assert_int_equal(back_off_left(&back_off, CORP, 1000), 0);
    assert_int_equal(back_off_note(&back_off, CORP, 30, 1000), 30);
    assert_int_equal(back_off_left(&back_off, CORP, 1029), 1);
    assert_int_equal(back_off_left(&back_off, CORP, 1030), 0);
    assert_int_equal(back_off_note(&back_off, CORP, UINT32_MAX, 2000), BACK_OFF_MAX_S);
    assert_int_equal(back_off_left(&back_off, CORP, 2000 + BACK_OFF_MAX_S), 0);
}

static void another_issuer_is_not_touched(void **state)
{
    struct back_off back_off = {0};

    (void)state;
    (void)back_off_note(&back_off, CORP, 30, 1000);
    assert_int_equal(back_off_left(&back_off, OTHER, 1000), 0);
}

static void a_shorter_word_does_not_end_a_longer_one(void **state)
{
    struct back_off back_off = {0};

    (void)state;
    (void)back_off_note(&back_off, CORP, 60, 1000);
    assert_int_equal(back_off_note(&back_off, CORP, 1, 1010), 50);
}

static void without_a_word_the_time_doubles_each_time_it_is_over_up_to_a_bound(void **state)
{
    static const uint32_t steps[] = {2, 4, 8, 16, 32, 60, 60};
    struct back_off back_off = {0};
    int64_t now = 1000;

    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(back_off_note(&back_off, CORP, 0, now), steps[i]);
        assert_int_equal(back_off_note(&back_off, CORP, 0, now), steps[i]); /* another sign-in's */
        now += steps[i];
    }
    assert_int_equal(back_off_note(&back_off, CORP, 0, now + 1000), BACK_OFF_FIRST_S);
}

static void more_issuers_than_places_forget_the_one_that_ends_first(void **state)
{
    struct back_off back_off = {0};
    char issuer[64];

    (void)state;
    (void)back_off_note(&back_off, CORP, 50, 1000);
    for (unsigned i = 0; i < 3 * CONFIG_CONNECTIONS_MAX; i++) {
        (void)snprintf(issuer, sizeof issuer, "https://%u.example/", i);
        (void)back_off_note(&back_off, issuer, 10, 1000);
        assert_int_equal(back_off_left(&back_off, issuer, 1000), 10);
    }
    assert_int_equal(back_off_left(&back_off, CORP, 1000), 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_word_holds_within_bounds),
        cmocka_unit_test(another_issuer_is_not_touched),
        cmocka_unit_test(a_shorter_word_does_not_end_a_longer_one),
        cmocka_unit_test(without_a_word_the_time_doubles_each_time_it_is_over_up_to_a_bound),
        cmocka_unit_test(more_issuers_than_places_forget_the_one_that_ends_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
