/* SPDX-License-Identifier: BSD-2-Clause */
/* A body as it grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/http_body.h"

static void pieces_become_one_text(void **state)
{
    struct http_body body = {0};
    char piece[1000];

    (void)state;
    memset(piece, 'x', sizeof piece);
    for (int i = 0; i < 100; i++)
        assert_true(http_body_append(&body, piece, sizeof piece));
    assert_int_equal(body.length, 100 * sizeof piece);
    assert_int_equal(strlen(body.text), body.length);
    http_body_erase(&body);
    assert_null(body.text);
}

static void an_empty_body_is_an_empty_text(void **state)
{
    struct http_body body = {0};

    (void)state;
    assert_true(http_body_append(&body, "", 0));
    assert_string_equal(body.text, "");
    http_body_erase(&body);
    http_body_erase(&body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pieces_become_one_text),
        cmocka_unit_test(an_empty_body_is_an_empty_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
