/* SPDX-License-Identifier: BSD-2-Clause */
/* The issuer's keys as they come: only an answer of 200 that is a JSON object is handed on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "oidc/keys.h"
#include "unit/answer_stage.h"

static char set[] = "{\"keys\":[]}";

static enum reason fetch(struct http_answer *ret_answer)
{
    return keys_fetch(NULL, &(struct discovery){.jwks_uri = "https://idp.example/keys"}, ret_answer);
}

static void a_set_is_handed_on_as_it_came(void **state)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};

    (void)state;
    answer_with(200, set);
    assert_int_equal(fetch(&answer), REASON_OK);
    assert_string_equal(answer.body, set);
}

static void anything_else_is_no_set(void **state)
{
    static char not_json[] = "<html>", array[] = "[]";
    struct http_answer answer = {.status = 7};

    (void)state;
    answer_with(404, set);
    assert_int_equal(fetch(&answer), REASON_KEYS_UNAVAILABLE);
    answer_with(429, set);
    assert_int_equal(fetch(&answer), REASON_IDP_BUSY);
    answer_with(203, set);
    assert_int_equal(fetch(&answer), REASON_KEYS_UNAVAILABLE);
    answer_with(200, not_json);
    assert_int_equal(fetch(&answer), REASON_KEYS_UNAVAILABLE);
    answer_with(200, array);
    assert_int_equal(fetch(&answer), REASON_KEYS_UNAVAILABLE);
    answer_not(REASON_IDP_TIMEOUT);
    assert_int_equal(fetch(&answer), REASON_IDP_TIMEOUT);
    assert_int_equal(answer.status, 7);
    assert_null(answer.body);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_set_is_handed_on_as_it_came),
        cmocka_unit_test(anything_else_is_no_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
