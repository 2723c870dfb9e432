/* SPDX-License-Identifier: BSD-2-Clause */
/* What may become a line of a connection's file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "connection/draft.h"

static void assert_refused(const char *key, const char *value, const char *words)
{
    struct draft draft = {0};
    AUTO_FREE char *why = NULL;

    assert_false(draft_add(&draft, key, value, &why));
    assert_int_equal(draft.count, 0);
    assert_non_null(why);
    if (!strstr(why, words))
        fail_msg("%s: %s", key, why);
}

static void lines_stand_in_the_order_of_the_table_under_their_own_names(void **state)
{
    struct draft draft = {0};
    AUTO_FREE char *why = NULL, *text = NULL;

    (void)state;
    assert_true(draft_add(&draft, "group_map", "b : c", &why));
    assert_true(draft_add(&draft, "services", "", &why));
    assert_true(draft_add(&draft, "authority", " \thttps://idp.example\t ", &why));
    assert_true(draft_add(&draft, "group_map", "a : b", &why));
    text = draft_text(&draft);
    assert_string_equal(text, "[connection]\nissuer = https://idp.example\nservices =\ngroup_map = b : c\n"
                              "group_map = a : b\n");
    assert_string_equal(draft_get(&draft, "issuer"), "https://idp.example");
    assert_null(draft_get(&draft, "authority"));
    draft_clear(&draft);
    assert_int_equal(draft.count, 0);
}

static void a_value_is_one_line(void **state)
{
    (void)state;
    assert_refused("display_name", "a\nallow_all = yes", "control character");
    assert_refused("display_name", "a\rb", "control character");
    assert_refused("display_name", "a\x7f", "control character");
    assert_refused("client_id", "", "no value");
    assert_refused("client_id", " \t", "no value");
}

static void what_the_parser_refuses_is_refused_with_its_words(void **state)
{
    (void)state;
    assert_refused("scopes", "profile", "scopes: `openid`");
    assert_refused("pkce", "sometimes", "pkce: ");
    assert_refused("isuer", "https://idp.example", "did you mean `issuer`");
    assert_refused("uid_range", "1-2", "unknown key");
    assert_refused("client_secret", "x", "client_secret_file");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_stand_in_the_order_of_the_table_under_their_own_names),
        cmocka_unit_test(a_value_is_one_line),
        cmocka_unit_test(what_the_parser_refuses_is_refused_with_its_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
