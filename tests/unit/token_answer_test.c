/* SPDX-License-Identifier: BSD-2-Clause */
/* The token endpoint in its many dialects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/token_answer.h"
#include "unit/failing_memory.h"

#define TOKENS "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"id_token\":\"i\""

static struct token_answer read_answer(long status, const char *text)
{
    char body[2048];
    const struct http_answer answer = {.status = status, .body = body, .length = strlen(text)};
    struct token_answer result;

    (void)snprintf(body, sizeof body, "%s", text);
    token_answer_read(&answer, &result);
    return result;
}

/* What it ended with; REASON_NONE when it goes on. */
static enum reason ends_with(long status, const char *text)
{
    struct token_answer answer = read_answer(status, text);

    device_tokens_erase(&answer.tokens);
    return answer.outcome == TOKEN_ENDED ? answer.reason : REASON_NONE;
}

static void pending_goes_on_whatever_the_status(void **state)
{
    static const long statuses[] = {200, 400, 401, 403, 428, 429, 500, 503};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        assert_int_equal(read_answer(statuses[i], "{\"error\":\"authorization_pending\"}").outcome,
                         TOKEN_PENDING);
        assert_int_equal(read_answer(statuses[i], "{\"error\":\"slow_down\"}").outcome, TOKEN_SLOW_DOWN);
    }
}

static void slow_down_may_name_an_interval(void **state)
{
    (void)state;
    assert_int_equal(read_answer(400, "{\"error\":\"slow_down\"}").interval_s, 0);
    assert_int_equal(read_answer(200, "{\"error\":\"slow_down\",\"interval\":10}").interval_s, 10);
    assert_int_equal(read_answer(200, "{\"error\":\"slow_down\",\"interval\":\"10\"}").interval_s, 10);
    assert_int_equal(read_answer(200, "{\"error\":\"slow_down\",\"interval\":{}}").interval_s, 0);
}

static void trouble_of_the_server_goes_on(void **state)
{
    static const long statuses[] = {429, 500, 502, 503, 504};

    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        assert_int_equal(read_answer(statuses[i], "<html>").outcome, TOKEN_TROUBLE);
        assert_int_equal(read_answer(statuses[i], "").outcome, TOKEN_TROUBLE);
        assert_int_equal(read_answer(statuses[i], "{\"error\":\"server_error\"}").outcome, TOKEN_TROUBLE);
        assert_int_equal(read_answer(statuses[i], TOKENS "}").outcome, TOKEN_TROUBLE);
    }
}

static void refusals_of_all_servers_are_known(void **state)
{
    (void)state;
    assert_int_equal(ends_with(403, "{\"error\":\"access_denied\"}"), REASON_ACCESS_DENIED);
    assert_int_equal(ends_with(500, "{\"error\":\"access_denied\"}"), REASON_ACCESS_DENIED);
    assert_int_equal(ends_with(400, "{\"error\":\"authorization_declined\"}"), REASON_ACCESS_DENIED);
    assert_int_equal(ends_with(400, "{\"error\":\"expired_token\"}"), REASON_CODE_EXPIRED);
    assert_int_equal(ends_with(200, "{\"error\":\"token_expired\"}"), REASON_CODE_EXPIRED);
    assert_int_equal(ends_with(400, "{\"error\":\"bad_verification_code\"}"), REASON_CODE_EXPIRED);
    assert_int_equal(ends_with(401, "{\"error\":\"invalid_client\"}"), REASON_CLIENT_REFUSED);
    assert_int_equal(ends_with(401, ""), REASON_CLIENT_REFUSED);
}

static void an_unknown_error_ends_it(void **state)
{
    (void)state;
    assert_int_equal(ends_with(400, "{\"error\":\"invalid_grant\"}"), REASON_TOKEN_ERROR);
    assert_int_equal(ends_with(200, "{\"error\":\"AUTHORIZATION_PENDING\"}"), REASON_TOKEN_ERROR);
    assert_int_equal(ends_with(400, "{\"error\":\"authorization_pending \"}"), REASON_TOKEN_ERROR);
    assert_int_equal(ends_with(400, "{\"error\":{}}"), REASON_TOKEN_ERROR);
    assert_int_equal(ends_with(200, "{\"error\":\"x\",\"access_token\":\"a\",\"token_type\":\"Bearer\"}"),
                     REASON_TOKEN_ERROR);
    assert_string_equal(read_answer(400, "{\"error\":\"org_internal\"}").error, "org_internal");
}

