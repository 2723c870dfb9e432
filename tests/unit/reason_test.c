/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "reason.h"

static void each_code_leads_back_to_its_reason(void **state)
{
    (void)state;
    for (unsigned i = 0; i < REASON_COUNT; i++)
        assert_int_equal(reason_from_code(reason_code((enum reason)i)), i);
}

static void codes_are_lower_case_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < REASON_COUNT; i++) {
        const char *code = reason_code((enum reason)i);

        assert_in_range(strlen(code), 1, PROTOCOL_REASON_MAX);
        assert_int_equal(strspn(code, "abcdefghijklmnopqrstuvwxyz0123456789_"), strlen(code));
    }
}

static void only_ok_allows(void **state)
{
    (void)state;
    assert_int_equal(reason_verdict(REASON_OK), VERDICT_ALLOW);
    for (unsigned i = 0; i < REASON_COUNT; i++)
        if (i != REASON_OK)
            assert_int_not_equal(reason_verdict((enum reason)i), VERDICT_ALLOW);
}

static void no_decision_fails_closed(void **state)
{
    (void)state;
    assert_int_equal(REASON_NONE, 0);
    assert_int_equal(reason_verdict(REASON_NONE), VERDICT_UNAVAILABLE);
}

static void what_is_out_of_the_table_fails_closed(void **state)
{
    static const unsigned others[] = {REASON_COUNT, REASON_COUNT + 1, 1000, 0x7fffffff};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_string_equal(reason_code((enum reason)others[i]), "internal");
        assert_int_equal(reason_verdict((enum reason)others[i]), VERDICT_UNAVAILABLE);
    }
}

static void an_unknown_code_is_internal(void **state)
{
    static const char *const codes[] = {"", "OK", "ok ", "okay", "allow"};

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        assert_int_equal(reason_from_code(codes[i]), REASON_INTERNAL);
}

static void verdicts_have_names(void **state)
{
    (void)state;
    assert_string_equal(verdict_name(VERDICT_ALLOW), "allow");
    assert_string_equal(verdict_name(VERDICT_DENY), "deny");
    assert_string_equal(verdict_name(VERDICT_UNKNOWN_USER), "unknown_user");
    assert_string_equal(verdict_name(VERDICT_UNAVAILABLE), "unavailable");
    assert_string_equal(verdict_name(VERDICT_EXPIRED), "expired");
    assert_string_equal(verdict_name(VERDICT_IGNORE), "ignore");
    assert_string_equal(verdict_name((enum verdict)0), "unavailable");
    assert_string_equal(verdict_name((enum verdict)99), "unavailable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_code_leads_back_to_its_reason),
        cmocka_unit_test(codes_are_lower_case_words),
        cmocka_unit_test(only_ok_allows),
        cmocka_unit_test(no_decision_fails_closed),
        cmocka_unit_test(what_is_out_of_the_table_fails_closed),
        cmocka_unit_test(an_unknown_code_is_internal),
        cmocka_unit_test(verdicts_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
