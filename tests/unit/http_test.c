/* SPDX-License-Identifier: BSD-2-Clause */
/* What http.c refuses without a network; the rest is tested against a provider in tests/oidc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "clock.h"
#include "http/http.h"

#define PATIENCE_MS 15000 /* none of this takes long */

static char this_machine[] = "127.0.0.1";
static char *const here[] = {this_machine, NULL};

static enum reason perform(struct http *http, const char *url, long timeout_ms)
{
    struct http_answer answer = {.status = 1};
    const enum reason reason =
        http_perform(http, &(struct http_request){.url = url, .timeout_ms = timeout_ms}, &answer);

    assert_int_equal(answer.status, 1);
    assert_null(answer.body);
    return reason;
}

static void only_https_is_spoken(void **state)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);
    static const char *const urls[] = {
        "http://localhost/", "file:///etc/passwd", "ftp://localhost/", "localhost/", "",
        "https:/localhost",  " https://localhost/"};

    (void)state;
    assert_non_null(http);
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++)
        assert_int_equal(perform(http, urls[i], PATIENCE_MS), REASON_ENDPOINT_NOT_HTTPS);
}

static void a_request_without_time_is_not_made(void **state)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);

    (void)state;
    assert_int_equal(perform(http, "https://localhost:9/", 0), REASON_IDP_TIMEOUT);
    assert_int_equal(perform(http, "https://localhost:9/", -1), REASON_IDP_TIMEOUT);
}

static void no_request_begins_behind_the_deadline(void **state)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);

    (void)state;
    http_set_known_hosts(http, here);
    http_set_deadline(http, boottime_ms());
    assert_int_equal(perform(http, "https://127.0.0.1:9/", PATIENCE_MS), REASON_IDP_TIMEOUT);
    http_set_deadline(http, boottime_ms() + 60000);
    assert_int_equal(perform(http, "https://127.0.0.1:9/", PATIENCE_MS), REASON_IDP_UNREACHABLE);
}

static void a_host_that_left_is_noticed_before_anything_is_sent(void **state)
{
    AUTO_HTTP struct http *http = NULL;
    int ends[2];

    (void)state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), 0);
    (void)close(ends[1]);
    http = http_new(NULL, ends[0]);
    assert_int_equal(perform(http, "https://localhost:9/", PATIENCE_MS), REASON_CANCELLED);
    assert_false(http_wait(http, 3000));
    (void)close(ends[0]);
}

static void a_failure_is_explained(void **state)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);

    (void)state;
    assert_string_equal(http_error(http), "");
    http_set_known_hosts(http, here);
    assert_int_equal(perform(http, "https://127.0.0.1:9/", PATIENCE_MS), REASON_IDP_UNREACHABLE);
    assert_string_not_equal(http_error(http), "");
}

static void only_known_hosts_may_be_on_this_machine(void **state)
{
    static char name[] = "localhost", number[] = "127.0.0.1", bracketed[] = "[::1]";
    static char *const known[] = {name, number, bracketed, NULL};
    static const char *const urls[] = {"https://127.0.0.1:9/", "https://LOCALHOST:9/", "https://[::1]:9/"};
    static const char *const others[] = {"https://127.0.0.2:9/", "https://127.0.0.3:9/", "https://[::]:9/",
                                         "https://0.0.0.0:9/", "https://[::ffff:127.0.0.1]:9/"};
    AUTO_HTTP struct http *http = http_new(NULL, -1);

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        http_set_known_hosts(http, NULL);
        assert_int_equal(perform(http, urls[i], PATIENCE_MS), REASON_ENDPOINT_NOT_ALLOWED);
        http_set_known_hosts(http, known);
        assert_int_equal(perform(http, urls[i], PATIENCE_MS), REASON_IDP_UNREACHABLE);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(perform(http, others[i], PATIENCE_MS), REASON_ENDPOINT_NOT_ALLOWED);
}

static void behind_a_proxy_addresses_of_this_machine_stay_closed(void **state)
{
    AUTO_HTTP struct http *http = http_new(NULL, -1);

    (void)state;
    http_set_proxy(http, "http://127.0.0.1:9");
    assert_int_equal(perform(http, "https://127.0.0.1:9/", PATIENCE_MS), REASON_ENDPOINT_NOT_ALLOWED);
    assert_int_equal(perform(http, "https://169.254.169.254/", PATIENCE_MS), REASON_ENDPOINT_NOT_ALLOWED);
    assert_int_equal(perform(http, "https://idp.example/", PATIENCE_MS), REASON_IDP_UNREACHABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_https_is_spoken),
        cmocka_unit_test(a_request_without_time_is_not_made),
        cmocka_unit_test(no_request_begins_behind_the_deadline),
        cmocka_unit_test(a_host_that_left_is_noticed_before_anything_is_sent),
        cmocka_unit_test(a_failure_is_explained),
        cmocka_unit_test(only_known_hosts_may_be_on_this_machine),
        cmocka_unit_test(behind_a_proxy_addresses_of_this_machine_stay_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
