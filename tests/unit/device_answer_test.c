/* SPDX-License-Identifier: BSD-2-Clause */
/* Device authorization answers, good and bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/device_answer.h"

#define CODES  "{\"device_code\":\"d\",\"user_code\":\"WDJB-MJHT\""
#define URI    ",\"verification_uri\":\"https://id.example.org/activate\""
#define LIFE   ",\"expires_in\":600"
#define GOOD   CODES URI LIFE
#define NOW_MS 1000000

static enum reason read_into(long status, const char *text, struct device_grant *grant)
{
    char body[2048];
    const struct http_answer answer = {.status = status, .body = body, .length = strlen(text)};

    *grant = (struct device_grant){0};
    (void)snprintf(body, sizeof body, "%s", text);
    return device_answer_read(&answer, NOW_MS, grant);
}

static enum reason read_with_status(long status, const char *text)
{
    struct device_grant grant;
    const enum reason reason = read_into(status, text, &grant);

    device_grant_erase(&grant);
    return reason;
}

static enum reason read_answer(const char *text)
{
    return read_with_status(200, text);
}

static void a_whole_answer_is_taken(void **state)
{
    struct device_grant grant;

    (void)state;
    assert_int_equal(
        read_into(200, GOOD ",\"interval\":7,\"verification_uri_complete\":\"https://id.example.org/a?c=1\"}",
                  &grant),
        REASON_OK);
    assert_string_equal(grant.device_code.bytes, "d");
    assert_string_equal(grant.user_code, "WDJB-MJHT");
    assert_string_equal(grant.verification_uri, "https://id.example.org/activate");
    assert_string_equal(grant.verification_uri_complete, "https://id.example.org/a?c=1");
    assert_string_equal(grant.error, "");
    assert_int_equal(grant.interval_s, 7);
    assert_int_equal(grant.expires_in_s, 600);
    assert_int_equal(grant.expires_at_ms, NOW_MS + 600000);
    device_grant_erase(&grant);
    assert_null(grant.device_code.bytes);
    assert_string_equal(grant.user_code, "");
}

static void intervals_are_mended_or_bounded(void **state)
{
    static const struct {
        const char *member;
        long interval;
    } cases[] = {{"", 5},
                 {",\"interval\":null", 5},
                 {",\"interval\":0", 1},
                 {",\"interval\":-5", 1},
                 {",\"interval\":1", 1},
                 {",\"interval\":\"10\"", 10},
                 {",\"interval\":61", 60},
                 {",\"interval\":2.0", 2},
                 {",\"interval\":1e9", 60},
                 {",\"interval\":1000000000", 60}};
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct device_grant grant;

        (void)snprintf(text, sizeof text, GOOD "%s}", cases[i].member);
        assert_int_equal(read_into(200, text, &grant), REASON_OK);
        assert_int_equal(grant.interval_s, cases[i].interval);
        device_grant_erase(&grant);
    }
    assert_int_equal(read_answer(GOOD ",\"interval\":\"often\"}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(GOOD ",\"interval\":[]}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(GOOD ",\"interval\":1.5}"), REASON_DEVICE_ANSWER_INVALID);
}

static void lifetimes_must_be_there_and_are_bounded(void **state)
{
    struct device_grant grant;

    (void)state;
    assert_int_equal(read_answer(CODES URI "}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(CODES URI ",\"expires_in\":0}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(CODES URI ",\"expires_in\":-1}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(CODES URI ",\"expires_in\":\"\"}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(CODES URI ",\"expires_in\":1e99}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_into(200, CODES URI ",\"expires_in\":1000000000}", &grant), REASON_OK);
    assert_int_equal(grant.expires_in_s, DEVICE_LIFETIME_MAX_S);
    device_grant_erase(&grant);
    assert_int_equal(read_into(200, CODES URI ",\"expires_in\":\"3\"}", &grant), REASON_OK);
    assert_int_equal(grant.expires_at_ms, NOW_MS + 3000);
    device_grant_erase(&grant);
}

static void missing_fields_and_wrong_types_are_refused(void **state)
{
    (void)state;
    assert_int_equal(read_answer("{}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(CODES LIFE "}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer("{\"device_code\":\"\",\"user_code\":\"A\"" URI LIFE "}"),
                     REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer("{\"device_code\":7,\"user_code\":\"A\"" URI LIFE "}"),
                     REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer("{\"device_code\":\"d\",\"user_code\":\"\"" URI LIFE "}"),
                     REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer("{\"device_code\":\"d\",\"user_code\":12345678" URI LIFE "}"),
                     REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(CODES ",\"verification_uri\":{}" LIFE "}"), REASON_DEVICE_ANSWER_INVALID);
    assert_int_equal(read_answer(GOOD ",\"verification_uri_complete\":1}"), REASON_DEVICE_ANSWER_INVALID);
}

static void a_device_code_has_a_longest(void **state)
{
    char code[DEVICE_CODE_MAX + 2], text[DEVICE_CODE_MAX + 256];
    struct http_answer answer = {.status = 200, .body = text};
    struct device_grant grant = {0};

    (void)state;
    memset(code, 'd', sizeof code);
    code[DEVICE_CODE_MAX + 1] = '\0';
    for (int is_longer = 1; is_longer >= 0; is_longer--) {
        answer.length = (size_t)snprintf(
            text, sizeof text, "{\"device_code\":\"%s\",\"user_code\":\"A\"" URI LIFE "}", code + !is_longer);
        assert_int_equal(device_answer_read(&answer, NOW_MS, &grant),
                         is_longer ? REASON_DEVICE_ANSWER_INVALID : REASON_OK);
    }
    device_grant_erase(&grant);
}

static void the_alias_verification_url_is_taken(void **state)
{
    struct device_grant grant;

    (void)state;
    assert_int_equal(
        read_into(200, CODES LIFE ",\"verification_url\":\"https://www.google.com/device\"}", &grant),
        REASON_OK);
    assert_string_equal(grant.verification_uri, "https://www.google.com/device");
    assert_string_equal(grant.verification_uri_complete, "");
    device_grant_erase(&grant);
}

static void an_empty_complete_uri_is_none(void **state)
{
    (void)state;
    assert_int_equal(read_answer(GOOD ",\"verification_uri_complete\":\"\"}"), REASON_OK);
}

static void what_a_person_would_see_passes_the_allow_list(void **state)
{
    static const char *const codes[] = {"A\\u001b[2JB",
                                        "A\\nB",
                                        "A\\u202eB",
                                        "A\302\233B",
                                        " AB",
                                        "AB ",
                                        "123456789012345678901234567890123"};
    static const char *const uris[] = {"javascript:alert(1)",
                                       "http://id.example.org/",
                                       "https://a@b.example/",
                                       "https://id.example.org/\\u001b",
                                       "https://\u0430.example/",
                                       "wifi:S:x;;",
                                       ""};
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        (void)snprintf(text, sizeof text, "{\"device_code\":\"d\",\"user_code\":\"%s\"" URI LIFE "}",
                       codes[i]);
        assert_int_equal(read_answer(text), REASON_UNSAFE_TEXT);
    }
    for (size_t i = 0; i < sizeof uris / sizeof uris[0]; i++) {
        (void)snprintf(text, sizeof text, CODES LIFE ",\"verification_uri\":\"%s\"}", uris[i]);
        assert_int_equal(read_answer(text), REASON_UNSAFE_TEXT);
        (void)snprintf(text, sizeof text, GOOD ",\"verification_uri_complete\":\"%s\"}", uris[i]);
        assert_int_equal(read_answer(text), uris[i][0] ? REASON_UNSAFE_TEXT : REASON_OK);
    }
}

static void the_member_at_fault_is_named_for_the_log(void **state)
{
    static const struct {
        const char *text, *member;
    } cases[] = {
        {"{\"user_code\":\"A\"" URI LIFE "}", "device_code"},
        {"{\"device_code\":\"d\",\"user_code\":\"\\u001b[2J\"" URI LIFE "}", "user_code"},
        {CODES LIFE ",\"verification_uri\":\"http://id.example.org/\"}", "verification_uri"},
        {GOOD ",\"verification_uri_complete\":\"javascript:alert(1)\"}", "verification_uri_complete"},
        {CODES URI "}", "expires_in"},
        {GOOD ",\"interval\":[]}", "interval"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct device_grant grant;

        assert_int_not_equal(read_into(200, cases[i].text, &grant), REASON_OK);
        assert_string_equal(grant.error, cases[i].member);
        device_grant_erase(&grant);
    }
}

static void refusals_are_told_apart(void **state)
{
    struct device_grant grant;

    (void)state;
    assert_int_equal(read_with_status(429, "{\"error\":\"slow_down\"}"), REASON_IDP_BUSY);
    assert_int_equal(read_with_status(429, "<html>"), REASON_IDP_BUSY);
    assert_int_equal(read_with_status(400, "{\"error\":\"slow_down\"}"), REASON_IDP_BUSY);
    assert_int_equal(read_with_status(401, "{\"error\":\"invalid_client\"}"), REASON_CLIENT_REFUSED);
    assert_int_equal(read_with_status(200, "{\"error\":\"device_flow_disabled\"}"), REASON_CLIENT_REFUSED);
    assert_int_equal(read_with_status(401, ""), REASON_CLIENT_REFUSED);
    assert_int_equal(read_with_status(401, "<html>"), REASON_CLIENT_REFUSED);
    assert_int_equal(read_with_status(500, "{\"error\":\"server_error\"}"), REASON_IDP_STATUS);
    assert_int_equal(read_with_status(502, "<html>"), REASON_IDP_STATUS);
    assert_int_equal(read_with_status(404, ""), REASON_IDP_STATUS);
    assert_int_equal(read_with_status(200, "device_code=d&user_code=A"), REASON_IDP_BAD_JSON);
    assert_int_equal(read_with_status(201, GOOD "}"), REASON_IDP_STATUS);
    assert_int_equal(read_into(400, "{\"error\":\"invalid_scope\"}", &grant), REASON_CLIENT_REFUSED);
    assert_string_equal(grant.error, "invalid_scope");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_answer_is_taken),
        cmocka_unit_test(intervals_are_mended_or_bounded),
        cmocka_unit_test(lifetimes_must_be_there_and_are_bounded),
        cmocka_unit_test(missing_fields_and_wrong_types_are_refused),
        cmocka_unit_test(a_device_code_has_a_longest),
        cmocka_unit_test(the_alias_verification_url_is_taken),
        cmocka_unit_test(an_empty_complete_uri_is_none),
        cmocka_unit_test(what_a_person_would_see_passes_the_allow_list),
        cmocka_unit_test(the_member_at_fault_is_named_for_the_log),
        cmocka_unit_test(refusals_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
