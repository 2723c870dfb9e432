/* SPDX-License-Identifier: BSD-2-Clause */
/* When userinfo is not even asked; the rest is tested against a provider in tests/oidc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/userinfo.h"

static void without_an_endpoint_or_a_token_nothing_is_asked(void **state)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);
    char text[] = "token";
    const struct secret token = {.bytes = text, .length = strlen(text)}, none = {0};
    struct json_document *claims = NULL;

    (void)state;
    assert_int_equal(userinfo_fetch(http, &(struct discovery){0}, &token, "sub", &claims),
                     REASON_USERINFO_FAILED);
    assert_int_equal(userinfo_fetch(http, &(struct discovery){.userinfo_endpoint = "https://127.0.0.1:9/"},
                                    &none, "sub", &claims),
                     REASON_USERINFO_FAILED);
    assert_null(claims);
}

static void a_dead_server_is_a_reason(void **state)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);
    char text[] = "token";
    const struct secret token = {.bytes = text, .length = strlen(text)};
    struct json_document *claims = NULL;
    char host[] = "127.0.0.1";
    char *const known[] = {host, NULL};

    (void)state;
    http_set_known_hosts(http, known);
    assert_int_equal(userinfo_fetch(http, &(struct discovery){.userinfo_endpoint = "https://127.0.0.1:9/"},
                                    &token, "sub", &claims),
                     REASON_IDP_UNREACHABLE);
    assert_null(claims);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_an_endpoint_or_a_token_nothing_is_asked),
        cmocka_unit_test(a_dead_server_is_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
