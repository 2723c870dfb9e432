/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are lists of words. */
#include "settings_stage.h"

#include "jose/alg.h"

static void scopes_are_split_at_spaces_and_commas(void **state)
{
    struct connection connection = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_CONNECTION, "scopes", "openid,profile , email\tgroups", &connection, &why));
    assert_string_equal(connection.scopes[0], "openid");
    assert_string_equal(connection.scopes[1], "profile");
    assert_string_equal(connection.scopes[2], "email");
    assert_string_equal(connection.scopes[3], "groups");
    assert_null(connection.scopes[4]);
    connection_clear(&connection);
    assert_connection_refuses("scopes", "profile email", "openid");
    assert_connection_refuses("scopes", "openid \"x\"", "not a scope");
}

static void groups_may_hold_spaces(void **state)
{
    struct connection connection = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_CONNECTION, "allowed_groups", "Front Desk , Admins,", &connection, &why));
    assert_string_equal(connection.allowed_groups[0], "Front Desk");
    assert_string_equal(connection.allowed_groups[1], "Admins");
    assert_null(connection.allowed_groups[2]);
    connection_clear(&connection);
}

static void unsafe_algorithms_are_refused(void **state)
{
    struct connection connection = {0};
    char *why;

    (void)state;
    assert_connection_refuses("signing_algs", "none", "not allowed");
    assert_connection_refuses("signing_algs", "RS256 HS256", "`HS256`");
    assert_connection_refuses("signing_algs", "rs256", "not allowed");
    assert_connection_refuses("signing_algs", ",", "no algorithm");
    assert_true(parse(SECTION_CONNECTION, "signing_algs", "ES512 Ed25519", &connection, &why));
    connection_clear(&connection);
}

/* Two lists of algorithms stand in the code: what may be configured, and what can be verified. */
static void every_algorithm_that_may_be_set_can_be_verified_and_the_other_way_round(void **state)
{
    static const char *const names[] = {"RS256", "RS384", "RS512", "PS256",   "PS384",  "PS512",   "ES256",
                                        "ES384", "ES512", "EdDSA", "Ed25519", "ES256K", "Ed448",   "HS256",
                                        "HS384", "HS512", "none",  "rs256",   "RSA1_5", "RSA-OAEP"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct connection connection = {0};
        char *why;

        assert_int_equal(parse(SECTION_CONNECTION, "signing_algs", names[i], &connection, &why),
                         alg_find(names[i]) != NULL);
        free(why);
        connection_clear(&connection);
    }
}

static void a_list_cannot_grow_without_end(void **state)
{
    char *value = malloc(2 * (SETTING_LIST_MAX + 1) + 1);

    (void)state;
    for (size_t i = 0; i <= SETTING_LIST_MAX; i++)
        memcpy(value + 2 * i, "a ", 3);
    assert_connection_refuses("allowed_users", value, "more than");
    free(value);
}

static void a_domain_is_a_whole_domain(void **state)
{
    (void)state;
    assert_connection_refuses("allowed_email_domains", "*.acme.com", "domain");
    assert_connection_refuses("allowed_email_domains", "@acme.com", "domain");
    assert_connection_refuses("allowed_email_domains", ".acme.com", "domain");
    assert_connection_refuses("services", "../sshd", "PAM service");
}

static void a_domain_alias_is_kept_in_lower_case(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "domain_aliases", "Acme.COM, acme.io");
    assert_string_equal(connection.domain_aliases[0], "acme.com");
    assert_string_equal(connection.domain_aliases[1], "acme.io");
    assert_null(connection.domain_aliases[2]);
    connection_clear(&connection);
    assert_connection_refuses("domain_aliases", "acme.com.", "domain");
    assert_connection_refuses("domain_aliases", ".acme.com", "domain");
    assert_connection_refuses("domain_aliases", "*.acme.com", "domain");
    assert_connection_refuses("domain_aliases", "ana@acme.com", "domain");
}

static void a_host_of_the_pages_is_a_host_alone(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "verification_hosts", "WWW.Google.com, issuer [2001:DB8::1]");
    assert_string_equal(connection.verification_hosts[0], "www.google.com");
    assert_string_equal(connection.verification_hosts[1], "issuer");
    assert_string_equal(connection.verification_hosts[2], "[2001:db8::1]");
    assert_null(connection.verification_hosts[3]);
    connection_clear(&connection);
    assert_connection_refuses("verification_hosts", "https://www.google.com", "host");
    assert_connection_refuses("verification_hosts", "www.google.com:443", "host");
    assert_connection_refuses("verification_hosts", "*.google.com", "host");
    assert_connection_refuses("verification_hosts", "www.google.com/device", "host");
}

static void endpoint_hosts_are_hosts_alone(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "endpoint_hosts", "API.Example.org 10.0.0.7");
    assert_string_equal(connection.endpoint_hosts[0], "api.example.org");
    assert_string_equal(connection.endpoint_hosts[1], "10.0.0.7");
    assert_null(connection.endpoint_hosts[2]);
    connection_clear(&connection);
    assert_connection_refuses("endpoint_hosts", "https://api.example.org", "host");
}

static void a_thousand_domain_aliases_are_the_most(void **state)
{
    char *value = malloc(16 * (SETTING_LIST_MAX + 1)), *end = value;
    struct connection connection = {0};

    (void)state;
    for (int i = 0; i < SETTING_LIST_MAX; i++)
        end += sprintf(end, "d%d.example ", i);
    take(&connection, "domain_aliases", value);
    assert_string_equal(connection.domain_aliases[SETTING_LIST_MAX - 1], "d999.example");
    connection_clear(&connection);
    (void)snprintf(end, 16, "e.example");
    assert_connection_refuses("domain_aliases", value, "more than 1000");
    free(value);
}

static void a_tenant_is_an_id(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "allowed_tenants", "0e3a9f5c-0000-4000-8000-5dbd5d1f2c3a, acme.onmicrosoft.com");
    assert_string_equal(connection.allowed_tenants[1], "acme.onmicrosoft.com");
    connection_clear(&connection);
    assert_connection_refuses("allowed_tenants",
                              "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklm", "tenant");
    assert_connection_refuses("allowed_tenants", "a/b", "tenant");
    assert_connection_refuses("allowed_tenants", "{tenantid}", "tenant");
    assert_connection_refuses("allowed_tenants", "*", "tenant");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scopes_are_split_at_spaces_and_commas),
        cmocka_unit_test(groups_may_hold_spaces),
        cmocka_unit_test(unsafe_algorithms_are_refused),
        cmocka_unit_test(every_algorithm_that_may_be_set_can_be_verified_and_the_other_way_round),
        cmocka_unit_test(a_list_cannot_grow_without_end),
        cmocka_unit_test(a_domain_is_a_whole_domain),
        cmocka_unit_test(a_domain_alias_is_kept_in_lower_case),
        cmocka_unit_test(a_host_of_the_pages_is_a_host_alone),
        cmocka_unit_test(endpoint_hosts_are_hosts_alone),
        cmocka_unit_test(a_thousand_domain_aliases_are_the_most),
        cmocka_unit_test(a_tenant_is_an_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
