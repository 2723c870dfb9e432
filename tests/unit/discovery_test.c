/* SPDX-License-Identifier: BSD-2-Clause */
/* What a provider may say of itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/discovery.h"

#define ISSUER "https://id.example.org/realms/desk"
#define HEAD                                                                                                 \
    "{\"issuer\":\"" ISSUER "\",\"token_endpoint\":\"https://id.example.org/token\","                        \
    "\"jwks_uri\":\"https://id.example.org/keys\""
#define DEVICE ",\"device_authorization_endpoint\":\"https://id.example.org/device\""

static char issuer_typed[256] = ISSUER;
static const struct connection desk = {.issuer = issuer_typed};

static enum reason parse_at(const char *text, const struct connection *connection, const char **ret_field)
{
    AUTO_DISCOVERY struct discovery discovery = {0};

    return discovery_parse(text, strlen(text), connection, &discovery, ret_field);
}

static enum reason parse_as(const char *text, const char *issuer, const char **ret_field)
{
    char typed[256];
    const struct connection connection = {.issuer = typed};

    (void)snprintf(typed, sizeof typed, "%s", issuer);
    return parse_at(text, &connection, ret_field);
}

static enum reason parse(const char *text)
{
    return parse_as(text, ISSUER, NULL);
}

static void a_whole_document_is_taken(void **state)
{
    static const char text[] =
        HEAD DEVICE ",\"userinfo_endpoint\":\"https://id.example.org/me\",\"revocation_endpoint\":null,"
                    "\"code_challenge_methods_supported\":[\"plain\",\"S256\"]}";
    AUTO_DISCOVERY struct discovery discovery = {0};

    (void)state;
    assert_int_equal(discovery_parse(text, strlen(text), &desk, &discovery, NULL), REASON_OK);
    assert_string_equal(discovery.issuer, ISSUER);
    assert_string_equal(discovery.device_authorization_endpoint, "https://id.example.org/device");
    assert_string_equal(discovery.token_endpoint, "https://id.example.org/token");
    assert_string_equal(discovery.jwks_uri, "https://id.example.org/keys");
    assert_string_equal(discovery.userinfo_endpoint, "https://id.example.org/me");
    assert_null(discovery.revocation_endpoint);
    assert_null(discovery.signing_algs);
    assert_null(discovery.client_auth_methods);
    assert_true(discovery.pkce_s256);
}

static void a_typed_url_stands_for_the_issuer_with_and_without_its_last_slash(void **state)
{
    static const char *const issuers[] = {ISSUER, ISSUER "/", ISSUER "//", ISSUER "/x", ISSUER "1", ""};
    static const enum reason wanted[] = {REASON_OK,
                                         REASON_OK,
                                         REASON_ISSUER_MISMATCH,
                                         REASON_ISSUER_MISMATCH,
                                         REASON_ISSUER_MISMATCH,
                                         REASON_ISSUER_MISMATCH};
    const struct connection by_url = {.issuer = issuer_typed, .issuer_by_url = true};

    (void)state;
    for (size_t i = 0; i < sizeof issuers / sizeof issuers[0]; i++) {
        char text[1024];

        (void)snprintf(text, sizeof text,
                       "{\"issuer\":\"%s\",\"token_endpoint\":\"https://id.example.org/t\","
                       "\"jwks_uri\":\"https://id.example.org/k\"" DEVICE "}",
                       issuers[i]);
        assert_int_equal(parse_at(text, &by_url, NULL), wanted[i]);
    }
}

static void the_issuer_is_compared_octet_for_octet(void **state)
{
    static const char *const others[] = {ISSUER "/",
                                         ISSUER "1",
                                         "https://id.example.org/realms/des",
                                         "https://ID.example.org/realms/desk",
                                         "http://id.example.org/realms/desk",
                                         "https://id.example.org:443/realms/desk",
                                         "https://id.example.org/realms/d%65sk",
                                         ""};

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(parse_as(HEAD DEVICE "}", others[i], NULL), REASON_ISSUER_MISMATCH);
    assert_int_equal(parse_as(HEAD DEVICE "}", ISSUER, NULL), REASON_OK);
}

static void an_issuer_that_stands_for_many_is_not_exact(void **state)
{
    static const char text[] =
        "{\"issuer\":\"https://id.example.org/{tenantid}\",\"token_endpoint\":\"https://a.b/t\","
        "\"jwks_uri\":\"https://a.b/k\"" DEVICE "}";
    char many[] = "https://id.example.org/common", tenant[] = "t1";
    char *tenants[] = {tenant, NULL};
    const struct connection connection = {.issuer = many, .allowed_tenants = tenants};
    AUTO_DISCOVERY struct discovery discovery = {0};

    (void)state;
    assert_int_equal(discovery_parse(text, strlen(text), &connection, &discovery, NULL), REASON_OK);
    assert_false(discovery.issuer_is_exact);
}

static void the_issuer_counts_before_anything_else(void **state)
{
    const char *field = NULL;

    (void)state;
    assert_int_equal(parse_at("{\"issuer\":\"https://evil.example\"}", &desk, &field),
                     REASON_ISSUER_MISMATCH);
    assert_string_equal(field, "issuer");
}

static void what_is_missing_is_named(void **state)
{
    const char *field = NULL;

    (void)state;
    assert_int_equal(parse_at(HEAD "}", &desk, &field), REASON_NO_DEVICE_ENDPOINT);
    assert_string_equal(field, "device_authorization_endpoint");
    assert_int_equal(parse_at("{\"issuer\":\"" ISSUER "\"" DEVICE "}", &desk, &field),
                     REASON_DISCOVERY_INVALID);
    assert_string_equal(field, "token_endpoint");
    assert_int_equal(parse_at("{}", &desk, &field), REASON_DISCOVERY_INVALID);
    assert_string_equal(field, "issuer");
}

static void every_endpoint_must_be_https(void **state)
{
    static const char *const names[] = {"device_authorization_endpoint", "userinfo_endpoint",
                                        "revocation_endpoint"};
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *field = NULL;

        (void)snprintf(text, sizeof text, HEAD "%s,\"%s\":\"http://id.example.org/x\"}", i > 0 ? DEVICE : "",
                       names[i]);
        assert_int_equal(parse_at(text, &desk, &field), REASON_ENDPOINT_NOT_HTTPS);
        assert_string_equal(field, names[i]);
    }
}

static void an_empty_endpoint_is_none(void **state)
{
    const char *field = NULL;

    (void)state;
    assert_int_equal(parse(HEAD DEVICE ",\"userinfo_endpoint\":\"\",\"revocation_endpoint\":\"\"}"),
                     REASON_OK);
    assert_int_equal(parse_at(HEAD ",\"device_authorization_endpoint\":\"\"}", &desk, &field),
                     REASON_NO_DEVICE_ENDPOINT);
    assert_int_equal(parse_at("{\"issuer\":\"" ISSUER "\",\"token_endpoint\":\"\"}", &desk, &field),
                     REASON_DISCOVERY_INVALID);
    assert_string_equal(field, "token_endpoint");
}

static void unsafe_or_odd_endpoints_are_refused(void **state)
{
    static const char *const values[] = {"\"https://good@evil.example/\"",
                                         "\"https://\"",
                                         "\"https://a/\\u0007\"",
                                         "\"https://\u0430.example/\"",
                                         "7",
                                         "{}",
                                         "[]",
                                         "true"};
    char text[1024];

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        (void)snprintf(text, sizeof text, HEAD DEVICE ",\"userinfo_endpoint\":%s}", values[i]);
        assert_int_equal(parse(text), REASON_DISCOVERY_INVALID);
    }
}

static void no_json_and_too_much_are_refused(void **state)
{
    char *large = malloc(DISCOVERY_MAX + 1);

    (void)state;
    assert_non_null(large);
    assert_int_equal(parse("<html>"), REASON_IDP_BAD_JSON);
    assert_int_equal(parse("[]"), REASON_IDP_BAD_JSON);
    assert_int_equal(parse(""), REASON_IDP_BAD_JSON);
    assert_int_equal(parse(HEAD DEVICE ",\"issuer\":\"" ISSUER "\"}"), REASON_IDP_BAD_JSON);
    memset(large, ' ', DISCOVERY_MAX + 1);
    memcpy(large, HEAD DEVICE "}", strlen(HEAD DEVICE "}"));
    assert_int_equal(discovery_parse(large, DISCOVERY_MAX + 1, &desk, &(struct discovery){0}, NULL),
                     REASON_IDP_TOO_LARGE);
    free(large);
}

static void the_url_has_one_slash_between(void **state)
{
    AUTO_FREE char *without = discovery_url("https://id.example.org");
    AUTO_FREE char *with = discovery_url("https://id.example.org/a/");

    (void)state;
    assert_string_equal(without, "https://id.example.org/.well-known/openid-configuration");
    assert_string_equal(with, "https://id.example.org/a/.well-known/openid-configuration");
}

static void lifetimes_have_a_default_and_a_maximum(void **state)
{
    (void)state;
    assert_int_equal(discovery_lifetime(&(struct http_answer){.lifetime_s = -1}), DISCOVERY_DEFAULT_LIFE_S);
    assert_int_equal(discovery_lifetime(&(struct http_answer){.lifetime_s = 0}), 0);
    assert_int_equal(discovery_lifetime(&(struct http_answer){.lifetime_s = 60}), 60);
    assert_int_equal(discovery_lifetime(&(struct http_answer){.lifetime_s = 31536000}), DISCOVERY_MAX_LIFE_S);
}

#define ELSEWHERE "https://login.example.org/x"

static void what_is_typed_stands_in_place_of_the_document(void **state)
{
    static const char text[] =
        "{\"issuer\":\"" ISSUER "\",\"token_endpoint\":7,"
        "\"jwks_uri\":\"https://id.example.org/keys\",\"userinfo_endpoint\":\"http://x/\"}";
    char typed[] = ELSEWHERE;
    const struct connection connection = {.issuer = issuer_typed,
                                          .device_authorization_endpoint = typed,
                                          .token_endpoint = typed,
                                          .userinfo_endpoint = typed};
    AUTO_DISCOVERY struct discovery discovery = {0};

    (void)state;
    assert_int_equal(discovery_parse(text, strlen(text), &connection, &discovery, NULL), REASON_OK);
    assert_string_equal(discovery.device_authorization_endpoint, ELSEWHERE);
    assert_string_equal(discovery.token_endpoint, ELSEWHERE);
    assert_string_equal(discovery.userinfo_endpoint, ELSEWHERE);
    assert_string_equal(discovery.jwks_uri, "https://id.example.org/keys");
    assert_true(discovery.issuer_is_exact);
}

static void without_a_document_the_connection_says_everything(void **state)
{
    char typed[] = ELSEWHERE, insecure[] = "http://login.example.org/x", rs256[] = "RS256";
    char *const configured[] = {rs256, NULL};
    struct connection connection = {.issuer = issuer_typed,
                                    .device_authorization_endpoint = typed,
                                    .token_endpoint = typed,
                                    .jwks_uri = typed};
    AUTO_DISCOVERY struct discovery discovery = {0};
    AUTO_FREE char **algs = NULL;
    const char *field = NULL;

    (void)state;
    assert_int_equal(discovery_from_connection(&connection, &discovery, NULL), REASON_OK);
    assert_string_equal(discovery.issuer, ISSUER);
    assert_string_equal(discovery.jwks_uri, ELSEWHERE);
    assert_null(discovery.userinfo_endpoint);
    assert_null(discovery.revocation_endpoint);
    assert_false(discovery.pkce_s256);
    assert_false(discovery.issuer_is_exact);
    algs = discovery_signing_algs(&discovery, configured);
    assert_string_equal(algs[0], "RS256");

    connection.jwks_uri = NULL;
    assert_int_equal(discovery_from_connection(&connection, &discovery, &field), REASON_DISCOVERY_INVALID);
    assert_string_equal(field, "jwks_uri");
    connection.jwks_uri = insecure;
    assert_int_equal(discovery_from_connection(&connection, &discovery, &field), REASON_ENDPOINT_NOT_HTTPS);
    connection.issuer = NULL;
    assert_int_equal(discovery_from_connection(&connection, &discovery, &field), REASON_DISCOVERY_INVALID);
    assert_string_equal(field, "issuer");
}

static const char *log_out_of(const char *member, char *typed)
{
    static char kept[64];
    const struct connection connection = {.issuer = issuer_typed, .end_session_endpoint = typed};
    AUTO_DISCOVERY struct discovery discovery = {0};
    char text[512];

    (void)snprintf(text, sizeof text, HEAD DEVICE "%s}", member);
    assert_int_equal(discovery_parse(text, strlen(text), &connection, &discovery, NULL), REASON_OK);
    if (!discovery.end_session_endpoint)
        return NULL;
    (void)snprintf(kept, sizeof kept, "%s", discovery.end_session_endpoint);
    return kept;
}

static void a_log_out_url_that_is_no_good_is_none(void **state)
{
    char typed[] = "https://acme.com/bye";

    (void)state;
    assert_string_equal(log_out_of(",\"end_session_endpoint\":\"https://id.example.org/out\"", NULL),
                        "https://id.example.org/out");
    assert_string_equal(log_out_of(",\"end_session_endpoint\":\"https://id.example.org/out\"", typed), typed);
    assert_null(log_out_of(",\"end_session_endpoint\":\"http://id.example.org/out\"", NULL));
    assert_null(log_out_of(",\"end_session_endpoint\":[]", NULL));
    assert_null(log_out_of("", NULL));
}

static void the_url_of_rfc_8414_is_between_host_and_path(void **state)
{
    static const char *const pairs[][2] = {
        {"https://id.example.org", "https://id.example.org/.well-known/oauth-authorization-server"},
        {"https://id.example.org/", "https://id.example.org/.well-known/oauth-authorization-server"},
        {"https://id.example.org:8443/a/b",
         "https://id.example.org:8443/.well-known/oauth-authorization-server/a/b"},
        {"https://id.example.org/a/", "https://id.example.org/.well-known/oauth-authorization-server/a"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        AUTO_FREE char *url = discovery_oauth_url(pairs[i][0]);

        assert_string_equal(url, pairs[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_document_is_taken),
        cmocka_unit_test(a_typed_url_stands_for_the_issuer_with_and_without_its_last_slash),
        cmocka_unit_test(the_issuer_is_compared_octet_for_octet),
        cmocka_unit_test(an_issuer_that_stands_for_many_is_not_exact),
        cmocka_unit_test(the_issuer_counts_before_anything_else),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(every_endpoint_must_be_https),
        cmocka_unit_test(an_empty_endpoint_is_none),
        cmocka_unit_test(unsafe_or_odd_endpoints_are_refused),
        cmocka_unit_test(no_json_and_too_much_are_refused),
        cmocka_unit_test(the_url_has_one_slash_between),
        cmocka_unit_test(lifetimes_have_a_default_and_a_maximum),
        cmocka_unit_test(what_is_typed_stands_in_place_of_the_document),
        cmocka_unit_test(without_a_document_the_connection_says_everything),
        cmocka_unit_test(a_log_out_url_that_is_no_good_is_none),
        cmocka_unit_test(the_url_of_rfc_8414_is_between_host_and_path),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
