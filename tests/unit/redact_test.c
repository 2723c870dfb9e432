/* SPDX-License-Identifier: BSD-2-Clause */
/* Which claims an administrator sees, and what of the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "cli/login/redact.h"

static void what_is_not_known_to_be_public_is_private(void **state)
{
    struct name_value required[] = {{.name = (char[]){"org.unit"}, .value = (char[]){"desk"}}, {0}};
    const struct connection connection = {.groups_claim = (char[]){"realm_access.roles"},
                                          .required_claims = required};

    (void)state;
    assert_true(claim_is_public(&connection, "iss"));
    assert_true(claim_is_public(&connection, "email_verified"));
    assert_true(claim_is_public(&connection, "realm_access"));
    assert_true(claim_is_public(&connection, "org"));
    assert_false(claim_is_public(&connection, "realm"));
    assert_false(claim_is_public(&connection, "email"));
    assert_false(claim_is_public(&connection, "sub"));
    assert_false(claim_is_public(&connection, "passport"));
    assert_false(claim_is_public(&connection, ""));
}

static void a_private_value_keeps_its_first_character_at_most(void **state)
{
    static const char *const cases[][2] = {
        {"{\"v\":\"Ana Gomes\"}", "\"A\\u2026\""}, {"{\"v\":\"ana@acme.com\"}", "\"a\\u2026@acme.com\""},
        {"{\"v\":\"@acme\"}", "\"@\\u2026\""},     {"{\"v\":\"\xc3\x96zil\"}", "\"\\u00d6\\u2026\""},
        {"{\"v\":\"\"}", "\"\\u2026\""},           {"{\"v\":12345}", "\"(a value)\""},
        {"{\"v\":[\"x\"]}", "\"(a list)\""},       {"{\"v\":{\"x\":1}}", "\"(an object)\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_JSON struct json_document *document = json_parse(cases[i][0], strlen(cases[i][0]));
        char *shown = claim_redact(json_get(json_top(document), "v"));

        assert_non_null(shown);
        assert_string_equal(shown, cases[i][1]);
        free(shown);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_to_be_public_is_private),
        cmocka_unit_test(a_private_value_keeps_its_first_character_at_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
