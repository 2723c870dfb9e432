/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of settings, and each kind of value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "config/settings.h"
#include "frontdesk/ids.h"

static bool parse(enum setting_section section, const char *key, const char *value, void *record,
                  char **ret_why)
{
    const struct setting *setting = settings_find(section, key, NULL);

    assert_non_null(setting);
    *ret_why = NULL;
    return setting->parse(setting, value, (char *)record + setting->offset, ret_why);
}

static void assert_refused(enum setting_section section, const char *key, const char *value,
                           const char *why_part)
{
    union {
        struct connection connection;
        struct service service;
        struct members_settings members;
        struct limits_settings limits;
    } record, untouched;
    char *why;

    memset(&record, 0, sizeof record);
    memset(&untouched, 0, sizeof untouched);
    assert_false(parse(section, key, value, &record, &why));
    assert_non_null(why);
    if (!strstr(why, why_part))
        fail_msg("%s = %s: %s", key, value, why);
    assert_memory_equal(&record, &untouched, sizeof record);
    free(why);
}

static void assert_connection_refuses(const char *key, const char *value, const char *why_part)
{
    assert_refused(SECTION_CONNECTION, key, value, why_part);
}

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

static void the_defaults_are_those_of_the_documentation(void **state)
{
    struct connection connection = {0};
    struct members_settings members = {0};
    struct limits_settings limits = {0};

    (void)state;
    assert_true(settings_defaults(SECTION_CONNECTION, &connection));
    assert_true(connection.enabled);
    assert_string_equal(connection.display_name, "Sign in with Corporate Account");
    assert_string_equal(connection.username_claim, "preferred_username");
    assert_string_equal(connection.scopes[0], "openid");
    assert_string_equal(connection.signing_algs[3], "EdDSA");
    assert_null(connection.signing_algs[4]);
    assert_null(connection.services[0]);
    assert_null(connection.allowed_users[0]);
    assert_null(connection.username_regex);
    assert_false(connection.allow_all);
    assert_false(connection.create_users);
    assert_int_equal(connection.pkce, PKCE_AUTO);
    connection_clear(&connection);
    assert_true(settings_defaults(SECTION_MEMBERS, &members));
    assert_int_equal(members.id_min, FD_MEMBER_ID_MIN);
    assert_int_equal(members.id_max, FD_MEMBER_ID_MAX);
    assert_string_equal(members.home_base, "/home");
    free(members.home_base);
    free(members.shell);
    assert_true(settings_defaults(SECTION_LIMITS, &limits));
    assert_int_equal(limits.sign_ins_per_user, 3);
}

static void every_setting_has_help_and_a_name_of_its_own(void **state)
{
    const struct setting *setting;

    (void)state;
    for (size_t i = 0; (setting = settings_at(i)) != NULL; i++) {
        size_t row;

        assert_true(strlen(setting->help) > 0);
        assert_ptr_equal(settings_find(setting->section, setting->key, &row), setting);
        assert_int_equal(row, i);
    }
}

