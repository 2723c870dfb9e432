/* SPDX-License-Identifier: BSD-2-Clause */
/* What a device request does before and without an answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/device_grant.h"

static enum reason start_at(const char *endpoint, struct device_grant *grant)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);
    char *const scopes[] = {NULL};
    const struct secret secret = {0};
    struct device_client client = {.client_id = "desk",
                                   .secret = &secret,
                                   .method = CLIENT_AUTH_NONE,
                                   .scopes = scopes,
                                   .pkce = PKCE_S256};
    char url[64], host[] = "127.0.0.1";
    char *const known[] = {host, NULL};

    http_set_known_hosts(http, known);
    (void)snprintf(url, sizeof url, "%s", endpoint);
    return device_grant_start(http, &client, &(struct discovery){.device_authorization_endpoint = url},
                              grant);
}

static void an_unreachable_server_is_a_reason(void **state)
{
    struct device_grant grant;

    (void)state;
    assert_int_equal(start_at("https://127.0.0.1:9/device", &grant), REASON_IDP_UNREACHABLE);
    assert_string_equal(grant.user_code, "");
    device_grant_erase(&grant);
}

static void nothing_is_sent_without_tls(void **state)
{
    struct device_grant grant;

    (void)state;
    assert_int_equal(start_at("http://127.0.0.1:9/device", &grant), REASON_ENDPOINT_NOT_HTTPS);
    device_grant_erase(&grant);
}

static void nonce_and_verifier_are_full_and_new_each_time(void **state)
{
    struct device_grant first, second;

    (void)state;
    (void)start_at("https://127.0.0.1:9/device", &first);
    (void)start_at("https://127.0.0.1:9/device", &second);
    assert_int_equal(strlen(first.nonce), 43);
    assert_int_equal(strlen(first.code_verifier), 43);
    assert_string_not_equal(first.nonce, second.nonce);
    assert_string_not_equal(first.code_verifier, second.code_verifier);
    assert_string_not_equal(first.nonce, first.code_verifier);
    device_grant_erase(&first);
    device_grant_erase(&second);
    assert_string_equal(first.nonce, "");
}

static void the_shortest_life_counts(void **state)
{
    static const struct {
        uint32_t limit;
        long life;
    } cases[] = {{0, 600}, {601, 600}, {600, 600}, {599, 599}, {1, 1}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct device_grant grant = {.expires_in_s = 600, .expires_at_ms = 1000000};

        device_grant_limit_life(&grant, cases[i].limit);
        assert_int_equal(grant.expires_in_s, cases[i].life);
        assert_int_equal(grant.expires_at_ms, 1000000 - (600 - cases[i].life) * 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unreachable_server_is_a_reason),
        cmocka_unit_test(nothing_is_sent_without_tls),
        cmocka_unit_test(nonce_and_verifier_are_full_and_new_each_time),
        cmocka_unit_test(the_shortest_life_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
