/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys that need, exclude or say nothing without each other: told with the line of the one to mend. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "config/config.h"
#include "config_folder.h"

/* Lines 2 to 4; what a test adds begins in line 5. */
#define START       "[connection]\nclient_id = x\nservices = login\nallow_all = yes\n"
#define WITH_ISSUER START "issuer = https://idp.example\n"

static struct config *read_text(const struct folder *folder, const char *text)
{
    folder_write(folder, "connections.d/acme.conf", text);
    return config_read_layers(folder->path, NULL);
}

static void assert_refused(const struct folder *folder, const char *text, unsigned line, const char *why)
{
    struct config *config = read_text(folder, text);

    assert_true(config_connection_is_broken(config, "acme"));
    if (config->fault_count != 1 || config->faults[0].line != line || !strstr(config->faults[0].why, why))
        fail_msg("%zu faults, %s:%u: %s", config->fault_count, config->faults[0].file, config->faults[0].line,
                 config->faults[0].why);
    config_unref(config);
}

/* It is whole, and this is the only thing told; line 0 and NULL: nothing is. */
static void assert_told(const struct folder *folder, const char *text, unsigned line, const char *why)
{
    struct config *config = read_text(folder, text);

    if (config->fault_count > 0)
        fail_msg("%u: %s", config->faults[0].line, config->faults[0].why);
    assert_non_null(config_connection(config, "acme"));
    if (config->notice_count != (why ? 1 : 0))
        fail_msg("%zu notices, first %s", config->notice_count,
                 config->notice_count ? config->notices[0].why : "none");
    if (why && (config->notices[0].line != line || !strstr(config->notices[0].why, why)))
        fail_msg("%u: %s", config->notices[0].line, config->notices[0].why);
    config_unref(config);
}

static char *issuer_of(const struct folder *folder, const char *text)
{
    struct config *config = read_text(folder, text);
    char *issuer = NULL;

    if (config->fault_count > 0)
        fail_msg("%u: %s", config->faults[0].line, config->faults[0].why);
    issuer = strdup(config_connection(config, "acme")->issuer);
    config_unref(config);
    return issuer;
}

static void an_okta_domain_makes_the_issuer(void **state)
{
    static const char *const forms[][2] = {
        {"okta_domain = acme.okta.com\n", "https://acme.okta.com"},
        {"okta_domain = https://acme.okta.com/\n", "https://acme.okta.com"},
        {"okta_domain = acme.okta.com\nokta_auth_server = default\n", "https://acme.okta.com/oauth2/default"},
        {"okta_auth_server = aus1x\nokta_domain = id.acme.com\n", "https://id.acme.com/oauth2/aus1x"},
    };

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char text[256];
        char *issuer;

        (void)snprintf(text, sizeof text, START "preset = okta\n%s", forms[i][0]);
        issuer = issuer_of(*state, text);
        assert_string_equal(issuer, forms[i][1]);
        free(issuer);
    }
}

static void an_okta_domain_leaves_no_room_for_another_issuer(void **state)
{
    assert_refused(*state, WITH_ISSUER "okta_domain = acme.okta.com\n", 6, "leave out either it or `issuer`");
    assert_refused(*state, START "okta_domain = acme.okta.com\npreset = keycloak\n", 5, "preset keycloak");
    assert_refused(*state, START "okta_domain = acme.okta.com\npreset = google\nclient_secret_file = /x\n", 5,
                   "preset google");
    assert_refused(*state, WITH_ISSUER "okta_auth_server = default\n", 6, "without `okta_domain`");
    assert_told(*state, START "username_regex = (x)\nokta_domain = acme.okta.com\n", 6, "`preset = okta`");
}

static void a_stripped_okta_domain_is_told(void **state)
{
    assert_told(*state, START "preset = okta\nusername_regex = (x)\nokta_domain = https://acme.okta.com\n", 7,
                "is taken as `acme.okta.com`");
}

static void an_issuer_is_missing_even_where_all_endpoints_are_typed(void **state)
{
    assert_refused(*state, START, 0, "`issuer` is missing");
    assert_refused(*state,
                   START "device_authorization_endpoint = https://idp.example/d\n"
                         "token_endpoint = https://idp.example/t\njwks_uri = https://idp.example/k\n",
                   0, "whose ID tokens are believed");
}

