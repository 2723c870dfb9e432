/* SPDX-License-Identifier: BSD-2-Clause */
/* helper/hooks/hook_choice.c: which program an event is for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "hooks/hook_choice.h"

static char in[] = "/usr/local/in", out[] = "/usr/local/out";

static enum hook_choice choose(const struct config *config, const char *kind, int64_t age_ms)
{
    const char *program = NULL;
    const enum hook_choice choice = hook_choose(config, kind, age_ms, &program);

    assert_true((choice == HOOK_CHOSEN) == (program != NULL));
    return choice;
}

static void each_kind_has_a_program_of_its_own(void **state)
{
    const struct config config = {.kiosk = {.on_check_in = in, .on_check_out = out}};
    const char *program = NULL;

    (void)state;
    assert_int_equal(hook_choose(&config, "check_in", 0, &program), HOOK_CHOSEN);
    assert_string_equal(program, in);
    assert_int_equal(hook_choose(&config, "check_out", 0, &program), HOOK_CHOSEN);
    assert_string_equal(program, out);
    assert_int_equal(choose(&config, "check_it", INT64_MAX), HOOK_UNWANTED);
}

static void what_is_no_longer_named_is_waited_for_a_while(void **state)
{
    const struct config config = {.kiosk = {.on_check_in = in}};

    (void)state;
    assert_int_equal(choose(&config, "check_in", 0), HOOK_CHOSEN);
    assert_int_equal(choose(&config, "check_out", 0), HOOK_UNCLEAR);
    assert_int_equal(choose(&config, "check_out", HOOK_SETTLED_MS - 1), HOOK_UNCLEAR);
    assert_int_equal(choose(&config, "check_out", HOOK_SETTLED_MS), HOOK_UNWANTED);
}

static void a_broken_configuration_gives_nothing_up(void **state)
{
    const struct config config = {.broken = true, .kiosk = {.on_check_in = in}};

    (void)state;
    assert_int_equal(choose(&config, "check_in", INT64_MAX), HOOK_UNCLEAR);
    assert_int_equal(choose(&config, "check_out", INT64_MAX), HOOK_UNCLEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_has_a_program_of_its_own),
        cmocka_unit_test(what_is_no_longer_named_is_waited_for_a_while),
        cmocka_unit_test(a_broken_configuration_gives_nothing_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
