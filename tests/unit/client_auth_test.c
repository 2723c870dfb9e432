/* SPDX-License-Identifier: BSD-2-Clause */
/* How a client is named and proved in a request. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/client_auth.h"

#define ISSUER "https://id.example.org"
#define DOCUMENT                                                                                             \
    "{\"issuer\":\"" ISSUER "\",\"token_endpoint\":\"https://id.example.org/t\","                            \
    "\"jwks_uri\":\"https://id.example.org/k\",\"device_authorization_endpoint\":\"https://id.example.org/"  \
    "d\""

static char issuer_typed[] = ISSUER;
static const struct connection desk = {.issuer = issuer_typed};

static enum reason method_with(const char *methods, enum client_auth configured, const char *secret_text,
                               enum client_auth *ret_method)
{
    AUTO_DISCOVERY struct discovery discovery = {0};
    AUTO_SECRET struct secret secret = {0};
    char text[1024];

    (void)snprintf(text, sizeof text, DOCUMENT "%s}", methods);
    assert_int_equal(discovery_parse(text, strlen(text), &desk, &discovery, NULL), REASON_OK);
    assert_true(secret_copy(secret_text, strlen(secret_text), &secret));
    return device_client_method(configured, &secret, &discovery, ret_method);
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

static struct client_form form_of(enum client_auth method)
{
    char text[] = "p:a s%";
    const struct secret secret = {.bytes = text, .length = strlen(text)};
    const struct device_client client = {.client_id = "desk:1 %", .secret = &secret, .method = method};
    struct client_form form = {0};

    assert_true(client_form_begin(&client, &form));
    return form;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auto_follows_the_secret_and_the_server),
        cmocka_unit_test(what_is_configured_is_done),
        cmocka_unit_test(a_server_that_takes_neither_is_a_reason),
        cmocka_unit_test(basic_is_form_encoded_and_keeps_the_client_id_in_the_form),
        cmocka_unit_test(post_carries_the_secret_in_the_form),
        cmocka_unit_test(a_public_client_sends_no_secret),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
