/* SPDX-License-Identifier: BSD-2-Clause */
/* What becomes of each field of an Auth0 connection, and which bodies are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "connection/auth0_import.h"

static struct auth0_import import_text(const char *body)
{
    struct auth0_import import;
    char *why = NULL;

    if (!auth0_import(body, strlen(body), &import, &why))
        fail_msg("%s: %s", body, why ? why : "no memory");
    return import;
}

/* A body whose options are these. */
static struct auth0_import import_options(const char *options)
{
    char body[4096];

    (void)snprintf(body, sizeof body, "{\"strategy\":\"oidc\",\"options\":{%s}}", options);
    return import_text(body);
}

/* "key = value" lines, in the order of the table. */
static void assert_draft(const struct auth0_import *import, const char *wanted)
{
    AUTO_FREE char *text = draft_text(&import->draft);

    assert_non_null(text);
    assert_string_equal(text + strlen("[connection]\n"), wanted);
}

static const struct auth0_note *note_of(const struct auth0_import *import, const char *field)
{
    for (size_t i = 0; i < import->notes.count; i++)
        if (strcmp(import->notes.notes[i].field, field) == 0)
            return &import->notes.notes[i];
    return NULL;
}

static void assert_note(const struct auth0_import *import, const char *field, enum auth0_fate fate,
                        const char *words)
{
    const struct auth0_note *note = note_of(import, field);

    if (!note) {
        fail_msg("nothing was said of %s", field);
        return;
    }
    assert_int_equal(note->fate, fate);
    if (!strstr(note->why, words))
        fail_msg("%s: %s", field, note->why);
}

static void assert_refused(const char *body, const char *words)
{
    struct auth0_import import;
    AUTO_FREE char *why = NULL;

    assert_false(auth0_import(body, strlen(body), &import, &why));
    assert_non_null(why);
    if (!strstr(why, words))
        fail_msg("%s: %s", body, why);
}

static void the_guides_front_channel_with_discovery(void **state)
{
    struct auth0_import import = import_text(
        "{\"strategy\":\"oidc\",\"name\":\"Acme OIDC\",\"options\":{\"type\":\"front_channel\","
        "\"discovery_url\":\"https://idp.example/.well-known/openid-configuration\",\"client_id\":\"id\","
        "\"scopes\":\"openid profile\"}}");

    (void)state;
    assert_draft(&import, "issuer = https://idp.example/.well-known/openid-configuration\nclient_id = id\n"
                          "scopes = openid profile\n");
    assert_string_equal(import.name, "acme-oidc");
    assert_null(import.missing);
    assert_int_equal(import.client_secret.length, 0);
    assert_note(&import, "options.type", AUTH0_LOST, "gateway");
    auth0_import_clear(&import);
}

static void the_guides_back_channel_with_discovery(void **state)
{
    struct auth0_import import = import_options(
        "\"type\":\"back_channel\",\"discovery_url\":\"https://idp.example\",\"client_id\":\"id\","
        "\"client_secret\":\"s3cret\",\"scopes\":\"openid profile\"");

    (void)state;
    assert_draft(&import, "issuer = https://idp.example\nclient_id = id\nscopes = openid profile\n");
    assert_string_equal(import.client_secret.bytes, "s3cret");
    assert_note(&import, "options.type", AUTH0_NOT_NEEDED, "device grant");
    assert_note(&import, "options.client_secret", AUTH0_KEPT, "client_secret_file");
    for (size_t i = 0; i < import.notes.count; i++)
        assert_null(strstr(import.notes.notes[i].why, "s3cret"));
    auth0_import_clear(&import);
}

static void the_guides_back_channel_with_issuer_settings(void **state)
{
    struct auth0_import import = import_options(
        "\"type\":\"back_channel\",\"issuer\":\"https://idp.example\",\"authorization_endpoint\":"
        "\"https://idp.example/authorize\",\"jwks_uri\":\"https://idp.example/jwks\",\"client_id\":\"id\","
        "\"scopes\":\"openid profile\"");

    (void)state;
    assert_draft(&import, "issuer = https://idp.example\nclient_id = id\nscopes = openid profile\n"
                          "jwks_uri = https://idp.example/jwks\n");
    assert_string_equal(import.missing, "device_authorization_endpoint, token_endpoint");
    assert_note(&import, "options.authorization_endpoint", AUTH0_NOT_NEEDED, "device grant");
    auth0_import_clear(&import);
}

static void the_guides_front_channel_with_issuer_settings(void **state)
{
    struct auth0_import import = import_options(
        "\"type\":\"front_channel\",\"issuer\":\"https://idp.example\",\"authorization_endpoint\":"
        "\"https://idp.example/authorize\",\"token_endpoint\":\"https://idp.example/token\",\"jwks_uri\":"
        "\"https://idp.example/"
        "jwks\",\"client_id\":\"id\",\"client_secret\":\"s\",\"scopes\":\"openid,profile\"");

    (void)state;
    assert_draft(&import,
                 "issuer = https://idp.example\nclient_id = id\nscopes = openid,profile\n"
                 "token_endpoint = https://idp.example/token\njwks_uri = https://idp.example/jwks\n");
    assert_string_equal(import.missing, "device_authorization_endpoint");
    auth0_import_clear(&import);
}