static void an_issuer_of_every_tenant_needs_tenants(void **state)
{
    assert_refused(*state, START "issuer = https://login.microsoftonline.com/organizations/v2.0\n", 5,
                   "`allowed_tenants`");
    assert_refused(*state, START "issuer = https://login.microsoftonline.com/common/v2.0\n", 5,
                   "`allowed_tenants`");
    assert_told(*state,
                START "issuer = https://login.microsoftonline.com/common/v2.0\nallowed_tenants = 0e3a-1\n", 0,
                NULL);
    assert_told(*state, START "issuer = https://login.microsoftonline.com/0e3a-1/v2.0\n", 0, NULL);
}

static void a_client_that_proves_itself_needs_its_secret(void **state)
{
    assert_refused(*state, WITH_ISSUER "client_auth_method = client_secret_basic\n", 6,
                   "client_secret_basic needs `client_secret_file`");
    assert_refused(*state, WITH_ISSUER "client_auth_method = private_key_jwt\n", 6,
                   "private_key_jwt needs `client_secret_file`");
    assert_told(*state,
                WITH_ISSUER "client_auth_method = private_key_jwt\nclient_secret_file = /etc/key\n"
                            "client_key_id = k1\nclient_auth_signing_alg = ES256\n",
                0, NULL);
    assert_told(*state, WITH_ISSUER "client_auth_method = none\nclient_secret_file = /etc/x\n", 7,
                "is not used");
    assert_told(*state, WITH_ISSUER "client_key_id = k1\n", 6, "private_key_jwt` only");
    assert_told(*state, WITH_ISSUER "client_secret_file = /etc/key\nclient_key_id = k1\n", 0, NULL);
}

static void an_upstream_is_told_to_be_sent_nowhere(void **state)
{
    assert_told(*state, WITH_ISSUER "idp_id = 0oa1\n", 6, "idp_id is not sent");
}

static void a_shared_account_leaves_no_room_for_accounts_of_ones_own(void **state)
{
    assert_refused(*state, WITH_ISSUER "shared_account = kiosk\ncreate_users = yes\n", 6, "create_users");
    assert_refused(*state, WITH_ISSUER "shared_account = kiosk\nuser_map_file = /etc/map\n", 6,
                   "user_map_file");
    assert_told(*state, WITH_ISSUER "shared_account = kiosk\n", 0, NULL);
    assert_told(*state, WITH_ISSUER "user_map_file = /etc/map\ncreate_users = yes\n", 0, NULL);
}

static void an_email_as_user_name_asks_for_the_expression(void **state)
{
    assert_told(*state, WITH_ISSUER "username_claim = email\n", 6, "set username_regex");
    assert_told(*state, WITH_ISSUER "username_claim = mail\nemail_claim = mail\n", 6, "set username_regex");
    assert_told(*state, WITH_ISSUER "username_claim = email\nusername_regex = ^([^@]+)@acme[.]com$\n", 0,
                NULL);
    assert_told(*state, WITH_ISSUER "preset = entra\nusername_claim = preferred_username\n", 7,
                "set username_regex");
    assert_told(*state, WITH_ISSUER "preset = auth0\n", 6, "set username_regex");
    assert_told(*state, WITH_ISSUER "preset = auth0\nusername_claim = nickname\n", 0, NULL);
    assert_told(*state, WITH_ISSUER "username_claim = email\nshared_account = desk\n", 0, NULL);
}

static void a_connection_that_lets_nobody_in_is_told(void **state)
{
    static const char start[] =
        "[connection]\nclient_id = x\nservices = login\nissuer = https://idp.example\n";
    static const char *const rules[] = {"allowed_users = ana\n", "allowed_groups = desk\n",
                                        "allowed_email_domains = acme.com\n", "allow_all = yes\n",
                                        "required_claims = dept=desk\n"};
    char text[256];

    assert_told(*state, start, 0, "nobody may enter");
    (void)snprintf(text, sizeof text, "%srequired_acr = gold\nmax_age = 1h\n", start);
    assert_told(*state, text, 0, "nobody may enter");
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        (void)snprintf(text, sizeof text, "%s%s", start, rules[i]);
        assert_told(*state, text, 0, NULL);
    }
}

