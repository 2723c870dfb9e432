/* SPDX-License-Identifier: BSD-2-Clause */
/* When a token was made, and how long it counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/id_token_stage.h"

static void exp_is_to_come_give_or_take_the_leeway(void **state)
{
    (void)state;
    RUN("exp", {"\"exp\":1700000001", REASON_OK}, {"\"exp\":1700000000", REASON_OK},
        {"\"exp\":1699999941", REASON_OK}, {"\"exp\":1699999940", REASON_CLAIM_EXP},
        {"\"exp\":1699999939", REASON_CLAIM_EXP}, {"\"exp\":0", REASON_CLAIM_EXP},
        {"\"exp\":-1", REASON_CLAIM_EXP}, {"\"exp\":4102444800", REASON_OK},
        {"\"exp\":9223372036854775807", REASON_CLAIM_EXP}, {"\"exp\":9223372036854775806", REASON_OK},
        {"\"exp\":-9223372036854775807", REASON_CLAIM_EXP}, {"", REASON_CLAIM_EXP});
}

static void iat_is_of_this_sign_in(void **state)
{
    (void)state;
    RUN("iat", {"\"iat\":1700000000", REASON_OK}, {"\"iat\":1700000060", REASON_OK},
        {"\"iat\":1700000061", REASON_CLAIM_IAT}, {"\"iat\":1699999880", REASON_OK},
        {"\"iat\":1699999280", REASON_OK}, {"\"iat\":1699999279", REASON_CLAIM_IAT},
        {"\"iat\":1699913600", REASON_CLAIM_IAT}, {"\"iat\":1699395200", REASON_CLAIM_IAT},
        {"\"iat\":0", REASON_CLAIM_IAT}, {"\"iat\":-1", REASON_CLAIM_IAT}, {"", REASON_CLAIM_IAT});
}

/* Ten minutes before the code was asked for, however long somebody took to approve. */
static void the_longer_a_sign_in_waited_the_older_its_token_may_be(void **state)
{
    static const struct {
        int64_t waited_s;
        const char *member;
        enum reason expected;
    } cases[] = {{0, "\"iat\":1699999400", REASON_OK},
                 {0, "\"iat\":1699999399", REASON_CLAIM_IAT},
                 {1800, "\"iat\":1699997600", REASON_OK},
                 {1800, "\"iat\":1699997599", REASON_CLAIM_IAT}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct id_token_terms terms = terms_of_a_sign_in();
        char *claims AUTO_FREE = claims_with("iat", cases[i].member);

        terms.waited_s = cases[i].waited_s;
        assert_int_equal(verify_claims(claims, &terms), cases[i].expected);
    }
}

static void a_clock_of_1970_refuses(void **state)
{
    struct id_token_terms terms = terms_of_a_sign_in();
    char *claims AUTO_FREE = claims_with("", "");
    char *negative AUTO_FREE = claims_with("iat", "\"iat\":-5");

    (void)state;
    terms.now = 100;
    assert_int_equal(verify_claims(claims, &terms), REASON_CLAIM_IAT);
    assert_int_equal(verify_claims(negative, &terms), REASON_CLAIM_IAT);
}

static void nbf_has_passed_when_it_is_there(void **state)
{
    (void)state;
    RUN("nbf", {"\"nbf\":1700000000", REASON_OK}, {"\"nbf\":1700000060", REASON_OK},
        {"\"nbf\":1700000061", REASON_CLAIM_NBF}, {"\"nbf\":0", REASON_OK},
        {"\"nbf\":9223372036854775806", REASON_CLAIM_NBF});
}

static void times_are_integers_and_nothing_else(void **state)
{
    static const char *const names[] = {"exp", "iat", "nbf"};
    static const char *const values[] = {"\"1700000000\"", "1700000000.0", "1.7e9", "true",
                                         "[1700000000]",   "{}",           "\"\""};
    static const enum reason expected[] = {REASON_CLAIM_EXP, REASON_CLAIM_IAT, REASON_CLAIM_NBF};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t j = 0; j < sizeof values / sizeof values[0]; j++) {
            char member[64];

            (void)snprintf(member, sizeof member, "\"%s\":%s", names[i], values[j]);
            run_cases(names[i], &(struct claim_case){member, expected[i]}, 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_to_come_give_or_take_the_leeway),
        cmocka_unit_test(iat_is_of_this_sign_in),
        cmocka_unit_test(the_longer_a_sign_in_waited_the_older_its_token_may_be),
        cmocka_unit_test(a_clock_of_1970_refuses),
        cmocka_unit_test(nbf_has_passed_when_it_is_there),
        cmocka_unit_test(times_are_integers_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, make_keys, free_keys);
}
