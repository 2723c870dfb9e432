/* SPDX-License-Identifier: BSD-2-Clause */
/* There and back: what the body has a place for is the same connection again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "config/config.h"
#include "config_folder.h"
#include "connection/auth0_export.h"
#include "connection/auth0_import.h"

/* The body of a connection whose file has these lines, as text. */
static char *export_lines(struct folder *folder, const char *lines)
{
    AUTO_JSON struct json_document *body = NULL;
    struct config *config;
    char *text;

    folder_write_bytes(folder, "connections.d/acme.conf", lines, strlen(lines));
    config = config_read_layers(folder->path, NULL);
    assert_non_null(config);
    if (config->fault_count > 0)
        fail_msg("%s", config->faults[0].why);
    assert_int_equal(config->connection_count, 1);
    body = auth0_export(&config->connections[0]);
    assert_non_null(body);
    text = json_print(json_top(body));
    config_unref(config);
    assert_non_null(text);
    return text;
}

static void assert_body(struct folder *folder, const char *lines, const char *wanted)
{
    AUTO_FREE char *body = export_lines(folder, lines);

    assert_string_equal(body, wanted);
}

/* Exported, imported and written, `lines` are `lines` again (in the order of the table). */
static void assert_returns(struct folder *folder, const char *lines)
{
    AUTO_FREE char *body = export_lines(folder, lines), *text = NULL, *why = NULL, *again = NULL;
    struct auth0_import import;

    assert_true(auth0_import(body, strlen(body), &import, &why));
    for (size_t i = 0; i < import.notes.count; i++)
        assert_int_not_equal(import.notes.notes[i].fate, AUTH0_UNKNOWN);
    assert_string_equal(import.name, "acme");
    assert_true(draft_add(&import.draft, "services", "", &why));
    text = draft_text(&import.draft);
    assert_non_null(text);
    again = export_lines(folder, text);
    assert_string_equal(again, body);
    auth0_import_clear(&import);
}

#define SETTINGS "\"id_token_signed_response_algs\":[\"RS256\",\"ES256\",\"PS256\",\"EdDSA\"]"

static void a_plain_connection_is_a_back_channel_with_discovery(void **state)
{
    assert_body(
        *state,
        "[connection]\nissuer = https://idp.example\nclient_id = id\nservices = sshd\nallow_all = yes\n",
        "{\"strategy\":\"oidc\",\"name\":\"acme\",\"display_name\":\"Sign in with Corporate Account\","
        "\"authentication\":{\"active\":true},\"options\":{\"type\":\"back_channel\",\"discovery_url\":"
        "\"https://idp.example/.well-known/openid-configuration\",\"issuer\":\"https://idp.example\","
        "\"client_id\":\"id\",\"scope\":\"openid profile email\"," SETTINGS "}}");
}

static void okta_keeps_its_strategy(void **state)
{
    AUTO_FREE char *body = export_lines(*state, "[connection]\npreset = okta\nokta_domain = acme.okta.com\n"
                                                "client_id = id\nservices =\n");

    assert_non_null(strstr(body, "{\"strategy\":\"okta\""));
    assert_non_null(strstr(body, "\"domain\":\"acme.okta.com\""));
    assert_null(strstr(body, "issuer"));
}

static void a_secret_stays_here(void **state)
{
    AUTO_FREE char *body = export_lines(*state, "[connection]\nissuer = https://idp.example\nclient_id = id\n"
                                                "client_secret_file = /run/secret\nservices =\n");

    assert_null(strstr(body, "secret"));
}

static void our_words_become_theirs(void **state)
{
    static const char *const wanted[] = {
        "\"connection_settings\":{\"pkce\":\"disabled\"}",
        "\"upstream_params\":{\"ui_locales\":{\"value\":\"de\"}}",
        "\"attribute_map\":{\"attributes\":{\"email\":\"${context.tokenset.mail}\"},\"mapping_mode\":\"use_"
        "map\"}",
        "\"oidc_metadata\":{\"end_session_endpoint\":\"https://idp.example/e\"}",
        "\"token_endpoint\":\"https://idp.example/t\"",
        "\"token_endpoint_auth_method\":\"none\"",
        "\"set_user_root_attributes\":\"never_on_login\"",
        "\"authentication\":{\"active\":false}",
        "\"domain_aliases\":[\"acme.com\",\"acme.io\"]",
    };
    AUTO_FREE char *body = export_lines(
        *state,
        "[connection]\nissuer = https://idp.example\nclient_id = id\nservices =\nenabled = no\npkce = off\n"
        "extra_params = ui_locales=de\nemail_claim = mail\nlog_out_url = https://idp.example/e\n"
        "token_endpoint = https://idp.example/t\nclient_auth_method = none\n"
        "sync_profile = never_on_login\ndomain_aliases = acme.com,acme.io\n");

    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!strstr(body, wanted[i]))
            fail_msg("%s is not in %s", wanted[i], body);
}

static void each_kind_returns_as_it_was(void **state)
{
    static const char *const kinds[] = {
        "[connection]\nissuer = https://idp.example/.well-known/openid-configuration\nclient_id = id\n"
        "services =\n",
        "[connection]\nissuer = https://idp.example/t/\nclient_id = id\nservices =\nenabled = no\n",
        "[connection]\npreset = okta\nokta_domain = acme.okta.com\nclient_id = id\nservices =\n",
        "[connection]\nissuer = https://idp.example\nclient_id = id\nservices =\n"
        "device_authorization_endpoint = https://idp.example/d\ntoken_endpoint = https://idp.example/t\n"
        "jwks_uri = https://idp.example/j\nuserinfo_endpoint = https://idp.example/u\n"
        "end_session_endpoint = https://idp.example/e\nrevocation_endpoint = https://idp.example/r\n",
        "[connection]\nissuer = https://idp.example\nclient_id = id\nservices =\njwks_uri = "
        "https://x.example/j\n"
        "extra_params = audience=api ui_locales=de\npkce = off\nsigning_algs = ES256\n"
        "display_name = \xd0\x92\xd1\x85\xd0\xbe\xd0\xb4 \"Acme\"\ndomain_aliases = acme.com acme.io\n"
        "username_claim = nick.name\nname_claim = n\nemail_claim = mail\ngroups_claim = roles\n"
        "sync_profile = never_on_login\n",
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        assert_returns(*state, kinds[i]);
}

static void what_has_no_place_says_so(void **state)
{
    static const char *const placed[] = {"issuer", "client_id", "scopes", "pkce", "enabled"};
    static const char *const lost[] = {"allow_all", "client_secret_file", "services", "group_map", "icon"};
    const char *why = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof placed / sizeof placed[0]; i++)
        assert_true(auth0_has_place(placed[i], &why));
    for (size_t i = 0; i < sizeof lost / sizeof lost[0]; i++) {
        why = NULL;
        assert_false(auth0_has_place(lost[i], &why));
        assert_non_null(why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_connection_is_a_back_channel_with_discovery),
        cmocka_unit_test(okta_keeps_its_strategy),
        cmocka_unit_test(a_secret_stays_here),
        cmocka_unit_test(our_words_become_theirs),
        cmocka_unit_test(each_kind_returns_as_it_was),
        cmocka_unit_test(what_has_no_place_says_so),
    };

    return cmocka_run_group_tests(tests, folder_set_up, folder_tear_down);
}
