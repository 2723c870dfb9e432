/* SPDX-License-Identifier: BSD-2-Clause */
/* What the userinfo endpoint says counts when it is 200, not too long, a JSON object, and about the same
 * subject. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "oidc/userinfo.h"
#include "unit/answer_stage.h"

static char about_ana[] = "{\"sub\":\"ana\",\"email\":\"ana@example.com\"}";

static enum reason fetch(struct json_document **ret_claims)
{
    char text[] = "token";
    const struct secret token = {.bytes = text, .length = strlen(text)};

    return userinfo_fetch(NULL, &(struct discovery){.userinfo_endpoint = "https://idp.example/me"}, &token,
                          "ana", ret_claims);
}

static void is_refused_as(enum reason expected)
{
    struct json_document *claims = NULL;

    assert_int_equal(fetch(&claims), expected);
    assert_null(claims);
}

static void claims_of_the_same_subject_are_taken(void **state)
{
    struct json_document *claims AUTO_JSON = NULL;

    (void)state;
    answer_with(200, about_ana);
    assert_int_equal(fetch(&claims), REASON_OK);
    assert_true(json_string_is(json_get(json_top(claims), "email"), "ana@example.com"));
    assert_int_equal(answer_stage.requests, 1);
}

static void claims_of_another_subject_are_refused(void **state)
{
    static char about_bruno[] = "{\"sub\":\"bruno\"}", about_nobody[] = "{}",
                about_both[] = "{\"sub\":[\"ana\"]}";

    (void)state;
    answer_with(200, about_bruno);
    is_refused_as(REASON_USERINFO_SUB);
    answer_with(200, about_nobody);
    is_refused_as(REASON_USERINFO_SUB);
    answer_with(200, about_both);
    is_refused_as(REASON_USERINFO_SUB);
}

static void an_answer_that_is_none_is_refused(void **state)
{
    static char not_json[] = "eyJhbGciOiJub25lIn0.e30.", array[] = "[]";

    (void)state;
    answer_with(401, about_ana);
    is_refused_as(REASON_USERINFO_FAILED);
    answer_with(429, about_ana);
    is_refused_as(REASON_IDP_BUSY);
    answer_with(204, about_ana);
    is_refused_as(REASON_USERINFO_FAILED);
    answer_with(200, not_json);
    is_refused_as(REASON_USERINFO_FAILED);
    answer_with(200, array);
    is_refused_as(REASON_USERINFO_FAILED);
    answer_not(REASON_IDP_TLS);
    is_refused_as(REASON_IDP_TLS);
}

static void an_answer_longer_than_the_maximum_is_refused(void **state)
{
    char *body AUTO_FREE = malloc(USERINFO_MAX + 2);
    struct json_document *claims AUTO_JSON = NULL;

    (void)state;
    assert_non_null(body);
    memset(body, ' ', USERINFO_MAX + 1);
    memcpy(body, about_ana, strlen(about_ana));
    body[USERINFO_MAX + 1] = '\0';
    answer_with(200, body);
    is_refused_as(REASON_USERINFO_FAILED);
    body[USERINFO_MAX] = '\0';
    answer_with(200, body);
    assert_int_equal(fetch(&claims), REASON_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(claims_of_the_same_subject_are_taken),
        cmocka_unit_test(claims_of_another_subject_are_refused),
        cmocka_unit_test(an_answer_that_is_none_is_refused),
        cmocka_unit_test(an_answer_longer_than_the_maximum_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
