/* SPDX-License-Identifier: BSD-2-Clause */
/* Settings that are lists of a name and a value. */
#include "settings_stage.h"

static void assert_pair(const struct name_value *pair, const char *name, const char *value)
{
    assert_string_equal(pair->name, name);
    assert_string_equal(pair->value, value);
}

static void extra_params_are_words_of_name_and_value(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "extra_params", "audience=https://api.example/?a=b\tui_locales=de  mkt=de-DE");
    assert_pair(&connection.extra_params[0], "audience", "https://api.example/?a=b");
    assert_pair(&connection.extra_params[1], "ui_locales", "de");
    assert_pair(&connection.extra_params[2], "mkt", "de-DE");
    assert_null(connection.extra_params[3].name);
    take(&connection, "extra_params", "resource=urn:x acr_values=gold organization=org_1");
    assert_pair(&connection.extra_params[0], "resource", "urn:x");
    assert_pair(&connection.extra_params[2], "organization", "org_1");
    assert_null(connection.extra_params[3].name);
    connection_clear(&connection);
}

static void what_the_grant_itself_sends_cannot_be_sent_besides(void **state)
{
    static const char *const names[] = {"client_id",
                                        "client_secret",
                                        "client_assertion",
                                        "scope",
                                        "nonce",
                                        "code_challenge",
                                        "code_challenge_method",
                                        "code_verifier",
                                        "device_code",
                                        "grant_type",
                                        "prompt",
                                        "login_hint",
                                        "max_age",
                                        "Audience",
                                        "audienc",
                                        "audience2"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char value[64];

        (void)snprintf(value, sizeof value, "%s=x", names[i]);
        assert_connection_refuses("extra_params", value, "is not passed on");
    }
}

static void a_bad_extra_param_is_refused(void **state)
{
    (void)state;
    assert_connection_refuses("extra_params", "audience", "no NAME=VALUE");
    assert_connection_refuses("extra_params", "=x", "no NAME=VALUE");
    assert_connection_refuses("extra_params", "audience=", "no NAME=VALUE");
    assert_connection_refuses("extra_params", "mkt=de mkt=en", "twice");
    assert_connection_refuses("extra_params", "mkt=d\xc3\xa9", "ASCII");
}

static void required_claims_are_split_at_commas_and_the_first_equals_sign(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "required_claims", "hd=acme.com, address.country = New Zealand ,x=a=b,");
    assert_pair(&connection.required_claims[0], "hd", "acme.com");
    assert_pair(&connection.required_claims[1], "address.country", "New Zealand");
    assert_pair(&connection.required_claims[2], "x", "a=b");
    assert_null(connection.required_claims[3].name);
    connection_clear(&connection);
    assert_connection_refuses("required_claims", "hd", "no NAME=VALUE");
    assert_connection_refuses("required_claims", "hd=", "no NAME=VALUE");
    assert_connection_refuses("required_claims", "two words=x", "no path");
    assert_connection_refuses("required_claims", "hd=\xe2\x80\xae", "printable");
}

static void a_group_is_mapped_at_the_last_colon(void **state)
{
    struct connection connection = {0};

    (void)state;
    take(&connection, "group_map", "urn:x:Front Desk : desk");
    take(&connection, "group_map", "0e3a-1:_ops-1");
    take(&connection, "group_map", "0e3a-1 : door");
    assert_pair(&connection.group_map[0], "urn:x:Front Desk", "desk");
    assert_pair(&connection.group_map[1], "0e3a-1", "_ops-1");
    assert_pair(&connection.group_map[2], "0e3a-1", "door");
    assert_null(connection.group_map[3].name);
    take(&connection, "group_map", "");
    assert_null(connection.group_map[0].name);
    connection_clear(&connection);
}

static void a_bad_line_of_the_group_map_is_refused(void **state)
{
    struct connection connection = {0};
    char *why;

    (void)state;
    assert_connection_refuses("group_map", "desk", "GROUP : LOCAL_GROUP");
    assert_connection_refuses("group_map", " : desk", "GROUP : LOCAL_GROUP");
    assert_connection_refuses("group_map", "a\u202eb : desk", "GROUP : LOCAL_GROUP");
    assert_connection_refuses("group_map", "a :", "local group");
    assert_connection_refuses("group_map", "a : Desk", "local group");
    assert_connection_refuses("group_map", "a : 1desk", "local group");
    assert_connection_refuses("group_map", "a : -desk", "local group");
    assert_connection_refuses("group_map", "a : de.sk", "local group");
    assert_connection_refuses("group_map", "a : two words", "local group");
    assert_connection_refuses("group_map", "a : abcdefghijklmnopqrstuvwxyz0123456", "local group");
    take(&connection, "group_map", "a : abcdefghijklmnopqrstuvwxyz012345");
    assert_false(
        parse(SECTION_CONNECTION, "group_map", "a:abcdefghijklmnopqrstuvwxyz012345", &connection, &why));
    assert_non_null(strstr(why, "twice"));
    free(why);
    connection_clear(&connection);
}

static void the_group_map_cannot_grow_without_end(void **state)
{
    struct connection connection = {0};
    char line[32], *why;

    (void)state;
    for (int i = 0; i < SETTING_LIST_MAX; i++) {
        (void)snprintf(line, sizeof line, "g%d : desk", i);
        take(&connection, "group_map", line);
    }
    assert_false(parse(SECTION_CONNECTION, "group_map", "more : desk", &connection, &why));
    assert_non_null(strstr(why, "more than"));
    free(why);
    connection_clear(&connection);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extra_params_are_words_of_name_and_value),
        cmocka_unit_test(what_the_grant_itself_sends_cannot_be_sent_besides),
        cmocka_unit_test(a_bad_extra_param_is_refused),
        cmocka_unit_test(required_claims_are_split_at_commas_and_the_first_equals_sign),
        cmocka_unit_test(a_group_is_mapped_at_the_last_colon),
        cmocka_unit_test(a_bad_line_of_the_group_map_is_refused),
        cmocka_unit_test(the_group_map_cannot_grow_without_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
