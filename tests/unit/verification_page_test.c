/* SPDX-License-Identifier: BSD-2-Clause */
/* Which pages a person may be sent to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "oidc/verification_page.h"

static struct connection pinned_to(char **hosts)
{
    static char issuer[] = "https://Id.Acme.com:8443/realms/acme";

    return (struct connection){.issuer = issuer, .verification_hosts = hosts};
}

static enum reason judge(char **hosts, const char *uri, const char *complete, struct device_grant *ret_grant)
{
    const struct connection connection = pinned_to(hosts);

    *ret_grant = (struct device_grant){0};
    (void)snprintf(ret_grant->verification_uri, sizeof ret_grant->verification_uri, "%s", uri);
    (void)snprintf(ret_grant->verification_uri_complete, sizeof ret_grant->verification_uri_complete, "%s",
                   complete);
    return verification_page_judge(&connection, ret_grant);
}

static void without_hosts_every_page_will_do(void **state)
{
    struct device_grant grant;

    (void)state;
    assert_int_equal(judge((char *[]){NULL}, "https://any.example/", "", &grant), REASON_OK);
    assert_int_equal(judge(NULL, "https://any.example/", "", &grant), REASON_OK);
    assert_true(verification_page_is_pinned(NULL, "https://any.example/"));
}

static void a_host_is_compared_whole_and_without_case_or_port(void **state)
{
    char *hosts[] = {(char[]){"device.acme.com"}, (char[]){"[2001:db8::1]"}, NULL};
    static const struct {
        const char *url;
        bool pinned;
    } cases[] = {
        {"https://device.acme.com", true},
        {"https://Device.ACME.com:8443/activate?user_code=A", true},
        {"https://[2001:DB8::1]/", true},
        {"https://device.acme.com.evil.example/", false},
        {"https://evil-device.acme.com/", false},
        {"https://www.device.acme.com/", false},
        {"https://device.acme.co/", false},
        {"https://acme.com/", false},
        {"https://evil.example/device.acme.com", false},
        {"https://evil.example/?https://device.acme.com", false},
        {"https://[2001:db8::2]/", false},
        {"https://id.acme.com/", false},
    };
    const struct connection connection = pinned_to(hosts);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(verification_page_is_pinned(&connection, cases[i].url), cases[i].pinned);
}

static void the_word_issuer_stands_for_the_issuers_own_host(void **state)
{
    char *hosts[] = {(char[]){"issuer"}, NULL};
    struct device_grant grant;

    (void)state;
    assert_int_equal(judge(hosts, "https://id.acme.com/device", "", &grant), REASON_OK);
    assert_int_equal(judge(hosts, "https://acme.com/device", "", &grant), REASON_VERIFICATION_HOST);
    assert_int_equal(judge(hosts, "https://ix.acme.com/device", "", &grant), REASON_VERIFICATION_HOST);
    assert_int_equal(judge(hosts, "https://id.acme.co/device", "", &grant), REASON_VERIFICATION_HOST);
    assert_int_equal(judge(hosts, "https://issuer/device", "", &grant), REASON_VERIFICATION_HOST);
}

static void both_pages_are_judged_and_the_one_at_fault_is_named(void **state)
{
    char *hosts[] = {(char[]){"a.example"}, NULL};
    struct device_grant grant;

    (void)state;
    assert_int_equal(judge(hosts, "https://a.example/", "https://a.example/?c=1", &grant), REASON_OK);
    assert_int_equal(judge(hosts, "https://a.example/", "https://b.example:1/?c=1", &grant),
                     REASON_VERIFICATION_HOST);
    assert_string_equal(grant.error, "b.example");
    assert_int_equal(judge(hosts, "https://b.example/", "https://a.example/?c=1", &grant),
                     REASON_VERIFICATION_HOST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_hosts_every_page_will_do),
        cmocka_unit_test(a_host_is_compared_whole_and_without_case_or_port),
        cmocka_unit_test(the_word_issuer_stands_for_the_issuers_own_host),
        cmocka_unit_test(both_pages_are_judged_and_the_one_at_fault_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