static void an_alias_of_the_guides_finds_its_setting(void **state)
{
    static const char *const words[][2] = {
        {"authority", "issuer"},
        {"authority_url", "issuer"},
        {"issuer_url", "issuer"},
        {"discovery_url", "issuer"},
        {"application_id", "client_id"},
        {"token_endpoint_auth_method", "client_auth_method"},
        {"token_endpoint_auth_signing_alg", "client_auth_signing_alg"},
        {"token_endpoint_jwtca_aud_format", "client_assertion_audience"},
        {"scope", "scopes"},
        {"log_out_url", "end_session_endpoint"},
        {"identity_provider_id", "idp_id"},
        {"id_token_signed_response_algs", "signing_algs"},
        {"sign_in_button_label", "display_name"},
        {"allowed_domains", "allowed_email_domains"},
        {"create_new_users", "create_users"},
        {"provision_new_users", "create_users"},
        {"set_user_root_attributes", "sync_profile"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const struct setting *setting = settings_find(SECTION_CONNECTION, words[i][0], NULL);

        if (!setting || strcmp(setting->key, words[i][1]) != 0)
            fail_msg("%s: %s", words[i][0], setting ? setting->key : "unknown");
    }
    assert_null(settings_find(SECTION_LIMITS, "issuer", NULL));
}

static void a_mistyped_name_gets_its_neighbour(void **state)
{
    char longest[200];

    (void)state;
    assert_string_equal(settings_nearest(SECTION_CONNECTION, "isuer"), "issuer");
    assert_string_equal(settings_nearest(SECTION_CONNECTION, "cleint_id"), "client_id");
    assert_string_equal(settings_nearest(SECTION_CONNECTION, "alowed_email_domain"), "allowed_email_domains");
    assert_string_equal(settings_nearest(SECTION_LIMITS, "signins"), "sign_ins");
    assert_string_equal(settings_nearest_section("conection"), "connection");
    assert_null(settings_nearest(SECTION_CONNECTION, "colour_of_the_door"));
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = '\0';
    assert_null(settings_nearest(SECTION_CONNECTION, longest));
}

static void yes_and_no_are_the_only_switches(void **state)
{
    struct connection connection = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_CONNECTION, "allow_all", "yes", &connection, &why));
    assert_true(connection.allow_all);
    assert_connection_refuses("allow_all", "true", "neither `yes` nor `no`");
    assert_connection_refuses("allow_all", "Yes", "neither `yes` nor `no`");
    assert_connection_refuses("allow_all", "1", "neither `yes` nor `no`");
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

static void a_list_cannot_grow_without_end(void **state)
{
    char *value = malloc(2 * (SETTING_LIST_MAX + 1) + 1);

    (void)state;
    for (size_t i = 0; i <= SETTING_LIST_MAX; i++)
        memcpy(value + 2 * i, "a ", 3);
    assert_connection_refuses("allowed_users", value, "more than");
    free(value);
}

static void the_id_range_may_only_narrow(void **state)
{
    struct members_settings members = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_MEMBERS, "uid_range", "70000-70009", &members, &why));
    assert_int_equal(members.id_min, 70000);
    assert_int_equal(members.id_max, 70009);
    assert_refused(SECTION_MEMBERS, "uid_range", "1000-99999", "narrowed");
    assert_refused(SECTION_MEMBERS, "uid_range", "65536-4294967296", "no range");
    assert_refused(SECTION_MEMBERS, "uid_range", "70009-70000", "no range");
    assert_refused(SECTION_MEMBERS, "uid_range", "70000", "no range");
    assert_refused(SECTION_MEMBERS, "uid_range", "70000-70009x", "no range");
}

static void times_take_a_unit(void **state)
{
    struct service service = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_SERVICE, "timeout", "110", &service, &why));
    assert_int_equal(service.timeout, 110);
    assert_true(parse(SECTION_SERVICE, "timeout", "30s", &service, &why));
    assert_int_equal(service.timeout, 30);
    assert_true(parse(SECTION_SERVICE, "timeout", "55 s", &service, &why));
    assert_int_equal(service.timeout, 55);
    assert_true(parse(SECTION_SERVICE, "timeout", "2m", &service, &why));
    assert_int_equal(service.timeout, 120);
    assert_true(parse(SECTION_SERVICE, "timeout", "1 h", &service, &why));
    assert_int_equal(service.timeout, 3600);
    assert_refused(SECTION_SERVICE, "timeout", "61m", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "2h", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "99999999d", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "2 m s", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "2ms", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "s", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "-1", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "3601", "seconds");
    assert_refused(SECTION_SERVICE, "timeout", "99999999999999999999", "seconds");
}

static void numbers_have_bounds(void **state)
{
    (void)state;
    assert_refused(SECTION_LIMITS, "sign_ins", "0", "from 1 to");
    assert_refused(SECTION_LIMITS, "sign_ins", "10001", "from 1 to");
    assert_refused(SECTION_LIMITS, "sign_ins", "ten", "no number");
}

