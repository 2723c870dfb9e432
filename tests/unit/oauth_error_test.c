/* SPDX-License-Identifier: BSD-2-Clause */
/* Error codes of servers, made fit for a log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/oauth_error.h"

static bool error_of(const char *text, char ret_error[OAUTH_ERROR_MAX + 1])
{
    AUTO_JSON struct json_document *document = json_parse(text, strlen(text));

    assert_non_null(document);
    return oauth_error(json_top(document), ret_error);
}

static void the_code_is_taken_over(void **state)
{
    char error[OAUTH_ERROR_MAX + 1];

    (void)state;
    assert_true(error_of("{\"error\":\"access_denied\",\"error_description\":\"x\"}", error));
    assert_string_equal(error, "access_denied");
}

static void no_error_is_none(void **state)
{
    char error[OAUTH_ERROR_MAX + 1] = "before";

    (void)state;
    assert_false(error_of("{\"errors\":\"x\"}", error));
    assert_false(error_of("{\"error\":null}", error));
    assert_false(oauth_error(NULL, error));
    assert_string_equal(error, "before");
}

static void an_error_of_another_type_is_one_all_the_same(void **state)
{
    static const char *const texts[] = {"{\"error\":1}", "{\"error\":{\"code\":1}}", "{\"error\":true}",
                                        "{\"error\":\"\"}"};
    char error[OAUTH_ERROR_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_true(error_of(texts[i], error));
        assert_string_equal(error, "malformed");
    }
}

static void foreign_bytes_are_replaced_and_long_codes_cut(void **state)
{
    char error[OAUTH_ERROR_MAX + 1];

    (void)state;
    assert_true(error_of("{\"error\":\"a b\\n\\u001b\xc2\x9b\"}", error));
    assert_string_equal(error, "a?b????");
    assert_true(error_of(
        "{\"error\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}", error));
    assert_int_equal(strlen(error), OAUTH_ERROR_MAX);
}

static void some_errors_are_the_administrators(void **state)
{
    (void)state;
    assert_true(oauth_error_is_clients("invalid_client"));
    assert_true(oauth_error_is_clients("unauthorized_client"));
    assert_false(oauth_error_is_clients("access_denied"));
    assert_false(oauth_error_is_clients(""));
}

static void assert_description(const char *text, const char *wanted)
{
    AUTO_JSON struct json_document *document = json_parse(text, strlen(text));
    char description[OAUTH_DESCRIPTION_MAX + 1] = "before";

    oauth_error_description(json_top(document), description);
    assert_string_equal(description, wanted);
}

static void the_description_is_made_harmless_and_cut(void **state)
{
    char long_text[400] = "{\"error_description\":\"";
    char wanted[OAUTH_DESCRIPTION_MAX + 1];

    (void)state;
    assert_description("{\"error_description\":\"AADSTS7000218: no\\r\\n\\u001b[2J\"}",
                       "AADSTS7000218: no???[2J");
    assert_description("{\"error\":\"x\"}", "");
    assert_description("{\"error_description\":[1]}", "");
    memset(long_text + strlen(long_text), 'a', 300);
    (void)snprintf(long_text + strlen(long_text), 8, "\"}");
    memset(wanted, 'a', sizeof wanted);
    memcpy(wanted + OAUTH_DESCRIPTION_MAX - 3, "...", 4);
    assert_description(long_text, wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_code_is_taken_over),
        cmocka_unit_test(no_error_is_none),
        cmocka_unit_test(an_error_of_another_type_is_one_all_the_same),
        cmocka_unit_test(foreign_bytes_are_replaced_and_long_codes_cut),
        cmocka_unit_test(the_description_is_made_harmless_and_cut),
        cmocka_unit_test(some_errors_are_the_administrators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
