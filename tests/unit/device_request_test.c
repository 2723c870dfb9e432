/* SPDX-License-Identifier: BSD-2-Clause */
/* What a device request says, and after which answers it is made again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jose/hash.h"
#include "oidc/device_grant.h"
#include "unit/answer_stage.h"
#include "unit/failing_memory.h"

FAILING(bool, false, secret_random_text, (size_t n, char *ret_text, size_t size), (n, ret_text, size))
FAILING(bool, false, http_form_add, (struct http_form * form, const char *name, const char *value),
        (form, name, value))
FAILING(bool, false, hash_sha256_text, (const char *text, char *ret_text, size_t size),
        (text, ret_text, size))

#define GOOD                                                                                                 \
    "{\"device_code\":\"d\",\"user_code\":\"WDJB-MJHT\",\"expires_in\":600,"                                 \
    "\"verification_uri\":\"https://id.example.org/activate\"}"
#define NO_PKCE        "{\"error\":\"invalid_request\",\"error_description\":\"unknown: code_challenge\"}"
#define INVALID_CLIENT "{\"error\":\"invalid_client\"}"

static char endpoint[] = "https://id.example.org/device";
static char openid[] = "openid", email[] = "email", *scopes[] = {openid, email, NULL};
static char spelled[] = "s3+cret";
static const struct secret secret = {.bytes = spelled, .length = sizeof spelled - 1};
static struct device_client client;
static struct discovery discovery;
static struct device_grant grant;

static int stage(void **state)
{
    (void)state;
    client = (struct device_client){
        .client_id = "desk", .secret = &secret, .method = CLIENT_AUTH_NONE, .scopes = scopes};
    discovery = (struct discovery){.device_authorization_endpoint = endpoint};
    answer_with(200, GOOD);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    device_grant_erase(&grant);
    return 0;
}

static enum reason start(void)
{
    device_grant_erase(&grant);
    return device_grant_start(NULL, &client, &discovery, &grant);
}

static bool says(size_t request, const char *words)
{
    return strstr(answer_stage.asked[request].form, words) != NULL;
}

static void client_scopes_and_nonce_are_said(void **state)
{
    char wanted[256];

    (void)state;
    client.pkce = PKCE_OFF;
    assert_int_equal(start(), REASON_OK);
    assert_int_equal(answer_stage.requests, 1);
    assert_string_equal(answer_stage.asked[0].url, endpoint);
    (void)snprintf(wanted, sizeof wanted, "client_id=desk&scope=openid+email&nonce=%s", grant.nonce);
    assert_string_equal(answer_stage.asked[0].form, wanted);
    assert_string_equal(grant.user_code, "WDJB-MJHT");
}

static void extra_params_go_into_the_form_and_some_into_the_query(void **state)
{
    char audience[] = "audience", desks[] = "desks", market[] = "mkt", german[] = "de-DE";
    const struct name_value extra[] = {{audience, desks}, {market, german}, {NULL, NULL}};
    char with_query[] = "https://id.example.org/device?p=1";

    (void)state;
    client.extra_params = extra;
    assert_int_equal(start(), REASON_OK);
    assert_string_equal(answer_stage.asked[0].url, "https://id.example.org/device?mkt=de-DE");
    assert_true(says(0, "&audience=desks"));
    assert_false(says(0, "mkt"));
    discovery.device_authorization_endpoint = with_query;
    assert_int_equal(start(), REASON_OK);
    assert_string_equal(answer_stage.asked[1].url, "https://id.example.org/device?p=1&mkt=de-DE");
}

static void pkce_is_used_where_it_is_configured_or_listed(void **state)
{
    static const struct {
        enum pkce pkce;
        bool listed, used;
    } cases[] = {{PKCE_S256, false, true},
                 {PKCE_S256, true, true},
                 {PKCE_AUTO, false, false},
                 {PKCE_AUTO, true, true},
                 {PKCE_OFF, true, false}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char challenge[HASH_SHA256_TEXT_SIZE], wanted[128];

        answer_with(200, GOOD);
        client.pkce = cases[i].pkce;
        discovery.pkce_s256 = cases[i].listed;
        assert_int_equal(start(), REASON_OK);
        assert_int_equal(grant.code_verifier[0] != '\0', cases[i].used);
        assert_true(hash_sha256_text(grant.code_verifier, challenge, sizeof challenge));
        (void)snprintf(wanted, sizeof wanted, "&code_challenge=%s&code_challenge_method=S256", challenge);
        assert_int_equal(says(0, wanted), cases[i].used);
        assert_int_equal(says(0, "code_challenge"), cases[i].used);
    }
}

static void a_server_that_names_pkce_is_asked_once_without(void **state)
{
    static const struct answer_turn turns[] = {{REASON_OK, 400, NO_PKCE}, {REASON_OK, 200, GOOD}},
                                    never[] = {{REASON_OK, 400, NO_PKCE}, {REASON_OK, 400, NO_PKCE}};

    (void)state;
    client.pkce = PKCE_AUTO;
    discovery.pkce_s256 = true;
    answer_in_turn(turns);
    assert_int_equal(start(), REASON_OK);
    assert_int_equal(answer_stage.requests, 2);
    assert_true(says(0, "code_challenge"));
    assert_false(says(1, "code_challenge"));
    assert_string_equal(grant.code_verifier, "");
    answer_in_turn(never);
    assert_int_equal(start(), REASON_CLIENT_REFUSED);
    assert_int_equal(answer_stage.requests, 2);
}

static void pkce_is_given_up_for_nothing_else(void **state)
{
    static const struct {
        enum pkce pkce;
        bool listed;
        const char *answer;
    } cases[] = {
        {PKCE_S256, true, NO_PKCE},
        {PKCE_OFF, true, NO_PKCE},
        {PKCE_AUTO, false, NO_PKCE},
        {PKCE_AUTO, true, "{\"error\":\"invalid_scope\",\"error_description\":\"code_challenge\"}"},
        {PKCE_AUTO, true, "{\"error\":\"invalid_request\",\"error_description\":\"scope\"}"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        client.pkce = cases[i].pkce;
        discovery.pkce_s256 = cases[i].listed;
        answer_with(400, cases[i].answer);
        assert_int_equal(start(), REASON_CLIENT_REFUSED);
        assert_int_equal(answer_stage.requests, 1);
    }
}

static void a_refused_client_is_spelled_otherwise_once(void **state)
{
    static const struct answer_turn taken[] = {{REASON_OK, 401, INVALID_CLIENT}, {REASON_OK, 200, GOOD}},
                                    refused[] = {{REASON_OK, 401, ""}, {REASON_OK, 401, INVALID_CLIENT}};

    (void)state;
    client.method = CLIENT_AUTH_BASIC;
    answer_in_turn(taken);
    assert_int_equal(start(), REASON_OK);
    assert_int_equal(answer_stage.requests, 2);
    assert_string_equal(answer_stage.asked[0].password, "s3%2Bcret");
    assert_string_equal(answer_stage.asked[1].password, "s3+cret");
    assert_int_equal(client.trial, TRIAL_WON);
    client.trial = TRIAL_NONE;
    answer_in_turn(refused);
    assert_int_equal(start(), REASON_CLIENT_REFUSED);
    assert_int_equal(answer_stage.requests, 2);
    assert_int_equal(client.trial, TRIAL_LOST);
}

static void a_server_in_trouble_has_not_taken_the_other_spelling(void **state)
{
    static const struct answer_turn turns[][2] = {
        {{REASON_OK, 401, INVALID_CLIENT}, {REASON_IDP_TIMEOUT, 0, ""}},
        {{REASON_OK, 401, INVALID_CLIENT}, {REASON_OK, 429, ""}},
        {{REASON_OK, 401, INVALID_CLIENT}, {REASON_OK, 500, ""}},
    };
    static const enum reason reasons[] = {REASON_IDP_TIMEOUT, REASON_IDP_BUSY, REASON_IDP_STATUS};

    (void)state;
    client.method = CLIENT_AUTH_BASIC;
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        client.trial = TRIAL_NONE;
        answer_in_turn(turns[i]);
        assert_int_equal(start(), reasons[i]);
        assert_int_equal(answer_stage.requests, 2);
        assert_int_equal(client.trial, TRIAL_RUNS);
    }
}

static void a_page_that_is_not_pinned_is_refused(void **state)
{
    char host[] = "id.example.org", other[] = "other.example";
    char *hosts[] = {host, NULL};
    const struct connection connection = {.issuer = endpoint, .verification_hosts = hosts};

    (void)state;
    client.connection = &connection;
    assert_int_equal(start(), REASON_OK);
    hosts[0] = other;
    assert_int_equal(start(), REASON_VERIFICATION_HOST);
    assert_string_equal(grant.error, "id.example.org");
}

static void start_once(void)
{
    static char audience[] = "audience", desks[] = "desks", market[] = "mkt", german[] = "de-DE";
    static const struct name_value extra[] = {{audience, desks}, {market, german}, {NULL, NULL}};
    enum reason reason;

    client.pkce = PKCE_S256;
    client.extra_params = extra;
    answer_with(200, GOOD);
    reason = start();
    assert_int_equal(reason == REASON_OK, !memory.came);
    if (answer_stage.requests > 0) {
        assert_int_equal(strlen(grant.nonce), 43);
        assert_true(says(0, "scope=openid+email&nonce="));
        assert_true(says(0, "&code_challenge=") && says(0, "&code_challenge_method=S256&audience=desks"));
        assert_string_equal(answer_stage.asked[0].url, "https://id.example.org/device?mkt=de-DE");
    }
    if (!memory.came)
        assert_string_equal(grant.device_code.bytes, "d");
}

static void what_cannot_be_said_whole_is_not_asked(void **state)
{
    (void)state;
    fail_each(start_once);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, stage, clear)
    const struct CMUnitTest tests[] = {
        TEST(client_scopes_and_nonce_are_said),
        TEST(extra_params_go_into_the_form_and_some_into_the_query),
        TEST(pkce_is_used_where_it_is_configured_or_listed),
        TEST(a_server_that_names_pkce_is_asked_once_without),
        TEST(pkce_is_given_up_for_nothing_else),
        TEST(a_refused_client_is_spelled_otherwise_once),
        TEST(a_server_in_trouble_has_not_taken_the_other_spelling),
        TEST(a_page_that_is_not_pinned_is_refused),
        TEST(what_cannot_be_said_whole_is_not_asked),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