static void a_choice_names_its_words(void **state)
{
    (void)state;
    assert_refused(SECTION_SERVICE, "qr", "png", "auto, utf8, ascii, none");
    assert_connection_refuses("client_auth_method", "client_secret_jwt", "client_secret_basic");
    assert_connection_refuses("pkce", "s256", "S256");
}

static void a_regex_must_compile_and_have_a_group(void **state)
{
    struct connection connection = {0};
    char *why;

    (void)state;
    assert_connection_refuses("username_regex", "^([a-z", "expression");
    assert_connection_refuses("username_regex", "^[a-z]+$", "no group");
    assert_true(parse(SECTION_CONNECTION, "username_regex", "^([^@]+)@acme[.]com$", &connection, &why));
    connection_clear(&connection);
}

static void a_display_name_has_at_most_eighty_characters(void **state)
{
    struct connection connection = {0};
    char name[2 * DISPLAY_NAME_MAX + 4];
    char *why;

    (void)state;
    for (size_t i = 0; i <= DISPLAY_NAME_MAX; i++)
        memcpy(name + 2 * i, "\xc3\xa9", 3);
    assert_connection_refuses("display_name", name, "80 printable");
    assert_connection_refuses("display_name", "right \xe2\x80\xae left", "80 printable");
    name[2 * DISPLAY_NAME_MAX] = '\0';
    assert_true(parse(SECTION_CONNECTION, "display_name", name, &connection, &why));
    connection_clear(&connection);
}

static void paths_are_absolute(void **state)
{
    (void)state;
    assert_connection_refuses("ca_file", "ca.pem", "absolute");
    assert_connection_refuses("client_secret_file", "secrets/desk", "absolute");
    assert_connection_refuses("client_secret_file", "..", "absolute");
    assert_refused(SECTION_MEMBERS, "home_base", "/home:0", "cannot hold homes");
    assert_refused(SECTION_MEMBERS, "home_base", "/etc/systemd/system", "cannot hold homes");
    assert_refused(SECTION_MEMBERS, "home_base", "/", "cannot hold homes");
    assert_refused(SECTION_MEMBERS, "shell", "bash", "absolute");
    assert_refused(SECTION_MEMBERS, "shell", "/bin/ba sh", "absolute");
}

static void a_domain_is_a_whole_domain(void **state)
{
    (void)state;
    assert_connection_refuses("allowed_email_domains", "*.acme.com", "domain");
    assert_connection_refuses("allowed_email_domains", "@acme.com", "domain");
    assert_connection_refuses("allowed_email_domains", ".acme.com", "domain");
    assert_connection_refuses("services", "../sshd", "PAM service");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_those_of_the_documentation),
        cmocka_unit_test(every_setting_has_help_and_a_name_of_its_own),
        cmocka_unit_test(an_alias_of_the_guides_finds_its_setting),
        cmocka_unit_test(a_mistyped_name_gets_its_neighbour),
        cmocka_unit_test(yes_and_no_are_the_only_switches),
        cmocka_unit_test(an_issuer_is_kept_octet_for_octet),
        cmocka_unit_test(a_typed_discovery_url_becomes_its_issuer),
        cmocka_unit_test(a_typed_discovery_url_is_remembered_as_one),
        cmocka_unit_test(an_issuer_that_is_no_plain_https_url_is_refused),
        cmocka_unit_test(scopes_are_split_at_spaces_and_commas),
        cmocka_unit_test(groups_may_hold_spaces),
        cmocka_unit_test(unsafe_algorithms_are_refused),
        cmocka_unit_test(a_list_cannot_grow_without_end),
        cmocka_unit_test(the_id_range_may_only_narrow),
        cmocka_unit_test(times_take_a_unit),
        cmocka_unit_test(numbers_have_bounds),
        cmocka_unit_test(a_choice_names_its_words),
        cmocka_unit_test(a_regex_must_compile_and_have_a_group),
        cmocka_unit_test(a_display_name_has_at_most_eighty_characters),
        cmocka_unit_test(paths_are_absolute),
        cmocka_unit_test(a_domain_is_a_whole_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
