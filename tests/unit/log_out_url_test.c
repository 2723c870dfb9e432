/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a person is sent to sign out, and where not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "keeper/log_out_url.h"
#include "questions.h"

static void assert_made(char *typed, const char *found, const char *wanted)
{
    const struct connection connection = {.client_id = (char[]){"desk 1&x"}, .end_session_endpoint = typed};
    char *url = log_out_url_make(&connection, found);

    if (wanted) {
        assert_non_null(url);
        assert_string_equal(url, wanted);
    } else {
        assert_null(url);
    }
    free(url);
}

static void the_client_is_named(void **state)
{
    (void)state;
    assert_made(NULL, "https://idp.example/out", "https://idp.example/out?client_id=desk%201%26x");
    assert_made(NULL, "https://idp.example/out?a=b", "https://idp.example/out?a=b&client_id=desk%201%26x");
}

static void what_is_typed_wins(void **state)
{
    char typed[] = "https://other.example/v2/logout?client_id=7", bare[] = "https://other.example/";

    (void)state;
    assert_made(typed, "https://idp.example/out", "https://other.example/v2/logout?client_id=7");
    assert_made(bare, "", "https://other.example/?client_id=desk%201%26x");
}

static void nothing_is_made_of_nothing(void **state)
{
    (void)state;
    assert_made(NULL, "", NULL);
}

static void what_no_screen_may_show_is_none(void **state)
{
    static char large[QUESTION_URL_MAX] = "https://idp.example/";

    (void)state;
    assert_made(NULL, "http://idp.example/out", NULL);
    assert_made(NULL, "javascript:alert(1)", NULL);
    assert_made(NULL, "https://idp.example/\x1b[2J", NULL);
    assert_made(NULL, "https://user@idp.example/", NULL);
    memset(large + strlen(large), 'a', sizeof large - strlen(large) - 1);
    assert_made(NULL, large, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_client_is_named),
        cmocka_unit_test(what_is_typed_wins),
        cmocka_unit_test(nothing_is_made_of_nothing),
        cmocka_unit_test(what_no_screen_may_show_is_none),
    };

    return cmocka_run_group_tests_name("log_out_url", tests, NULL, NULL);
}
