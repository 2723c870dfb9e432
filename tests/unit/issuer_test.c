/* SPDX-License-Identifier: BSD-2-Clause */
/* Which issuers are a connection's own, and which only look like it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "connection/connection.h"
#include "connection/presets.h"

#define LOGIN "https://login.microsoftonline.com/"
#define TID   "0e3a9f5c-1b2c-4000-8000-5dbd5d1f2c3a"

static char tenant[] = TID, *tenants[] = {tenant, NULL}, *no_tenants[] = {NULL};

static struct connection of(char *issuer)
{
    return (struct connection){.issuer = issuer, .allowed_tenants = no_tenants};
}

static struct connection of_many(char *issuer)
{
    return (struct connection){.issuer = issuer, .allowed_tenants = tenants};
}

static void an_issuer_is_compared_octet_for_octet(void **state)
{
    static char typed[] = "https://idp.example/Realms/desk";
    const struct connection connection = of(typed);

    (void)state;
    assert_true(connection_is_issuer(&connection, "https://idp.example/Realms/desk"));
    assert_false(connection_is_issuer(&connection, "https://idp.example/Realms/desk/"));
    assert_false(connection_is_issuer(&connection, "https://idp.example/realms/desk"));
    assert_false(connection_is_issuer(&connection, "https://IDP.example/Realms/desk"));
    assert_false(connection_is_issuer(&connection, "https://idp.example/Realms/des"));
    assert_false(connection_is_issuer(&connection, "https://idp.example/Realms/desks"));
    assert_false(connection_is_issuer(&connection, "https://idp.example:443/Realms/desk"));
    assert_false(connection_is_issuer(&connection, ""));
    assert_true(connection_is_token_issuer(&connection, "https://idp.example/Realms/desk", NULL));
    assert_false(connection_is_token_issuer(&connection, "https://idp.example/Realms/desk/", TID));
}

/* One slash at the end is free, nothing else. */
static void assert_slash_is_free(const struct connection *connection)
{
    assert_true(connection_is_issuer(connection, "https://t.example"));
    assert_true(connection_is_issuer(connection, "https://t.example/"));
    assert_true(connection_is_token_issuer(connection, "https://t.example/", NULL));
    assert_false(connection_is_issuer(connection, "https://t.example//"));
    assert_false(connection_is_issuer(connection, "https://t.example/x"));
    assert_false(connection_is_issuer(connection, "https://t.exampl"));
    assert_false(connection_is_issuer(connection, "/"));
    assert_false(connection_is_issuer(connection, ""));
}

static void a_slash_is_free_where_the_documents_url_was_typed(void **state)
{
    static char typed[] = "https://t.example";
    struct connection connection = of(typed);

    (void)state;
    connection.issuer_by_url = true;
    assert_slash_is_free(&connection);
}

static void before_an_issuer_that_is_empty_nobody_looks_for_a_slash(void **state)
{
    static char slash[] = "/";
    struct connection connection = of(slash + 1);

    (void)state;
    connection.issuer_by_url = true;
    assert_true(connection_is_issuer(&connection, ""));
    assert_true(connection_is_issuer(&connection, "/"));
    assert_false(connection_is_issuer(&connection, "x"));
}

static void a_slash_is_free_where_the_product_always_has_one(void **state)
{
    static char without[] = "https://t.example", with[] = "https://t.example/";
    struct connection connection = of(without);

    (void)state;
    connection.preset = preset_find("auth0");
    assert_slash_is_free(&connection);
    connection.issuer = with;
    assert_slash_is_free(&connection);
    connection.preset = preset_find("okta");
    assert_false(connection_is_issuer(&connection, "https://t.example"));
}

static void a_document_may_leave_the_tenant_open_where_tenants_are_allowed(void **state)
{
    static char common[] = LOGIN "common/v2.0", organizations[] = LOGIN "organizations/v2.0",
                consumers[] = LOGIN "consumers", own[] = LOGIN TID "/v2.0";
    struct connection connection = of_many(common);

    (void)state;
    assert_true(connection_is_issuer(&connection, LOGIN "{tenantid}/v2.0"));
    assert_true(connection_is_issuer(&connection, LOGIN "common/v2.0"));
    assert_false(connection_is_issuer(&connection, LOGIN "{tenantid}/v2.0/"));
    assert_false(connection_is_issuer(&connection, LOGIN "{tenantid}"));
    assert_false(connection_is_issuer(&connection, LOGIN "{tenantId}/v2.0"));
    assert_false(connection_is_issuer(&connection, LOGIN TID "/v2.0"));
    assert_false(connection_is_issuer(&connection, LOGIN "organizations/v2.0"));
    assert_false(connection_is_issuer(&connection, "https://evil.example/{tenantid}/v2.0"));
    connection.issuer = organizations;
    assert_true(connection_is_issuer(&connection, LOGIN "{tenantid}/v2.0"));
    connection.issuer = consumers;
    assert_true(connection_is_issuer(&connection, LOGIN "{tenantid}"));
    connection.issuer = own;
    assert_false(connection_is_issuer(&connection, LOGIN "{tenantid}/v2.0"));
    connection = of(common);
    assert_false(connection_is_issuer(&connection, LOGIN "{tenantid}/v2.0"));
    connection.allowed_tenants = NULL;
    assert_false(connection_is_issuer(&connection, LOGIN "{tenantid}/v2.0"));
}

