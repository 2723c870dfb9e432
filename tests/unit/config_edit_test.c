/* SPDX-License-Identifier: BSD-2-Clause */
/* One setting changes, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config_edit.h"

static void expect(const char *key, const char *before, const char *value, const char *after)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, key, NULL);
    size_t length = 0;
    char *edited = config_edit_set(before, strlen(before), setting, value, &length);

    assert_non_null(edited);
    assert_string_equal(edited, after);
    assert_int_equal(length, strlen(after));
    free(edited);
}

static void the_value_is_replaced_and_all_else_stays(void **state)
{
    (void)state;
    expect("enabled", "# a\r;b\n\n [connection] \n\tenabled\t=  yes \t\n# enabled = no\nissuer = x # y\n",
           "no", "# a\r;b\n\n [connection] \n\tenabled\t=  no \t\n# enabled = no\nissuer = x # y\n");
    expect("enabled", "[connection]\nenabled=yes", "no", "[connection]\nenabled=no");
    expect("enabled", "[connection]\nenabled =\n", "no", "[connection]\nenabled = no\n");
}

static void a_missing_line_is_added_at_the_top_of_the_section(void **state)
{
    (void)state;
    expect("enabled", "# a\n[connection]\n\nissuer = x\n", "no",
           "# a\n[connection]\nenabled = no\n\nissuer = x\n");
    expect("enabled", "[connection]", "yes", "[connection]\nenabled = yes");
}

static void a_line_under_an_alias_is_the_settings_own(void **state)
{
    (void)state;
    expect("issuer", "[connection]\ndiscovery_url = https://a\n", "https://b",
           "[connection]\ndiscovery_url = https://b\n");
}

/* The reader refuses a repeated key; an edit that it makes is one that has its say. */
static void of_several_lines_the_last_is_edited(void **state)
{
    (void)state;
    expect("enabled", "[connection]\nenabled = yes\nenabled = yes\n", "no",
           "[connection]\nenabled = yes\nenabled = no\n");
}

static void comments_and_other_sections_do_not_count(void **state)
{
    (void)state;
    expect("enabled", "[connection]\n#enabled = yes\n[other]\nenabled = yes\n", "no",
           "[connection]\nenabled = no\n#enabled = yes\n[other]\nenabled = yes\n");
}

static void without_the_section_nothing_is_edited(void **state)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, "enabled", NULL);
    static const char *const texts[] = {"", "enabled = yes\n", "[connections]\n", "[", "#[connection]\n"};
    size_t length = 77;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_null(config_edit_set(texts[i], strlen(texts[i]), setting, "no", &length));
    assert_int_equal(length, 77);
}

static void a_nul_byte_ends_nothing(void **state)
{
    static const char text[] = "[connection]\n\0\nenabled = yes\n",
                      after[] = "[connection]\n\0\nenabled = no\n";
    const struct setting *setting = settings_find(SECTION_CONNECTION, "enabled", NULL);
    size_t length = 0;
    char *edited = config_edit_set(text, sizeof text - 1, setting, "no", &length);

    (void)state;
    assert_non_null(edited);
    assert_int_equal(length, sizeof after - 1);
    assert_memory_equal(edited, after, sizeof after - 1);
    free(edited);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_value_is_replaced_and_all_else_stays),
        cmocka_unit_test(a_missing_line_is_added_at_the_top_of_the_section),
        cmocka_unit_test(a_line_under_an_alias_is_the_settings_own),
        cmocka_unit_test(of_several_lines_the_last_is_edited),
        cmocka_unit_test(comments_and_other_sections_do_not_count),
        cmocka_unit_test(without_the_section_nothing_is_edited),
        cmocka_unit_test(a_nul_byte_ends_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
