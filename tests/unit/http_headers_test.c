/* SPDX-License-Identifier: BSD-2-Clause */
/* How long an answer may be kept, and how many header lines are too many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "http/http.h"
#include "http/http_headers.h"

static struct http_headers headers_of(const char *const *lines)
{
    struct http_headers headers = http_headers_new();

    for (size_t i = 0; lines[i]; i++)
        assert_true(http_headers_take(&headers, lines[i], strlen(lines[i])));
    return headers;
}

static long lifetime_of(const char *first, const char *second)
{
    const struct http_headers headers =
        headers_of((const char *const[]){"HTTP/1.1 200 OK\r\n", first, second, NULL});

    return http_headers_lifetime(&headers);
}

static void a_silent_server_has_no_lifetime(void **state)
{
    (void)state;
    assert_int_equal(lifetime_of("Content-Type: application/json\r\n", NULL), -1);
    assert_int_equal(lifetime_of("Cache-Control: public\r\n", NULL), -1);
    assert_int_equal(lifetime_of("Cache-Control: max-age=soon\r\n", NULL), -1);
    assert_int_equal(lifetime_of("Cache-Control: max-age=-1\r\n", NULL), -1);
}

static void max_age_less_age_is_the_lifetime(void **state)
{
    (void)state;
    assert_int_equal(lifetime_of("Cache-Control: public, max-age=3600\r\n", NULL), 3600);
    assert_int_equal(lifetime_of("cache-control:MAX-AGE = 60,public\r\n", NULL), 60);
    assert_int_equal(lifetime_of("Cache-Control: max-age=\"60\"\r\n", NULL), 60);
    assert_int_equal(lifetime_of("Cache-Control: max-age=3600\r\n", "Age: 600\r\n"), 3000);
    assert_int_equal(lifetime_of("Cache-Control: max-age=60\r\n", "Age: 600\r\n"), 0);
}

static void no_store_and_no_cache_win(void **state)
{
    (void)state;
    assert_int_equal(lifetime_of("Cache-Control: max-age=60, no-store\r\n", NULL), 0);
    assert_int_equal(lifetime_of("Cache-Control: No-Cache\r\n", "Cache-Control: max-age=60\r\n"), 0);
}

static void a_huge_max_age_is_bounded(void **state)
{
    (void)state;
    assert_int_equal(lifetime_of("Cache-Control: max-age=99999999999999999999999\r\n", NULL),
                     HTTP_SECONDS_MAX);
}

static void expires_counts_from_the_servers_date(void **state)
{
    (void)state;
    assert_int_equal(
        lifetime_of("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "Expires: Sun, 06 Nov 1994 09:49:37 GMT\r\n"),
        3600);
    assert_int_equal(lifetime_of("Expires: Sun, 06 Nov 1994 09:49:37 GMT\r\n", NULL), 0);
    assert_int_equal(lifetime_of("Expires: 0\r\n", NULL), 0);
    assert_int_equal(lifetime_of("Expires: 0\r\n", "Cache-Control: max-age=60\r\n"), 60);
    assert_int_equal(lifetime_of("Date: Sun, 06 anN 1994 08:49:37 GMT\r\n", "Expires: 0\r\n"), 0);
}

static void retry_after_is_read_in_seconds(void **state)
{
    (void)state;
    assert_int_equal(headers_of((const char *const[]){"Retry-After: 7\r\n", NULL}).retry_after_s, 7);
    assert_int_equal(headers_of((const char *const[]){"Retry-After: later\r\n", NULL}).retry_after_s, -1);
}

static void an_interim_answer_does_not_speak_for_the_final_one(void **state)
{
    const struct http_headers headers =
        headers_of((const char *const[]){"HTTP/1.1 103 Early Hints\r\n", "Cache-Control: max-age=60\r\n",
                                         "\r\n", "HTTP/1.1 200 OK\r\n", NULL});

    (void)state;
    assert_int_equal(http_headers_lifetime(&headers), -1);
}

static void all_lines_together_are_bounded(void **state)
{
    struct http_headers headers = http_headers_new();
    static const char line[] = "HTTP/1.1 100 Continue\r\n";
    size_t taken = 0;

    (void)state;
    while (http_headers_take(&headers, line, strlen(line)))
        taken += strlen(line);
    assert_in_range(taken, HTTP_HEADERS_MAX - strlen(line), HTTP_HEADERS_MAX);
}

static void odd_lines_do_no_harm(void **state)
{
    (void)state;
    assert_int_equal(lifetime_of("", "no colon at all"), -1);
    assert_int_equal(lifetime_of(":", "Cache-Control"), -1);
    assert_int_equal(lifetime_of("Cache-Control: =,=,,\"\r\n", "Cache-Control: max-age=\"\r\n"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_silent_server_has_no_lifetime),
        cmocka_unit_test(max_age_less_age_is_the_lifetime),
        cmocka_unit_test(no_store_and_no_cache_win),
        cmocka_unit_test(a_huge_max_age_is_bounded),
        cmocka_unit_test(expires_counts_from_the_servers_date),
        cmocka_unit_test(retry_after_is_read_in_seconds),
        cmocka_unit_test(an_interim_answer_does_not_speak_for_the_final_one),
        cmocka_unit_test(all_lines_together_are_bounded),
        cmocka_unit_test(odd_lines_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
