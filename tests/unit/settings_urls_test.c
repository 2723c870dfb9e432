/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are addresses. */
#include "settings_stage.h"

static const char *issuer_of(const char *value)
{
    static char kept[SETTING_URL_MAX + 1];
    struct connection connection = {0};
    char *why;

    if (!parse(SECTION_CONNECTION, "issuer", value, &connection, &why))
        fail_msg("%s: %s", value, why);
    (void)snprintf(kept, sizeof kept, "%s", connection.issuer);
    connection_clear(&connection);
    return kept;
}

static void an_issuer_is_kept_octet_for_octet(void **state)
{
    (void)state;
    assert_string_equal(issuer_of("https://idp.example"), "https://idp.example");
    assert_string_equal(issuer_of("https://idp.example/"), "https://idp.example/");
    assert_string_equal(issuer_of("https://IdP.example:8443/Realms/desk/"),
                        "https://IdP.example:8443/Realms/desk/");
    assert_string_equal(issuer_of("https://[::1]:8443"), "https://[::1]:8443");
}

static void a_typed_discovery_url_becomes_its_issuer(void **state)
{
    (void)state;
    assert_string_equal(issuer_of("https://idp.example/.well-known/openid-configuration"),
                        "https://idp.example");
    assert_string_equal(issuer_of("https://idp.example/t/.well-known/openid-configuration"),
                        "https://idp.example/t");
}

static void a_typed_discovery_url_is_remembered_as_one(void **state)
{
    struct connection connection = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_CONNECTION, "issuer", "https://idp.example/.well-known/openid-configuration",
                      &connection, &why));
    assert_true(connection.issuer_by_url);
    assert_true(parse(SECTION_CONNECTION, "issuer", "https://idp.example", &connection, &why));
    assert_false(connection.issuer_by_url);
    connection_clear(&connection);
}

static void an_issuer_that_is_no_plain_https_url_is_refused(void **state)
{
    (void)state;
    assert_connection_refuses("issuer", "http://idp.example", "https://");
    assert_connection_refuses("issuer", "HTTPS://idp.example", "https://");
    assert_connection_refuses("issuer", "idp.example", "https://");
    assert_connection_refuses("issuer", "https://", "no host");
    assert_connection_refuses("issuer", "https://:443/", "no host");
    assert_connection_refuses("issuer", "https:///path", "no host");
    assert_connection_refuses("issuer", "https://idp.example/?tenant=1", "query");
    assert_connection_refuses("issuer", "https://idp.example/#top", "fragment");
    assert_connection_refuses("issuer", "https://me:pw@idp.example/", "user name");
    assert_connection_refuses("issuer", "https://idp.example/a b", "character");
    assert_connection_refuses("issuer",
                              "https://b\xc3\xbc"
                              "ro.example/",
                              "character");
}

static void a_tenant_that_was_left_open_is_refused_with_advice(void **state)
{
    (void)state;
    assert_connection_refuses("issuer", "https://login.microsoftonline.com/{tenantid}/v2.0",
                              "allowed_tenants");
    assert_connection_refuses("issuer", "https://login.microsoftonline.com/{tenant}/v2.0", "allowed_tenants");
}

static void an_issuer_with_an_impossible_port_is_refused(void **state)
{
    (void)state;
    assert_connection_refuses("issuer", "https://idp.example:99999", "port");
    assert_connection_refuses("issuer", "https://idp.example:0/", "port");
}

static void an_endpoint_is_an_https_url_with_or_without_a_query(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "jwks_uri", "https://idp.example/keys?appid=1");
    assert_string_equal(connection.jwks_uri, "https://idp.example/keys?appid=1");
    take(&connection, "log_out_url", "https://idp.example/bye");
    assert_string_equal(connection.end_session_endpoint, "https://idp.example/bye");
    connection_clear(&connection);
    assert_connection_refuses("token_endpoint", "http://idp.example/token", "https://");
    assert_connection_refuses("token_endpoint", "https://", "no host");
    assert_connection_refuses("token_endpoint", "https://me@idp.example/token", "user name");
    assert_connection_refuses("token_endpoint", "https://idp.example/a b", "character");
    assert_connection_refuses("token_endpoint", "https://idp.example/token#x", "fragment");
}

static void a_proxy_is_a_host_and_a_port(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "proxy", "http://proxy.example:3128");
    assert_string_equal(connection.proxy, "http://proxy.example:3128");
    take(&connection, "proxy", "http://[::1]:3128");
    connection_clear(&connection);
    assert_connection_refuses("proxy", "https://proxy.example:3128", "http://");
    assert_connection_refuses("proxy", "socks5://proxy.example:3128", "http://");
    assert_connection_refuses("proxy", "proxy.example:3128", "http://");
    assert_connection_refuses("proxy", "http://proxy.example", "port");
    assert_connection_refuses("proxy", "http://proxy.example:0", "port");
    assert_connection_refuses("proxy", "http://proxy.example:65536", "port");
    assert_connection_refuses("proxy", "http://proxy.example/:80", "HOST:PORT");
    assert_connection_refuses("proxy", "http://:80", "HOST:PORT");
}

