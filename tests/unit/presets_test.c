/* SPDX-License-Identifier: BSD-2-Clause */
/* Presets: every value is one that a file could have, and what a file says wins. */
#include "config_folder.h"
#include "settings_stage.h"

#include "connection/presets.h"

static void every_preset_is_found_by_its_own_name(void **state)
{
    const struct preset *preset;

    (void)state;
    for (size_t i = 0; (preset = presets_at(i)) != NULL; i++) {
        assert_ptr_equal(preset_find(preset->name), preset);
        assert_true(strlen(preset->product) > 0);
        assert_true(strlen(preset->hint) > 0);
    }
    assert_null(preset_find("Okta"));
    assert_null(preset_find(""));
}

static void the_products_of_the_guides_have_presets(void **state)
{
    static const char *const names[] = {"auth0", "okta",      "entra",    "google", "keycloak",
                                        "dex",   "authentik", "authelia", "zitadel"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_non_null(preset_find(names[i]));
    assert_null(presets_at(sizeof names / sizeof names[0]));
}

/* Under its canonical name, so that no preset of ours is told that it uses an alias. */
static void every_value_of_a_preset_is_one_that_a_file_could_have(void **state)
{
    const struct preset *preset;

    (void)state;
    for (size_t i = 0; (preset = presets_at(i)) != NULL; i++)
        for (const struct preset_value *value = preset->values; value->key; value++) {
            const struct setting *setting = settings_find(SECTION_CONNECTION, value->key, NULL);
            struct connection connection = {0};

            assert_non_null(setting);
            assert_string_equal(setting->key, value->key);
            assert_ptr_not_equal(setting->parse, setting_preset);
            take(&connection, value->key, value->value);
            connection_clear(&connection);
        }
}

/* The connection of this file's text; NULL: refused. */
static struct config *read_text(const struct folder *folder, const char *text)
{
    folder_write(folder, "connections.d/acme.conf", text);
    return config_read_layers(folder->path, NULL);
}

static void a_preset_fills_in_what_the_file_leaves_out(void **state)
{
    struct config *config =
        read_text(*state, "[connection]\npreset = google\nclient_id = x\nservices = login\n"
                          "client_secret_file = /etc/x\nallow_all = yes\n"
                          "username_regex = ^([^@]+)@acme[.]com$\n");
    const struct connection *connection = config_connection(config, "acme");

    assert_int_equal(config->fault_count, 0);
    assert_int_equal(config->notice_count, 0);
    assert_string_equal(connection->preset->name, "google");
    assert_string_equal(connection->issuer, "https://accounts.google.com");
    assert_int_equal(connection->client_auth_method, CLIENT_AUTH_POST);
    assert_string_equal(connection->username_claim, "email");
    assert_string_equal(connection->scopes[1], "email");
    config_unref(config);
}

static void what_the_file_says_wins_over_its_preset(void **state)
{
    struct config *config = read_text(
        *state, "[connection]\nscope = openid\nusername_claim = nick\nissuer = https://dex.example\n"
                "client_auth_method = none\nclient_id = x\nservices = login\npreset = dex\n"
                "allow_all = yes\n");
    const struct connection *connection = config_connection(config, "acme");

    assert_int_equal(config->fault_count, 0);
    assert_string_equal(connection->issuer, "https://dex.example");
    assert_string_equal(connection->username_claim, "nick");
    assert_null(connection->scopes[1]);
    assert_int_equal(connection->client_auth_method, CLIENT_AUTH_NONE);
    config_unref(config);
}

/* As the documentation of each product says. */
static void each_preset_has_its_products_dialect(void **state)
{
    static const struct {
        const char *preset;
        enum client_auth method;
        const char *last_scope, *username_claim;
        bool slash;
    } dialects[] = {
        {"auth0", CLIENT_AUTH_NONE, "email", "email", true},
        {"okta", CLIENT_AUTH_AUTO, "groups", "preferred_username", false},
        {"entra", CLIENT_AUTH_NONE, "email", "preferred_username", false},
        {"keycloak", CLIENT_AUTH_AUTO, "email", "preferred_username", false},
        {"dex", CLIENT_AUTH_POST, "groups", "preferred_username", false},
        {"authentik", CLIENT_AUTH_AUTO, "email", "preferred_username", true},
        {"authelia", CLIENT_AUTH_AUTO, "groups", "preferred_username", false},
        {"zitadel", CLIENT_AUTH_AUTO, "email", "preferred_username", false},
    };

    for (size_t i = 0; i < sizeof dialects / sizeof dialects[0]; i++) {
        char text[256];
        size_t last = 0;

        (void)snprintf(
            text, sizeof text,
            "[connection]\npreset = %s\nissuer = https://idp.example\nclient_id = x\nservices = x\n%s",
            dialects[i].preset, dialects[i].method == CLIENT_AUTH_POST ? "client_secret_file = s\n" : "");
        struct config *config = read_text(*state, text);
        const struct connection *connection = config_connection(config, "acme");

        assert_non_null(connection);
        while (connection->scopes[last + 1])
            last++;
        assert_string_equal(connection->scopes[0], "openid");
        assert_string_equal(connection->scopes[last], dialects[i].last_scope);
        assert_int_equal(connection->client_auth_method, dialects[i].method);
        assert_string_equal(connection->username_claim, dialects[i].username_claim);
        assert_int_equal(connection_is_issuer(connection, "https://idp.example/"), dialects[i].slash);
        config_unref(config);
    }
}

/* Of the notices, is there one with these words? */
static bool is_told(const struct config *config, const char *words)
{
    for (size_t i = 0; i < config->notice_count; i++)
        if (strstr(config->notices[i].why, words))
            return true;
    return false;
}

static void a_preset_whose_user_name_is_an_email_asks_for_the_expression(void **state)
{
    static const char *const presets[] = {"auth0", "okta", "entra"};
    static const char *const forms[] = {"", "username_regex = ^([^@]+)@acme[.]com$\n",
                                        "username_claim = nick\n"};

    for (size_t i = 0; i < sizeof presets / sizeof presets[0]; i++)
        for (size_t form = 0; form < sizeof forms / sizeof forms[0]; form++) {
            char text[256];

            (void)snprintf(
                text, sizeof text,
                "[connection]\npreset = %s\nissuer = https://idp.example\nclient_id = x\nservices = x\n%s",
                presets[i], forms[form]);
            struct config *config = read_text(*state, text);

            assert_int_equal(config->fault_count, 0);
            assert_int_equal(is_told(config, "set username_regex"), form == 0);
            config_unref(config);
        }
}

static void a_preset_says_that_its_product_needs_a_secret(void **state)
{
    struct config *config = read_text(*state, "[connection]\nclient_id = x\npreset = google\nservices = x\n");

    assert_int_equal(config->fault_count, 1);
    assert_int_equal(config->faults[0].line, 3);
    assert_non_null(strstr(config->faults[0].why, "what goes with Google needs `client_secret_file`"));
    config_unref(config);
}

static void a_preset_that_needs_no_secret_says_that_one_is_not_used(void **state)
{
    struct config *config = read_text(*state, "[connection]\nclient_id = x\npreset = auth0\nservices = x\n"
                                              "issuer = https://idp.example\nclient_secret_file = s\n");

    assert_int_equal(config->fault_count, 0);
    assert_true(is_told(config, "client_secret_file is not used"));
    config_unref(config);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_set_up, folder_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_preset_is_found_by_its_own_name),
        cmocka_unit_test(the_products_of_the_guides_have_presets),
        cmocka_unit_test(every_value_of_a_preset_is_one_that_a_file_could_have),
        TEST(a_preset_fills_in_what_the_file_leaves_out),
        TEST(what_the_file_says_wins_over_its_preset),
        TEST(each_preset_has_its_products_dialect),
        TEST(a_preset_whose_user_name_is_an_email_asks_for_the_expression),
        TEST(a_preset_says_that_its_product_needs_a_secret),
        TEST(a_preset_that_needs_no_secret_says_that_one_is_not_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
