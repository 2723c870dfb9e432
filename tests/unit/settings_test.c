/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of settings, and each kind of value. */
#include "settings_stage.h"

#include "connection/presets.h"
#include "frontdesk/ids.h"

static void the_defaults_are_those_of_the_documentation(void **state)
{
    struct connection connection = {0};
    struct members_settings members = {0};
    struct limits_settings limits = {0};
    struct audit_settings audit = {0};

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
    assert_int_equal(members.umask, 077);
    free(members.home_base);
    free(members.shell);
    assert_true(settings_defaults(SECTION_LIMITS, &limits));
    assert_int_equal(limits.sign_ins_per_user, 3);
    assert_int_equal(limits.unprivileged, 20);
    assert_true(settings_defaults(SECTION_AUDIT, &audit));
    assert_int_equal(audit.max_size, 10 * 1000 * 1000);
    assert_int_equal(audit.keep, 8);
}

static void every_default_of_a_connection_is_that_of_the_documentation(void **state)
{
    struct connection connection = {0};

    (void)state;
    assert_true(settings_defaults(SECTION_CONNECTION, &connection));
    assert_null(connection.preset);
    assert_null(connection.issuer);
    assert_int_equal(connection.client_auth_method, CLIENT_AUTH_AUTO);
    assert_int_equal(connection.client_auth_signing_alg, CLIENT_SIGNING_AUTO);
    assert_int_equal(connection.client_assertion_audience, ASSERTION_TOKEN_ENDPOINT);
    assert_null(connection.extra_params[0].name);
    assert_null(connection.required_claims[0].name);
    assert_null(connection.group_map[0].name);
    assert_null(connection.allowed_tenants[0]);
    assert_null(connection.domain_aliases[0]);
    assert_null(connection.required_acr[0]);
    assert_null(connection.required_amr[0]);
    assert_int_equal(connection.max_age, 0);
    assert_false(connection.require_nonce);
    assert_int_equal(connection.sync_profile, SYNC_ON_EACH_LOGIN);
    assert_string_equal(connection.locations[0], "*");
    assert_null(connection.locations[1]);
    assert_null(connection.shared_account);
    connection_clear(&connection);
}

static void the_defaults_of_kiosk_and_services_are_those_of_the_documentation(void **state)
{
    struct kiosk_settings kiosk = {0};
    struct service service = {0};

    (void)state;
    assert_true(settings_defaults(SECTION_KIOSK, &kiosk));
    assert_string_equal(kiosk.user, "frontdesk-kiosk");
    assert_string_equal(kiosk.listen, "127.0.0.1:8080");
    assert_null(kiosk.connection);
    assert_int_equal(kiosk.idle, KIOSK_IDLE_TOUCH);
    assert_int_equal(kiosk.confirm_after, 15);
    assert_int_equal(kiosk.reset_after, 8);
    assert_null(kiosk.on_check_in);
    assert_int_equal(kiosk.hook_timeout, 10);
    assert_int_equal(kiosk.check_in_limit, 16 * 60 * 60);
    assert_int_equal(kiosk.keep_check_ins, 90 * 24 * 60 * 60);
    free(kiosk.user);
    free(kiosk.listen);
    assert_true(settings_defaults(SECTION_SERVICE, &service));
    assert_int_equal(service.role, ROLE_STAFF);
    assert_int_equal(service.log_out, LOG_OUT_NONE);
    assert_false(service.requires_key);
    assert_false(service.unprivileged);
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
    assert_refused(SECTION_SERVICE, "timeout", "1193047h", "seconds"); /* 2^32 s and a little */
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
    assert_refused(SECTION_AUDIT, "max_size", "63 kB", "no size");
    assert_refused(SECTION_AUDIT, "max_size", "2 GB", "no size");
    assert_refused(SECTION_AUDIT, "max_size", "10 Mb", "no size");
    assert_refused(SECTION_AUDIT, "keep", "0", "from 1 to 99");
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

static void a_local_account_is_never_root(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "shared_account", "kiosk");
    assert_string_equal(connection.shared_account, "kiosk");
    connection_clear(&connection);
    assert_connection_refuses("shared_account", "root", "root");
    assert_connection_refuses("shared_account", "0", "local account");
    assert_connection_refuses("shared_account", "Kiosk", "local account");
    assert_connection_refuses("shared_account", "a b", "local account");
    assert_refused(SECTION_KIOSK, "user", "root", "root");
}

static void a_umask_is_octal(void **state)
{
    struct members_settings members = {0};
    char *why;

    (void)state;
    assert_true(parse(SECTION_MEMBERS, "umask", "027", &members, &why));
    assert_int_equal(members.umask, 027);
    assert_true(parse(SECTION_MEMBERS, "umask", "0077", &members, &why));
    assert_int_equal(members.umask, 077);
    assert_refused(SECTION_MEMBERS, "umask", "77", "octal");
    assert_refused(SECTION_MEMBERS, "umask", "089", "octal");
    assert_refused(SECTION_MEMBERS, "umask", "1777", "octal");
    assert_refused(SECTION_MEMBERS, "umask", "u=rwx", "octal");
}

static void a_preset_is_known_or_told_with_its_neighbour(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "preset", "okta");
    assert_ptr_equal(connection.preset, preset_find("okta"));
    assert_connection_refuses("preset", "oktaa", "did you mean `okta`?");
    assert_connection_refuses("preset", "authentic", "did you mean `authentik`?");
    assert_connection_refuses("preset", "microsoft", "there are auth0, okta, entra");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_defaults_are_those_of_the_documentation),
        cmocka_unit_test(every_default_of_a_connection_is_that_of_the_documentation),
        cmocka_unit_test(the_defaults_of_kiosk_and_services_are_those_of_the_documentation),
        cmocka_unit_test(every_setting_has_help_and_a_name_of_its_own),
        cmocka_unit_test(an_alias_of_the_guides_finds_its_setting),
        cmocka_unit_test(a_mistyped_name_gets_its_neighbour),
        cmocka_unit_test(yes_and_no_are_the_only_switches),
        cmocka_unit_test(the_id_range_may_only_narrow),
        cmocka_unit_test(times_take_a_unit),
        cmocka_unit_test(numbers_have_bounds),
        cmocka_unit_test(a_choice_names_its_words),
        cmocka_unit_test(a_regex_must_compile_and_have_a_group),
        cmocka_unit_test(a_display_name_has_at_most_eighty_characters),
        cmocka_unit_test(paths_are_absolute),
        cmocka_unit_test(a_local_account_is_never_root),
        cmocka_unit_test(a_umask_is_octal),
        cmocka_unit_test(a_preset_is_known_or_told_with_its_neighbour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