static void answers_that_are_none_end_it(void **state)
{
    (void)state;
    assert_int_equal(ends_with(200, "<html>Welcome to our Wi-Fi</html>"), REASON_IDP_BAD_JSON);
    assert_int_equal(ends_with(200, "[" TOKENS "}]"), REASON_IDP_BAD_JSON);
    assert_int_equal(ends_with(403, "<html>"), REASON_IDP_STATUS);
    assert_int_equal(ends_with(400, "{}"), REASON_IDP_STATUS);
    assert_int_equal(ends_with(201, TOKENS "}"), REASON_IDP_STATUS);
}

static void tokens_are_taken(void **state)
{
    struct token_answer answer = read_answer(200, TOKENS ",\"refresh_token\":\"r\",\"scope\":\"openid\"}");

    (void)state;
    assert_int_equal(answer.outcome, TOKEN_ENDED);
    assert_int_equal(answer.reason, REASON_OK);
    assert_string_equal(answer.tokens.access_token.bytes, "a");
    assert_string_equal(answer.tokens.id_token.bytes, "i");
    assert_string_equal(answer.tokens.refresh_token.bytes, "r");
    device_tokens_erase(&answer.tokens);
    assert_null(answer.tokens.access_token.bytes);
    device_tokens_erase(&answer.tokens);
}

static void a_missing_id_token_is_for_the_caller_to_judge(void **state)
{
    struct token_answer answer = read_answer(200, "{\"access_token\":\"a\",\"token_type\":\"bearer\"}");

    (void)state;
    assert_int_equal(answer.reason, REASON_OK);
    assert_int_equal(answer.tokens.id_token.length, 0);
    device_tokens_erase(&answer.tokens);
}

static void a_token_without_a_byte_is_none(void **state)
{
    struct token_answer answer =
        read_answer(200, "{\"access_token\":\"a\",\"id_token\":\"\",\"refresh_token\":\"\"}");

    (void)state;
    assert_int_equal(answer.reason, REASON_OK);
    assert_int_equal(answer.tokens.id_token.length, 0);
    assert_int_equal(answer.tokens.refresh_token.length, 0);
    assert_null(answer.tokens.id_token.bytes);
    assert_null(answer.tokens.refresh_token.bytes);
    device_tokens_erase(&answer.tokens);
    assert_int_equal(ends_with(200, "{\"access_token\":\"\",\"id_token\":\"i\"}"),
                     REASON_TOKEN_ANSWER_INVALID);
}

static void tokens_that_could_break_a_header_are_refused(void **state)
{
    static const char *const tokens[] = {"a\\r\\nx: y", "a b", "a\\u0007", "a\xc3\xa9", "a\\u007f"};
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        (void)snprintf(text, sizeof text, "{\"access_token\":\"%s\",\"token_type\":\"Bearer\"}", tokens[i]);
        assert_int_equal(ends_with(200, text), REASON_TOKEN_ANSWER_INVALID);
        (void)snprintf(text, sizeof text, "{\"access_token\":\"a\",\"refresh_token\":\"%s\"}", tokens[i]);
        assert_int_equal(ends_with(200, text), REASON_TOKEN_ANSWER_INVALID);
    }
}

static void odd_token_answers_are_refused(void **state)
{
    (void)state;
    assert_int_equal(ends_with(200, "{}"), REASON_TOKEN_ANSWER_INVALID);
    assert_int_equal(ends_with(200, "{\"id_token\":\"i\",\"token_type\":\"Bearer\"}"),
                     REASON_TOKEN_ANSWER_INVALID);
    assert_int_equal(ends_with(200, "{\"access_token\":{},\"token_type\":\"Bearer\"}"),
                     REASON_TOKEN_ANSWER_INVALID);
    assert_int_equal(ends_with(200, "{\"access_token\":\"a\",\"token_type\":\"DPoP\"}"),
                     REASON_TOKEN_ANSWER_INVALID);
    assert_int_equal(ends_with(200, "{\"access_token\":\"a\",\"token_type\":1}"),
                     REASON_TOKEN_ANSWER_INVALID);
    assert_int_equal(ends_with(200, "{\"access_token\":\"a\",\"id_token\":1}"), REASON_TOKEN_ANSWER_INVALID);
}

