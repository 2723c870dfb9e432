/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a discovery document may send us, and which hosts are root's word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/discovery.h"
#include "oidc/endpoint_hosts.h"

#define ISSUER "https://id.example.org/realms/desk"
#define HEAD                                                                                                 \
    "{\"issuer\":\"" ISSUER                                                                                  \
    "\",\"token_endpoint\":\"https://id.example.org/token\",\"jwks_uri\":\"https://id.example.org/keys\""
#define DEVICE ",\"device_authorization_endpoint\":\"https://id.example.org/device\""

static char issuer_typed[] = ISSUER;

static enum reason parse_at(const char *text, const struct connection *connection, const char **ret_field)
{
    AUTO_DISCOVERY struct discovery discovery = {0};

    return discovery_parse(text, strlen(text), connection, &discovery, ret_field);
}

static void endpoints_are_at_the_issuers_host_or_at_named_ones(void **state)
{
    static char named[] = "api.example.org", address[] = "[2001:db8::1]";
    static char *hosts[] = {named, address, NULL}, *none[] = {NULL};
    static const struct {
        const char *url;
        enum reason reason;
    } rows[] = {
        {"https://id.example.org:8443/d", REASON_OK},
        {"https://ID.example.org/d", REASON_OK},
        {"https://API.example.org/d", REASON_OK},
        {"https://[2001:db8::1]/d", REASON_OK},
        {"https://example.org/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://api.example.org.evil.example/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://xapi.example.org/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://apx.example.org/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://ix.example.org/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://api.example.or/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://id.example.or/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://id.example.org.evil.example/d", REASON_ENDPOINT_NOT_ALLOWED},
        {"https://127.0.0.1/d", REASON_ENDPOINT_NOT_ALLOWED},
    };
    struct connection connection = {.issuer = issuer_typed};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *field = NULL;
        char text[1024];

        (void)snprintf(text, sizeof text, HEAD ",\"device_authorization_endpoint\":\"%s\"}", rows[i].url);
        connection.endpoint_hosts = hosts;
        assert_int_equal(parse_at(text, &connection, &field), rows[i].reason);
        if (rows[i].reason != REASON_OK)
            assert_string_equal(field, "device_authorization_endpoint");
        connection.endpoint_hosts = none;
        assert_int_equal(parse_at(text, &connection, NULL), REASON_OK);
    }
}

static void what_is_no_good_anywhere_is_told_as_that(void **state)
{
    static char named[] = "api.example.org";
    static char *hosts[] = {named, NULL};
    const struct connection connection = {.issuer = issuer_typed, .endpoint_hosts = hosts};

    (void)state;
    assert_int_equal(
        parse_at(HEAD DEVICE ",\"userinfo_endpoint\":\"http://evil.example/\"}", &connection, NULL),
        REASON_ENDPOINT_NOT_HTTPS);
    assert_int_equal(parse_at(HEAD DEVICE ",\"userinfo_endpoint\":7}", &connection, NULL),
                     REASON_DISCOVERY_INVALID);
}

static void an_endpoint_that_is_typed_may_be_anywhere(void **state)
{
    static char named[] = "api.example.org", typed[] = "https://127.0.0.1/d";
    static char *hosts[] = {named, NULL};
    const struct connection connection = {
        .issuer = issuer_typed, .endpoint_hosts = hosts, .device_authorization_endpoint = typed};

    (void)state;
    assert_int_equal(parse_at(HEAD "}", &connection, NULL), REASON_OK);
}

static void a_log_out_page_elsewhere_is_none(void **state)
{
    static char named[] = "api.example.org";
    static char *hosts[] = {named, NULL};
    const struct connection connection = {.issuer = issuer_typed, .endpoint_hosts = hosts};
    AUTO_DISCOVERY struct discovery discovery = {0};
    static const char text[] = HEAD DEVICE ",\"end_session_endpoint\":\"https://evil.example/out\"}";

    (void)state;
    assert_int_equal(discovery_parse(text, strlen(text), &connection, &discovery, NULL), REASON_OK);
    assert_null(discovery.end_session_endpoint);
}

static void the_issuer_what_is_typed_and_what_is_named_are_roots_word(void **state)
{
    static char named[] = "api.example.org", typed[] = "https://keys.example.org:8443/k",
                six[] = "https://[2001:db8::1]:8443/t";
    static char *named_hosts[] = {named, NULL};
    const struct connection connection = {
        .issuer = issuer_typed, .endpoint_hosts = named_hosts, .jwks_uri = typed, .token_endpoint = six};
    char **hosts = endpoint_hosts_known(&connection);

    (void)state;
    assert_non_null(hosts);
    assert_true(list_has(hosts, "id.example.org"));
    assert_true(list_has(hosts, "keys.example.org"));
    assert_true(list_has(hosts, "[2001:db8::1]"));
    assert_true(list_has(hosts, "api.example.org"));
    assert_null(hosts[4]);
    list_free(hosts);
}

static void where_none_is_named_the_issuer_is_known(void **state)
{
    const struct connection connection = {.issuer = issuer_typed};
    char **hosts = endpoint_hosts_known(&connection);

    (void)state;
    assert_non_null(hosts);
    assert_string_equal(hosts[0], "id.example.org");
    assert_null(hosts[1]);
    list_free(hosts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(endpoints_are_at_the_issuers_host_or_at_named_ones),
        cmocka_unit_test(what_is_no_good_anywhere_is_told_as_that),
        cmocka_unit_test(an_endpoint_that_is_typed_may_be_anywhere),
        cmocka_unit_test(a_log_out_page_elsewhere_is_none),
        cmocka_unit_test(the_issuer_what_is_typed_and_what_is_named_are_roots_word),
        cmocka_unit_test(where_none_is_named_the_issuer_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