static void full_metadata_lacks_nothing(void **state)
{
    struct auth0_import import = import_options(
        "\"oidc_metadata\":{\"issuer\":\"https://idp.example\",\"device_authorization_endpoint\":"
        "\"https://idp.example/device\",\"token_endpoint\":\"https://idp.example/other\",\"jwks_uri\":"
        "\"https://idp.example/jwks\",\"authorization_endpoint\":\"https://idp.example/a\","
        "\"id_token_signing_alg_values_supported\":[\"RS256\",\"HS256\"],\"claims_supported\":[\"sub\"],"
        "\"dreams\":1},\"client_id\":\"id\",\"token_endpoint\":\"https://idp.example/token\"");

    (void)state;
    assert_draft(&import, "issuer = https://idp.example\nclient_id = id\n"
                          "device_authorization_endpoint = https://idp.example/device\n"
                          "token_endpoint = https://idp.example/token\njwks_uri = https://idp.example/jwks\n"
                          "signing_algs = RS256\n");
    assert_null(import.missing);
    assert_note(&import, "options.oidc_metadata.token_endpoint", AUTH0_NOT_NEEDED, "another field");
    assert_note(&import, "options.oidc_metadata.id_token_signing_alg_values_supported", AUTH0_LOST, "HS256");
    assert_note(&import, "options.oidc_metadata.claims_supported", AUTH0_NOT_NEEDED, "asked");
    assert_note(&import, "options.oidc_metadata.dreams", AUTH0_UNKNOWN, "");
    auth0_import_clear(&import);
}

static void the_newer_options_are_kept_under_our_words(void **state)
{
    struct auth0_import import = import_options(
        "\"discovery_url\":\"https://idp.example/.well-known/openid-configuration\",\"issuer\":"
        "\"https://idp.example/\",\"client_id\":\"id\",\"token_endpoint_auth_method\":\"private_key_jwt\","
        "\"token_endpoint_auth_signing_alg\":\"ES256\",\"token_endpoint_jwtca_aud_format\":\"issuer\","
        "\"id_token_signed_response_algs\":[\"ES256\",\"PS256\"],\"connection_settings\":{\"pkce\":"
        "\"disabled\"},"
        "\"set_user_root_attributes\":\"on_first_login\",\"domain_aliases\":[\"acme.com\",\"acme.io\"],"
        "\"upstream_params\":{\"acr_values\":{\"value\":\"mfa\"},\"ui_locales\":{\"value\":\"de\"},"
        "\"login_hint\":{\"alias\":\"login_hint\"},\"prompt\":{\"value\":\"login\"}},"
        "\"attribute_map\":{\"mapping_mode\":\"use_map\",\"attributes\":{\"email\":"
        "\"${context.userinfo.mail}\",\"username\":\"${context.tokenset.nick.name}\",\"name\":\"a literal\","
        "\"colour\":\"${context.tokenset.colour}\"}}");

    (void)state;
    assert_draft(&import,
                 "issuer = https://idp.example/\nclient_id = id\nclient_auth_method = private_key_jwt\n"
                 "client_auth_signing_alg = ES256\nclient_assertion_audience = issuer\n"
                 "extra_params = acr_values=mfa ui_locales=de\npkce = off\n"
                 "signing_algs = ES256 PS256\ndomain_aliases = acme.com acme.io\n"
                 "username_claim = nick.name\nemail_claim = mail\nuserinfo = always\n"
                 "sync_profile = on_first_login\n");
    assert_note(&import, "options.upstream_params.login_hint", AUTH0_LOST, "fixed");
    assert_note(&import, "options.upstream_params.prompt", AUTH0_LOST, "prompt");
    assert_note(&import, "options.attribute_map.attributes.name", AUTH0_LOST, "one claim");
    assert_note(&import, "options.attribute_map.attributes.colour", AUTH0_LOST, "no such attribute");
    assert_note(&import, "options.discovery_url", AUTH0_KEPT, "issuer");
    auth0_import_clear(&import);
}

static void what_stands_outside_the_options_is_told(void **state)
{
    struct auth0_import import = import_text(
        "{\"strategy\":\"oidc\",\"name\":\"a.b c\",\"display_name\":\"Acme\",\"show_as_button\":false,"
        "\"realms\":[\"x\"],\"enabled_clients\":[\"y\"],\"metadata\":{},\"dreams\":[1],\"id\":null,"
        "\"authentication\":{\"active\":false},\"options\":{\"icon_url\":\"https://x/y.png\"}}");

    (void)state;
    assert_draft(&import, "enabled = no\ndisplay_name = Acme\n");
    assert_string_equal(import.name, "a-b-c");
    assert_note(&import, "enabled_clients", AUTH0_LOST, "services");
    assert_note(&import, "options.icon_url", AUTH0_LOST, "icon");
    assert_note(&import, "show_as_button", AUTH0_LOST, "offered");
    assert_note(&import, "dreams", AUTH0_UNKNOWN, "no field");
    assert_null(note_of(&import, "id"));
    auth0_import_clear(&import);
}

