/* SPDX-License-Identifier: BSD-2-Clause */
/* Who may have what of the kiosk's server, said by a request's words alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/request.h"

#define TOKEN "AAAAAAAAAAAAAAAAAAAA-_"
#define HOST  "127.0.0.1:8080"

static const struct request good = {.method = "GET", .path = "/" TOKEN "/", .host = HOST};

static struct request_place place(const char *listen)
{
    struct request_place place = {.token = TOKEN};

    assert_true(request_place_set(listen, &place));
    return place;
}

static unsigned judged(const struct request *request)
{
    const struct request_place here = place(HOST);
    enum request_target target;

    return request_judge(request, &here, &target);
}

static void each_target_has_one_method(void **state)
{
    static const struct {
        const char *path, *method;
        enum request_target target;
    } rows[] = {{"/" TOKEN "/", "GET", TARGET_PAGE},           {"/" TOKEN "/kiosk.css", "GET", TARGET_STYLE},
                {"/" TOKEN "/kiosk.js", "GET", TARGET_SCRIPT}, {"/" TOKEN "/icon", "GET", TARGET_ICON},
                {"/" TOKEN "/events", "GET", TARGET_EVENTS},   {"/" TOKEN "/act", "POST", TARGET_ACT}};
    const struct request_place here = place(HOST);

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct request request = good;
        enum request_target target = TARGET_ACT;

        request.path = rows[i].path;
        request.method = rows[i].method;
        assert_int_equal(request_judge(&request, &here, &target), 0);
        assert_int_equal(target, rows[i].target);
        request.method = strcmp(rows[i].method, "GET") == 0 ? "POST" : "GET";
        assert_int_equal(request_judge(&request, &here, &target), 405);
        request.method = "get";
        assert_int_equal(request_judge(&request, &here, &target), 405);
    }
}

static void every_other_path_is_nothing(void **state)
{
    static const char *const paths[] = {"",
                                        "/",
                                        TOKEN "/",
                                        "/" TOKEN,
                                        "//" TOKEN "/",
                                        "/" TOKEN "//",
                                        "/" TOKEN "/x",
                                        "/" TOKEN "/icon/",
                                        "/" TOKEN "x/",
                                        "/AAAAAAAAAAAAAAAAAAAA-A/",
                                        "/BAAAAAAAAAAAAAAAAAAA-_/",
                                        "/AAAA/",
                                        "/" TOKEN "/Icon"};

    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct request request = good;

        request.path = paths[i];
        assert_int_equal(judged(&request), 404);
        request.method = "DELETE"; /* told apart only where the token is right */
        assert_int_equal(judged(&request), 404);
    }
}

static void a_request_that_says_a_thing_twice_is_nothing(void **state)
{
    struct request request = good;

    (void)state;
    request.is_odd = true;
    assert_int_equal(judged(&request), 404);
}

static void only_our_two_names_are_our_host(void **state)
{
    static const char *const hosts[] = {
        NULL,        "",      "127.0.0.1", "127.0.0.1:8081", "evil.example:8080", "LOCALHOST:8080",
        "localhost", HOST "x"};
    struct request request = good;

    (void)state;
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        request.host = hosts[i];
        assert_int_equal(judged(&request), 404);
    }
    request.host = "localhost:8080";
    assert_int_equal(judged(&request), 0);
}

static void an_origin_is_the_host_that_was_asked(void **state)
{
    static const char *const origins[] = {
        "", "null", "https://" HOST, "http://localhost:8080", HOST, "http://" HOST "/", "http://" HOST "1"};
    struct request request = good;

    (void)state;
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        request.origin = origins[i];
        assert_int_equal(judged(&request), 404);
    }
    request.origin = "http://" HOST;
    assert_int_equal(judged(&request), 0);
}

static void another_site_may_only_lead_a_window_to_the_page(void **state)
{
    struct request request = good;

    (void)state;
    request.fetch_site = "cross-site";
    assert_int_equal(judged(&request), 404);
    request.fetch_mode = "navigate";
    assert_int_equal(judged(&request), 404);
    request.fetch_dest = "iframe";
    assert_int_equal(judged(&request), 404);
    request.fetch_dest = "document";
    assert_int_equal(judged(&request), 0);
    request.fetch_mode = "no-cors";
    assert_int_equal(judged(&request), 404);
    request.fetch_mode = "navigate";
    request.path = "/" TOKEN "/events";
    assert_int_equal(judged(&request), 404);
    request.fetch_site = "none";
    assert_int_equal(judged(&request), 0);
    request.fetch_site = "same-origin";
    assert_int_equal(judged(&request), 0);
    request.fetch_site = "same-site";
    assert_int_equal(judged(&request), 404);
}

static void browsers_leave_the_default_port_out(void **state)
{
    const struct request_place eighty = place("127.0.0.1:80"), six = place("[::1]:8080");
    struct request_place untouched = {.token = "x"};

    (void)state;
    assert_string_equal(eighty.hosts[0], "127.0.0.1");
    assert_string_equal(eighty.hosts[1], "localhost");
    assert_string_equal(six.hosts[0], "[::1]:8080");
    assert_string_equal(six.hosts[1], "localhost:8080");
    assert_false(request_place_set("nowhere", &untouched));
    assert_string_equal(untouched.token, "x");
}

static void an_act_is_a_viewer_and_one_of_three_words(void **state)
{
    static const char *const bad[] = {"",
                                      "{}",
                                      "[]",
                                      "{\"viewer\":\"v\"}",
                                      "{\"action\":\"start\"}",
                                      "{\"viewer\":7,\"action\":\"start\"}",
                                      "{\"viewer\":\"v\",\"action\":\"Start\"}",
                                      "{\"viewer\":\"v\",\"viewer\":\"w\",\"action\":\"start\"}",
                                      "{\"viewer\":\"01234567890123456789012\",\"action\":\"start\"}"};
    static const char *const words[] = {"start", "confirm", "cancel"};
    char viewer[REQUEST_VIEWER_SIZE] = "untouched", body[80];
    enum request_action action = ACTION_CANCEL;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(request_read_act(bad[i], strlen(bad[i]), viewer, &action));
    assert_string_equal(viewer, "untouched");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        (void)snprintf(body, sizeof body, "{\"action\":\"%s\",\"viewer\":\"v%zu\"}", words[i], i);
        assert_true(request_read_act(body, strlen(body), viewer, &action));
        assert_int_equal(action, i);
        assert_int_equal(viewer[1], '0' + (int)i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_target_has_one_method),
        cmocka_unit_test(every_other_path_is_nothing),
        cmocka_unit_test(a_request_that_says_a_thing_twice_is_nothing),
        cmocka_unit_test(only_our_two_names_are_our_host),
        cmocka_unit_test(an_origin_is_the_host_that_was_asked),
        cmocka_unit_test(another_site_may_only_lead_a_window_to_the_page),
        cmocka_unit_test(browsers_leave_the_default_port_out),
        cmocka_unit_test(an_act_is_a_viewer_and_one_of_three_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