static void the_password_of_a_proxy_is_refused_and_not_repeated(void **state)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, "proxy", NULL);
    struct connection connection = {0};
    char *why = NULL;

    (void)state;
    assert_false(setting->parse(setting, "http://me:s3cret@proxy.example:3128", &connection.proxy, &why));
    assert_non_null(strstr(why, "everybody may read"));
    assert_null(strstr(why, "s3cret"));
    free(why);
}

static void a_kiosk_listens_on_loopback_alone(void **state)
{
    struct kiosk_settings kiosk = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_KIOSK, "listen", "127.0.0.1:8080", &kiosk, &why));
    assert_true(parse(SECTION_KIOSK, "listen", "127.12.0.255:1", &kiosk, &why));
    assert_true(parse(SECTION_KIOSK, "listen", "[::1]:65535", &kiosk, &why));
    assert_string_equal(kiosk.listen, "[::1]:65535");
    free(kiosk.listen);
    assert_refused(SECTION_KIOSK, "listen", "0.0.0.0:8080", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "192.0.2.1:8080", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "[::]:8080", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "localhost:8080", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "127.0.0.1", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "127.0.0.256:80", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "127.0.0.1.2:80", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "127.0.0.1:0", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "127.0.0.1 :80", "loopback");
    /* No browser would ask for these, nor does the kernel know the first. */
    assert_refused(SECTION_KIOSK, "listen", "127.0.0.01:8080", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "127.00.0.1:8080", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "127.0.0.1:08080", "loopback");
    assert_refused(SECTION_KIOSK, "listen", "[::1]:08080", "loopback");
}

/* The domain that is kept, and whether it was worth a notice. */
static void assert_okta(const char *value, const char *domain, bool told)
{
    struct connection connection = {0};
    char *why;

    if (!parse(SECTION_CONNECTION, "okta_domain", value, &connection, &why))
        fail_msg("%s: %s", value, why);
    assert_string_equal(connection.okta_domain, domain);
    assert_int_equal(why != NULL, told);
    free(why);
    connection_clear(&connection);
}

static void a_typed_scheme_of_an_okta_domain_is_stripped_and_told(void **state)
{
    (void)state;
    assert_okta("acme.okta.com", "acme.okta.com", false);
    assert_okta("https://acme.okta.com", "acme.okta.com", true);
    assert_okta("https://acme.okta.com/", "acme.okta.com", true);
    assert_okta("acme.okta.com/", "acme.okta.com", true);
    assert_okta("id.acme.com:8443", "id.acme.com:8443", false);
    assert_okta("Acme.Okta.com", "acme.okta.com", false);
}

static void an_okta_domain_is_a_domain(void **state)
{
    (void)state;
    assert_connection_refuses("okta_domain", "http://acme.okta.com", "like acme.okta.com");
    assert_connection_refuses("okta_domain", "acme.okta.com/oauth2/default", "like acme.okta.com");
    assert_connection_refuses("okta_domain", "acme", "like acme.okta.com");
    assert_connection_refuses("okta_domain", "https://", "like acme.okta.com");
    assert_connection_refuses("okta_domain", "me@acme.okta.com", "like acme.okta.com");
    assert_connection_refuses("okta_domain", "acme.okta.com?x", "like acme.okta.com");
    assert_connection_refuses("okta_domain", "acme-admin.okta.com", "-admin");
    assert_connection_refuses("okta_auth_server", "../x", "authorization server");
    assert_connection_refuses("okta_auth_server", "a b", "authorization server");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issuer_is_kept_octet_for_octet),
        cmocka_unit_test(a_typed_discovery_url_becomes_its_issuer),
        cmocka_unit_test(a_typed_discovery_url_is_remembered_as_one),
        cmocka_unit_test(an_issuer_that_is_no_plain_https_url_is_refused),
        cmocka_unit_test(a_tenant_that_was_left_open_is_refused_with_advice),
        cmocka_unit_test(an_issuer_with_an_impossible_port_is_refused),
        cmocka_unit_test(an_endpoint_is_an_https_url_with_or_without_a_query),
        cmocka_unit_test(a_proxy_is_a_host_and_a_port),
        cmocka_unit_test(the_password_of_a_proxy_is_refused_and_not_repeated),
        cmocka_unit_test(a_kiosk_listens_on_loopback_alone),
        cmocka_unit_test(a_typed_scheme_of_an_okta_domain_is_stripped_and_told),
        cmocka_unit_test(an_okta_domain_is_a_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