static void what_was_granted_and_what_was_said_are_kept(void **state)
{
    struct token_answer granted = read_answer(200, TOKENS ",\"scope\":\"openid email\"}");
    const struct token_answer refused =
        read_answer(400, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS7\u00e9\\n\"}");

    (void)state;
    assert_string_equal(granted.scope, "openid email");
    assert_string_equal(granted.description, "");
    assert_string_equal(refused.description, "AADSTS7???");
    device_tokens_erase(&granted.tokens);
}

static void a_scope_that_is_no_text_or_too_long_is_as_if_not_said(void **state)
{
    char scope[TOKEN_SCOPE_MAX + 2], text[TOKEN_SCOPE_MAX + 128];
    struct token_answer numbered = read_answer(200, TOKENS ",\"scope\":7}");

    (void)state;
    assert_string_equal(numbered.scope, "");
    device_tokens_erase(&numbered.tokens);
    memset(scope, 's', sizeof scope);
    scope[TOKEN_SCOPE_MAX + 1] = '\0';
    for (size_t kept = 0; kept < 2; kept++) {
        struct token_answer answer;

        (void)snprintf(text, sizeof text, TOKENS ",\"scope\":\"%s\"}", scope + kept);
        answer = read_answer(200, text);
        assert_int_equal(answer.reason, REASON_OK);
        assert_string_equal(answer.scope, kept ? scope + 1 : "");
        device_tokens_erase(&answer.tokens);
    }
}

static void read_once(void)
{
    struct token_answer answer = read_answer(200, TOKENS ",\"refresh_token\":\"r\"}");

    assert_int_equal(answer.reason == REASON_OK, !memory.came);
    if (answer.reason == REASON_OK) {
        assert_string_equal(answer.tokens.access_token.bytes, "a");
        assert_string_equal(answer.tokens.id_token.bytes, "i");
        assert_string_equal(answer.tokens.refresh_token.bytes, "r");
    } else {
        assert_null(answer.tokens.access_token.bytes);
    }
    device_tokens_erase(&answer.tokens);
}

static void tokens_are_all_taken_or_none(void **state)
{
    (void)state;
    fail_each(read_once);
}

static void assert_lost(const char *granted, const char *lost)
{
    char openid[] = "openid", email[] = "email", groups[] = "groups";
    char *const asked[] = {openid, email, groups, NULL};
    char text[OAUTH_DESCRIPTION_MAX + 1];

    token_scopes_lost(granted, asked, text);
    assert_string_equal(text, lost);
}

static void scopes_that_were_not_granted_are_named(void **state)
{
    (void)state;
    assert_lost("", "");
    assert_lost("groups openid email", "");
    assert_lost("openid", "email groups");
    assert_lost("openid emails group", "email groups");
    assert_lost("  email   groups ", "openid");
}

static void many_lost_scopes_are_cut(void **state)
{
    char word[100];
    char *const asked[] = {word, word, word, word, NULL};
    char text[OAUTH_DESCRIPTION_MAX + 1];

    (void)state;
    memset(word, 'a', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    token_scopes_lost("openid", asked, text);
    assert_int_equal(strlen(text), OAUTH_DESCRIPTION_MAX);
    assert_string_equal(text + strlen(text) - 3, "...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pending_goes_on_whatever_the_status),
        cmocka_unit_test(slow_down_may_name_an_interval),
        cmocka_unit_test(trouble_of_the_server_goes_on),
        cmocka_unit_test(refusals_of_all_servers_are_known),
        cmocka_unit_test(an_unknown_error_ends_it),
        cmocka_unit_test(answers_that_are_none_end_it),
        cmocka_unit_test(tokens_are_taken),
        cmocka_unit_test(a_missing_id_token_is_for_the_caller_to_judge),
        cmocka_unit_test(a_token_without_a_byte_is_none),
        cmocka_unit_test(tokens_that_could_break_a_header_are_refused),
        cmocka_unit_test(what_was_granted_and_what_was_said_are_kept),
        cmocka_unit_test(a_scope_that_is_no_text_or_too_long_is_as_if_not_said),
        cmocka_unit_test(tokens_are_all_taken_or_none),
        cmocka_unit_test(scopes_that_were_not_granted_are_named),
        cmocka_unit_test(many_lost_scopes_are_cut),
        cmocka_unit_test(odd_token_answers_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
