/* SPDX-License-Identifier: BSD-2-Clause */
/* How a client is named and proved in a request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/client_auth.h"
#include "unit/pem_key.h"

#define ISSUER "https://id.example.org"
#define DOCUMENT                                                                                             \
    "{\"issuer\":\"" ISSUER "\",\"token_endpoint\":\"https://id.example.org/t\","                            \
    "\"jwks_uri\":\"https://id.example.org/k\",\"device_authorization_endpoint\":\"https://id.example.org/"  \
    "d\""

static char issuer_typed[] = ISSUER, client_id[] = "desk:1 %";
static const struct connection desk = {.issuer = issuer_typed};

static enum reason make(const char *methods, const struct connection *connection, const char *secret_text,
                        struct device_client *ret_client)
{
    AUTO_DISCOVERY struct discovery discovery = {0};
    AUTO_SECRET struct secret secret = {0};
    char text[1024];

    (void)snprintf(text, sizeof text, DOCUMENT "%s}", methods);
    assert_int_equal(discovery_parse(text, strlen(text), &desk, &discovery, NULL), REASON_OK);
    assert_true(secret_copy(secret_text, strlen(secret_text), &secret));
    return device_client_make(connection, &secret, &discovery, CLIENT_SPELLING_FORM, ret_client);
}

static enum reason method_with(const char *methods, enum client_auth configured, const char *secret_text,
                               enum client_auth *ret_method)
{
    const struct connection connection = {
        .issuer = issuer_typed, .client_id = client_id, .client_auth_method = configured};
    struct device_client client = {.method = *ret_method};
    const enum reason reason = make(methods, &connection, secret_text, &client);

    *ret_method = client.method;
    return reason;
}

static enum client_auth chosen(const char *methods, enum client_auth configured, const char *secret_text)
{
    enum client_auth method = CLIENT_AUTH_AUTO;

    assert_int_equal(method_with(methods, configured, secret_text, &method), REASON_OK);
    return method;
}

static void auto_follows_the_secret_and_the_server(void **state)
{
    static const char lists_post[] =
        ",\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\",\"client_secret_post\"]";
    static const char lists_both[] =
        ",\"token_endpoint_auth_methods_supported\":[\"client_secret_post\",\"client_secret_basic\"]";

    (void)state;
    assert_int_equal(chosen("", CLIENT_AUTH_AUTO, ""), CLIENT_AUTH_NONE);
    assert_int_equal(chosen(lists_both, CLIENT_AUTH_AUTO, ""), CLIENT_AUTH_NONE);
    assert_int_equal(chosen("", CLIENT_AUTH_AUTO, "s"), CLIENT_AUTH_BASIC);
    assert_int_equal(chosen(lists_both, CLIENT_AUTH_AUTO, "s"), CLIENT_AUTH_BASIC);
    assert_int_equal(chosen(lists_post, CLIENT_AUTH_AUTO, "s"), CLIENT_AUTH_POST);
}

static void what_is_configured_is_done(void **state)
{
    static const char lists_basic[] = ",\"token_endpoint_auth_methods_supported\":[\"client_secret_basic\"]";

    (void)state;
    assert_int_equal(chosen(lists_basic, CLIENT_AUTH_POST, "s"), CLIENT_AUTH_POST);
    assert_int_equal(chosen(lists_basic, CLIENT_AUTH_NONE, "s"), CLIENT_AUTH_NONE);
    assert_int_equal(chosen("", CLIENT_AUTH_BASIC, "s"), CLIENT_AUTH_BASIC);
}

static void a_server_that_takes_neither_is_a_reason(void **state)
{
    enum client_auth method = CLIENT_AUTH_AUTO;

    (void)state;
    assert_int_equal(method_with(",\"token_endpoint_auth_methods_supported\":[\"private_key_jwt\"]",
                                 CLIENT_AUTH_AUTO, "s", &method),
                     REASON_NO_CLIENT_AUTH);
    assert_int_equal(
        method_with(",\"token_endpoint_auth_methods_supported\":[]", CLIENT_AUTH_AUTO, "s", &method),
        REASON_NO_CLIENT_AUTH);
    assert_int_equal(method, CLIENT_AUTH_AUTO);
}

static void a_private_key_signs_and_never_travels(void **state)
{
    AUTO_PEM_KEY struct pem_key key = pem_key_of(EVP_EC_gen("P-256"), NULL);
    enum client_auth method = CLIENT_AUTH_AUTO;

    (void)state;
    assert_int_equal(chosen("", CLIENT_AUTH_AUTO, key.text), CLIENT_AUTH_PRIVATE_KEY_JWT);
    assert_int_equal(chosen("", CLIENT_AUTH_PRIVATE_KEY_JWT, key.text), CLIENT_AUTH_PRIVATE_KEY_JWT);
    assert_int_equal(method_with("", CLIENT_AUTH_BASIC, key.text, &method), REASON_CLIENT_KEY_UNUSABLE);
    assert_int_equal(method_with("", CLIENT_AUTH_POST, key.text, &method), REASON_CLIENT_KEY_UNUSABLE);
    assert_int_equal(method_with("", CLIENT_AUTH_PRIVATE_KEY_JWT, "s", &method), REASON_CLIENT_KEY_UNUSABLE);
    assert_int_equal(method_with("", CLIENT_AUTH_PRIVATE_KEY_JWT, "", &method), REASON_CLIENT_KEY_UNUSABLE);
    assert_int_equal(method, CLIENT_AUTH_AUTO);
}

static void a_client_is_made_of_its_connection(void **state)
{
    char *scopes[] = {NULL};
    struct name_value extra[] = {{NULL, NULL}};
    const struct connection connection = {.issuer = issuer_typed,
                                          .client_id = client_id,
                                          .scopes = scopes,
                                          .extra_params = extra,
                                          .pkce = PKCE_S256};
    struct device_client client;

    (void)state;
    assert_int_equal(make("", &connection, "", &client), REASON_OK);
    assert_string_equal(client.client_id, client_id);
    assert_ptr_equal(client.scopes, scopes);
    assert_ptr_equal(client.extra_params, extra);
    assert_int_equal(client.pkce, PKCE_S256);
    assert_int_equal(client.trial, TRIAL_NONE);
}

static struct client_form form_spelled(enum client_auth method, enum client_spelling spelling)
{
    char text[] = "p:a s%";
    const struct secret secret = {.bytes = text, .length = strlen(text)};
    const struct device_client client = {
        .client_id = "desk:1 %", .secret = &secret, .method = method, .spelling = spelling};
    struct client_form form = {0};

    assert_true(client_form_begin(&client, &form));
    return form;
}

static struct client_form form_of(enum client_auth method)
{
    return form_spelled(method, CLIENT_SPELLING_FORM);
}

static void a_raw_secret_is_sent_as_it_is(void **state)
{
    AUTO_CLIENT_FORM struct client_form form = form_spelled(CLIENT_AUTH_BASIC, CLIENT_SPELLING_RAW);

    (void)state;
    assert_string_equal(form.form.text, "client_id=desk%3A1+%25");
    assert_string_equal(form.basic_user, "desk:1 %");
    assert_string_equal(form.basic_password, "p:a s%");
}

static void basic_is_form_encoded_and_keeps_the_client_id_in_the_form(void **state)
{
    AUTO_CLIENT_FORM struct client_form form = form_of(CLIENT_AUTH_BASIC);

    (void)state;
    assert_string_equal(form.form.text, "client_id=desk%3A1+%25");
    assert_string_equal(form.basic_user, "desk%3A1+%25");
    assert_string_equal(form.basic_password, "p%3Aa+s%25");
}

static void post_carries_the_secret_in_the_form(void **state)
{
    AUTO_CLIENT_FORM struct client_form form = form_of(CLIENT_AUTH_POST);

    (void)state;
    assert_string_equal(form.form.text, "client_id=desk%3A1+%25&client_secret=p%3Aa+s%25");
    assert_null(form.basic_user);
}

static void a_public_client_sends_no_secret(void **state)
{
    AUTO_CLIENT_FORM struct client_form form = form_of(CLIENT_AUTH_NONE);

    (void)state;
    assert_string_equal(form.form.text, "client_id=desk%3A1+%25");
    assert_null(form.basic_user);
    assert_null(form.basic_password);
}

static struct device_client client_with(const char *id, struct secret *secret)
{
    return (struct device_client){.client_id = id, .secret = secret, .method = CLIENT_AUTH_BASIC};
}

static void the_other_spelling_is_tried_once(void **state)
{
    struct secret secret = {.bytes = (char[]){"a%b"}, .length = 3};
    struct device_client won = client_with("desk", &secret), lost = client_with("desk", &secret);

    (void)state;
    assert_false(client_is_respelled(&won, false));
    assert_true(client_is_respelled(&won, true));
    assert_int_equal(won.spelling, CLIENT_SPELLING_RAW);
    assert_false(client_is_respelled(&won, false));
    assert_int_equal(won.trial, TRIAL_WON);
    assert_false(client_is_respelled(&won, true));
    assert_int_equal(won.spelling, CLIENT_SPELLING_RAW);

    assert_true(client_is_respelled(&lost, true));
    assert_false(client_is_respelled(&lost, true));
    assert_int_equal(lost.trial, TRIAL_LOST);
    assert_int_equal(lost.spelling, CLIENT_SPELLING_FORM);
    assert_false(client_is_respelled(&lost, true));
}

static void a_spelling_that_changes_nothing_is_not_tried(void **state)
{
    struct secret plain = {.bytes = (char[]){"a-b_c.9*"}, .length = 8},
                  odd = {.bytes = (char[]){"~"}, .length = 1};
    struct device_client same = client_with("desk", &plain), colon = client_with("de:sk", &odd),
                         in_form = client_with("desk", &odd), in_id = client_with("de sk", &plain);

    (void)state;
    in_form.method = CLIENT_AUTH_POST;
    assert_false(client_is_respelled(&same, true));
    assert_false(client_is_respelled(&colon, true));
    assert_false(client_is_respelled(&in_form, true));
    assert_true(client_is_respelled(&in_id, true));
}

static void a_refusal_of_the_client_is_told_by_word_or_by_a_bare_401(void **state)
{
    (void)state;
    assert_true(client_was_refused(401, "invalid_client"));
    assert_true(client_was_refused(400, "invalid_client"));
    assert_true(client_was_refused(401, ""));
    assert_false(client_was_refused(401, "access_denied"));
    assert_false(client_was_refused(400, ""));
    assert_false(client_was_refused(400, "unauthorized_client"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_follows_the_secret_and_the_server),
        cmocka_unit_test(what_is_configured_is_done),
        cmocka_unit_test(a_server_that_takes_neither_is_a_reason),
        cmocka_unit_test(a_private_key_signs_and_never_travels),
        cmocka_unit_test(a_client_is_made_of_its_connection),
        cmocka_unit_test(a_raw_secret_is_sent_as_it_is),
        cmocka_unit_test(the_other_spelling_is_tried_once),
        cmocka_unit_test(a_spelling_that_changes_nothing_is_not_tried),
        cmocka_unit_test(a_refusal_of_the_client_is_told_by_word_or_by_a_bare_401),
        cmocka_unit_test(basic_is_form_encoded_and_keeps_the_client_id_in_the_form),
        cmocka_unit_test(post_carries_the_secret_in_the_form),
        cmocka_unit_test(a_public_client_sends_no_secret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
