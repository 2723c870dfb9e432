/* SPDX-License-Identifier: BSD-2-Clause */
/* Every reason has a state of the page, and the table holds no surprise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/qr.h"
#include "kiosk/outcome.h"

static void every_reason_is_a_refusal_of_some_kind(void **state)
{
    (void)state;
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        const enum told told = told_of_reason((enum reason)reason);

        if (reason == REASON_OK)
            continue;
        assert_true(told >= TOLD_DENIED && told <= TOLD_OUT_OF_ORDER);
    }
}

static void every_state_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < TOLD_COUNT; i++) {
        assert_non_null(told_name((enum told)i));
        for (int j = 0; j < i; j++)
            assert_string_not_equal(told_name((enum told)i), told_name((enum told)j));
    }
}

static void what_a_verdict_says_decides_where_no_row_does(void **state)
{
    (void)state;
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        const enum verdict verdict = reason_verdict((enum reason)reason);
        const enum told told = told_of_reason((enum reason)reason);

        if (verdict == VERDICT_UNKNOWN_USER)
            assert_int_equal(told, TOLD_NOT_MEMBER);
        if (verdict == VERDICT_EXPIRED)
            assert_int_equal(told, TOLD_EXPIRED);
        if (verdict == VERDICT_UNAVAILABLE)
            assert_true(told == TOLD_BUSY || told == TOLD_UNREACHABLE || told == TOLD_OUT_OF_ORDER);
    }
}

static void a_qr_is_square_rows_of_dark_and_light(void **state)
{
    struct qr_modules qr = {.side = 7};

    (void)state;
    assert_false(qr_modules("", &qr));
    assert_int_equal(qr.side, 7);
    assert_true(qr_modules("https://idp.example/", &qr));
    for (unsigned y = 0; y < qr.side; y++) {
        const char *row = qr.rows + (size_t)y * (qr.side + 1);

        assert_int_equal(strlen(row), qr.side);
        assert_int_equal(strspn(row, "01"), qr.side);
    }
    /* The corner that every code has. */
    assert_memory_equal(qr.rows, "11111110", 8);
    free(qr.rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_reason_is_a_refusal_of_some_kind),
        cmocka_unit_test(every_state_has_a_name_of_its_own),
        cmocka_unit_test(what_a_verdict_says_decides_where_no_row_does),
        cmocka_unit_test(a_qr_is_square_rows_of_dark_and_light),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