static void a_word_that_belongs_elsewhere_is_told_where(void **state)
{
    assert_refused(*state, WITH_ISSUER "password_login = denied\n", 6, "on the PAM line");
    assert_refused(*state, WITH_ISSUER "break_glass = admin\n", 6, "on the PAM line");
    assert_refused(*state, WITH_ISSUER "client_secret = s3cret\n", 6, "`client_secret_file`");
    assert_refused(*state, WITH_ISSUER "callback_url = https://x.example\n", 6, "leave it out");
    assert_refused(*state, WITH_ISSUER "channel = back\n", 6, "neither a front nor a back channel");
}

static void two_connections_that_claim_a_domain_for_a_service_are_told(void **state)
{
    const struct folder *folder = *state;

    folder_write(folder, "connections.d/beta.conf", WITH_ISSUER "domain_aliases = acme.io ACME.com\n");
    assert_told(folder, WITH_ISSUER "domain_aliases = acme.com\n", 0,
                "`acme` and `beta` both claim the domain acme.com for login");
    folder_write(folder, "connections.d/beta.conf", WITH_ISSUER "domain_aliases = acme.com\nenabled = no\n");
    assert_told(folder, WITH_ISSUER "domain_aliases = acme.com\n", 0, NULL);
    folder_write(folder, "connections.d/beta.conf",
                 "[connection]\nclient_id = x\nservices = sudo\nallow_all = yes\n"
                 "issuer = https://idp.example\ndomain_aliases = acme.com\n");
    assert_told(folder, WITH_ISSUER "domain_aliases = acme.com\n", 0, NULL);
    assert_told(folder, WITH_ISSUER "domain_aliases = acme.com ACME.COM\n", 0, NULL);
}

static void no_limit_is_beyond_what_can_be_served(void **state)
{
    static const struct {
        const char *text, *why;
        unsigned line;
    } cases[] = {
        {"[limits]\nsign_ins = 2048\nunprivileged = 200\n", NULL, 0},
        {"[limits]\nsign_ins = 2049\n", "`2049` is no number from 1 to 2048", 2},
        {"[limits]\nsign_ins = 0\n", "`0` is no number from 1 to 2048", 2},
        {"[limits]\n\nunprivileged = 201\n", "`201` is no number from 0 to 200", 3},
    };
    const struct folder *folder = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        folder_write(folder, "frontdesk.conf", cases[i].text);
        struct config *config = read_text(folder, WITH_ISSUER);
        const struct config_fault *fault = config->faults;

        assert_int_equal(config->broken, cases[i].why != NULL);
        assert_int_equal(config->fault_count, cases[i].why ? 1 : 0);
        if (cases[i].why && (!strstr(fault->file, "/frontdesk.conf") || fault->line != cases[i].line ||
                             !strstr(fault->why, cases[i].why)))
            fail_msg("%s:%u: %s", fault->file, fault->line, fault->why);
        config_unref(config);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_okta_domain_makes_the_issuer),
        TEST(an_okta_domain_leaves_no_room_for_another_issuer),
        TEST(a_stripped_okta_domain_is_told),
        TEST(an_issuer_is_missing_even_where_all_endpoints_are_typed),
        TEST(an_issuer_of_every_tenant_needs_tenants),
        TEST(a_client_that_proves_itself_needs_its_secret),
        TEST(an_upstream_is_told_to_be_sent_nowhere),
        TEST(a_shared_account_leaves_no_room_for_accounts_of_ones_own),
        TEST(an_email_as_user_name_asks_for_the_expression),
        TEST(a_connection_that_lets_nobody_in_is_told),
        TEST(a_word_that_belongs_elsewhere_is_told_where),
        TEST(two_connections_that_claim_a_domain_for_a_service_are_told),
        TEST(no_limit_is_beyond_what_can_be_served),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