static void a_token_names_its_tenant_in_its_issuer(void **state)
{
    static char common[] = LOGIN "common/v2.0";
    struct connection connection = of_many(common);

    (void)state;
    assert_true(connection_is_token_issuer(&connection, LOGIN TID "/v2.0", TID));
    assert_false(connection_is_token_issuer(&connection, LOGIN TID "/v2.0", NULL));
    assert_false(connection_is_token_issuer(&connection, LOGIN TID "/v2.0", ""));
    assert_false(connection_is_token_issuer(&connection, LOGIN TID "/v2.0", "other"));
    assert_false(connection_is_token_issuer(&connection, LOGIN "other/v2.0", TID));
    assert_false(connection_is_token_issuer(&connection, LOGIN TID "/v2.0/", TID));
    assert_false(connection_is_token_issuer(&connection, LOGIN TID, TID));
    assert_false(connection_is_token_issuer(&connection, "https://evil.example/" TID "/v2.0", TID));
    assert_false(
        connection_is_token_issuer(&connection, "https://login.microsoftevilne.com/" TID "/v2.0", TID));
    connection = of(common);
    assert_false(connection_is_token_issuer(&connection, LOGIN TID "/v2.0", TID));
}

static void a_hostile_tenant_leads_nowhere_else(void **state)
{
    static char common[] = LOGIN "common/v2.0";
    const struct connection connection = of_many(common);
    char longest[66], iss[160];

    (void)state;
    assert_false(connection_is_token_issuer(&connection, LOGIN "a/b/v2.0", "a/b"));
    assert_false(connection_is_token_issuer(&connection, LOGIN "{tenantid}/v2.0", "{tenantid}"));
    assert_false(connection_is_token_issuer(&connection, LOGIN "{tenantid}/v2.0", TID));
    assert_false(connection_is_token_issuer(&connection, LOGIN "../v2.0", ".."));
    assert_false(connection_is_token_issuer(&connection, LOGIN "./v2.0", "."));
    assert_false(connection_is_token_issuer(&connection, LOGIN "/v2.0", ""));
    assert_false(connection_is_token_issuer(&connection, LOGIN "a%2fb/v2.0", "a%2fb"));
    assert_false(connection_is_token_issuer(&connection, LOGIN "a b/v2.0", "a b"));
    assert_false(connection_is_token_issuer(&connection, LOGIN "a\n/v2.0", "a\n"));
    memset(longest, 'a', sizeof longest - 1);
    longest[65] = '\0';
    (void)snprintf(iss, sizeof iss, LOGIN "%s/v2.0", longest);
    assert_false(connection_is_token_issuer(&connection, iss, longest));
    longest[64] = '\0';
    (void)snprintf(iss, sizeof iss, LOGIN "%s/v2.0", longest);
    assert_true(connection_is_token_issuer(&connection, iss, longest));
}

static void a_tenant_stands_in_a_whole_segment_of_the_path_only(void **state)
{
    static char host[] = "https://common/v2.0", name[] = "https://common.example/v2.0",
                part[] = LOGIN "common-x/v2.0", bare[] = "https://organizations",
                twice[] = LOGIN "common/common/v2.0";
    struct connection connection = of_many(host);

    (void)state;
    assert_false(connection_is_issuer(&connection, "https://{tenantid}/v2.0"));
    assert_false(connection_is_token_issuer(&connection, "https://evil.example/v2.0", "evil.example"));
    connection.issuer = name;
    assert_false(connection_is_token_issuer(&connection, "https://evil.example/v2.0", "evil"));
    connection.issuer = part;
    assert_false(connection_is_token_issuer(&connection, LOGIN "evil-x/v2.0", "evil"));
    connection.issuer = bare;
    assert_false(connection_is_token_issuer(&connection, "https://evil", "evil"));
    connection.issuer = twice;
    assert_true(connection_is_token_issuer(&connection, LOGIN "t1/common/v2.0", "t1"));
    assert_false(connection_is_token_issuer(&connection, LOGIN "common/t1/v2.0", "t1"));
    assert_false(connection_is_token_issuer(&connection, LOGIN "t1/t1/v2.0", "t1"));
}

static void only_issuers_of_every_tenant_need_tenants(void **state)
{
    static char common[] = LOGIN "common/v2.0", consumers[] = LOGIN "consumers/v2.0",
                own[] = LOGIN TID "/v2.0", else_where[] = "https://idp.example/realms/common",
                china[] = "https://login.partner.microsoftonline.cn/organizations/v2.0";
    struct connection connection = of(common);

    (void)state;
    assert_true(connection_needs_tenants(&connection));
    connection.issuer = consumers;
    assert_true(connection_needs_tenants(&connection));
    connection.issuer = china;
    assert_true(connection_needs_tenants(&connection));
    connection.issuer = own;
    assert_false(connection_needs_tenants(&connection));
    connection.issuer = else_where;
    assert_false(connection_needs_tenants(&connection));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issuer_is_compared_octet_for_octet),
        cmocka_unit_test(a_slash_is_free_where_the_documents_url_was_typed),
        cmocka_unit_test(before_an_issuer_that_is_empty_nobody_looks_for_a_slash),
        cmocka_unit_test(a_slash_is_free_where_the_product_always_has_one),
        cmocka_unit_test(a_document_may_leave_the_tenant_open_where_tenants_are_allowed),
        cmocka_unit_test(a_token_names_its_tenant_in_its_issuer),
        cmocka_unit_test(a_hostile_tenant_leads_nowhere_else),
        cmocka_unit_test(a_tenant_stands_in_a_whole_segment_of_the_path_only),
        cmocka_unit_test(only_issuers_of_every_tenant_need_tenants),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