static void okta_is_a_preset_and_a_domain(void **state)
{
    struct auth0_import import = import_text(
        "{\"options\":{\"domain\":\"acme.okta.com\",\"client_id\":\"id\"},\"strategy\":\"okta\"}");

    (void)state;
    assert_draft(&import, "preset = okta\nokta_domain = acme.okta.com\nclient_id = id\n");
    assert_null(import.missing);
    auth0_import_clear(&import);
}

static void a_value_brings_no_second_line_along(void **state)
{
    struct auth0_import import = import_text("{\"strategy\":\"oidc\",\"display_name\":\"x\\nallow_all = "
                                             "yes\",\"options\":{\"client_id\":\"a\\rb\"}}");

    (void)state;
    assert_draft(&import, "");
    assert_note(&import, "display_name", AUTH0_LOST, "control character");
    assert_note(&import, "options.client_id", AUTH0_LOST, "control character");
    auth0_import_clear(&import);
    import = import_options("\"domain_aliases\":[\"a.com\",\"b.com\\nallow_all = yes\"]");
    assert_draft(&import, "");
    auth0_import_clear(&import);
    assert_refused("{\"strategy\":\"oidc\",\"options\":{\"client_secret\":\"a\\nb\"}}", "one line");
}

static void a_value_brings_no_second_param_along(void **state)
{
    struct auth0_import import =
        import_options("\"upstream_params\":{\"acr_values\":{\"value\":\"a audience=x\"},\"mkt=a "
                       "resource\":{\"value\":\"y\"},\"ui_locales\":{\"value\":\"de\"}}");

    (void)state;
    assert_draft(&import, "extra_params = ui_locales=de\n");
    assert_note(&import, "options.upstream_params.acr_values", AUTH0_LOST, "blank");
    auth0_import_clear(&import);
}

static void a_secret_is_bounded(void **state)
{
    char body[CLIENT_SECRET_MAX + 128], secret[CLIENT_SECRET_MAX + 2] = "";

    (void)state;
    memset(secret, 's', CLIENT_SECRET_MAX + 1);
    (void)snprintf(body, sizeof body, "{\"strategy\":\"oidc\",\"options\":{\"client_secret\":\"%s\"}}",
                   secret);
    assert_refused(body, "at most");
}

static void with_discovery_nothing_is_missing(void **state)
{
    struct auth0_import import =
        import_options("\"discovery_url\":\"https://idp.example/.well-known/openid-configuration\","
                       "\"token_endpoint\":\"https://idp.example/token\"");

    (void)state;
    assert_null(import.missing);
    auth0_import_clear(&import);
}

static void a_body_that_is_no_connection_is_refused(void **state)
{
    char deep[512] = "{\"strategy\":\"oidc\",\"options\":";
    AUTO_FREE char *large = calloc(1, AUTH0_BODY_MAX + 2);

    (void)state;
    assert_refused("", "no JSON object");
    assert_refused("[]", "no JSON object");
    assert_refused("{\"strategy\":\"oidc\"", "no JSON object");
    assert_refused("{\"strategy\":\"oidc\",\"strategy\":\"okta\"}", "no JSON object");
    assert_refused("{\"name\":\"x\"}", "`strategy` is missing");
    assert_refused("{\"strategy\":7}", "`strategy` is missing");
    assert_refused("{\"strategy\":\"samlp\"}", "samlp");
    assert_refused("{\"strategy\":\"oidc\",\"options\":[]}", "options must be an object");
    assert_refused("{\"strategy\":\"oidc\",\"options\":{\"client_id\":5}}",
                   "options.client_id must be a string");
    assert_refused("{\"strategy\":\"oidc\",\"options\":{\"domain_aliases\":[\"a.com\",5]}}",
                   "an array of strings");
    assert_refused("{\"strategy\":\"oidc\",\"authentication\":{\"active\":\"yes\"}}", "true or false");
    memset(deep + strlen(deep), '[', 100);
    assert_refused(deep, "no JSON object");
    assert_non_null(large);
    memset(large, ' ', AUTH0_BODY_MAX + 1);
    memcpy(large, "{\"strategy\":\"oidc\"}", 19);
    assert_refused(large, "larger");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_guides_front_channel_with_discovery),
        cmocka_unit_test(the_guides_back_channel_with_discovery),
        cmocka_unit_test(the_guides_back_channel_with_issuer_settings),
        cmocka_unit_test(the_guides_front_channel_with_issuer_settings),
        cmocka_unit_test(full_metadata_lacks_nothing),
        cmocka_unit_test(the_newer_options_are_kept_under_our_words),
        cmocka_unit_test(what_stands_outside_the_options_is_told),
        cmocka_unit_test(okta_is_a_preset_and_a_domain),
        cmocka_unit_test(a_value_brings_no_second_line_along),
        cmocka_unit_test(a_value_brings_no_second_param_along),
        cmocka_unit_test(a_secret_is_bounded),
        cmocka_unit_test(with_discovery_nothing_is_missing),
        cmocka_unit_test(a_body_that_is_no_connection_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
