/* SPDX-License-Identifier: BSD-2-Clause */
/* Forms: what RFC 6749 appendix B and its own example say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "http/http.h"

static void names_and_values_are_joined(void **state)
{
    AUTO_HTTP_FORM struct http_form form = {0};

    (void)state;
    assert_true(http_form_add(&form, "grant_type", "urn:x"));
    assert_true(http_form_add(&form, "empty", ""));
    assert_string_equal(form.text, "grant_type=urn%3Ax&empty=");
    assert_int_equal(form.length, strlen(form.text));
}

static void the_example_of_the_rfc_comes_out(void **state)
{
    AUTO_ERASE char *text = http_form_encode(" %&+\xc2\xa3\xe2\x82\xac");

    (void)state;
    assert_string_equal(text, "+%25%26%2B%C2%A3%E2%82%AC");
}

static void only_unreserved_bytes_stay_as_they_are(void **state)
{
    (void)state;
    for (int byte = 1; byte <= 0xff; byte++) {
        const char value[] = {(char)byte, '\0'};
        AUTO_ERASE char *text = http_form_encode(value);
        const bool kept =
            strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._*", byte) != NULL;

        assert_non_null(text);
        assert_int_equal(strlen(text), kept || byte == ' ' ? 1 : 3);
        assert_int_equal(text[0], kept ? (char)byte : byte == ' ' ? '+' : '%');
    }
}

static void a_long_value_is_whole(void **state)
{
    static char value[100000];
    AUTO_HTTP_FORM struct http_form form = {0};

    (void)state;
    memset(value, '/', sizeof value - 1);
    assert_true(http_form_add(&form, "a", "b"));
    assert_true(http_form_add(&form, "long", value));
    assert_int_equal(form.length, strlen("a=b&long=") + 3 * (sizeof value - 1));
    assert_memory_equal(form.text, "a=b&long=%2F", 12);
}

static void erasing_twice_is_fine(void **state)
{
    struct http_form form = {0};

    (void)state;
    assert_true(http_form_add(&form, "a", "b"));
    http_form_erase(&form);
    http_form_erase(&form);
    assert_null(form.text);
    assert_true(http_form_add(&form, "c", "d"));
    assert_string_equal(form.text, "c=d");
    http_form_erase(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_values_are_joined),
        cmocka_unit_test(the_example_of_the_rfc_comes_out),
        cmocka_unit_test(only_unreserved_bytes_stay_as_they_are),
        cmocka_unit_test(a_long_value_is_whole),
        cmocka_unit_test(erasing_twice_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
