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
    assert_true(claim_is_public(&connection, "realm_access.roles"));
    assert_true(claim_is_public(&connection, "org.unit"));
    assert_false(claim_is_public(&connection, "realm_access"));
    assert_false(claim_is_public(&connection, "org.unit.name"));
    assert_false(claim_is_public(&connection, "realm"));
    assert_false(claim_is_public(&connection, "email"));
    assert_false(claim_is_public(&connection, "sub"));
    assert_false(claim_is_public(&connection, "passport"));
    assert_false(claim_is_public(&connection, ""));
}

static void a_private_value_keeps_the_domain_of_an_address_at_most(void **state)
{
    static const char *const cases[][2] = {
        {"{\"v\":\"Ana Gomes\"}", "\"\\u2026\""},    {"{\"v\":\"ana@acme.com\"}", "\"\\u2026@acme.com\""},
        {"{\"v\":\"@acme.com\"}", "\"\\u2026\""},    {"{\"v\":\"f\"}", "\"\\u2026\""},
        {"{\"v\":\"Rua X @ Y.Z\"}", "\"\\u2026\""},  {"{\"v\":\"ana@b@acme.com\"}", "\"\\u2026\""},
        {"{\"v\":\"ana@password\"}", "\"\\u2026\""}, {"{\"v\":\"\"}", "\"\\u2026\""},
        {"{\"v\":12345}", "\"(a value)\""},          {"{\"v\":true}", "\"(a value)\""},
        {"{\"v\":[\"x\"]}", "\"(a list)\""},         {"{\"v\":{\"x\":1}}", "\"(an object)\""},
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

/* realm_access.roles is what the groups are from; what stands beside it is nobody's business. */
static void of_an_object_only_what_a_rule_is_about_is_shown(void **state)
{
    static const char claims[] =
        "{\"realm_access\":{\"roles\":[\"desk\"],\"pass\\\"port\":\"P123\",\"n\":null,"
        "\"deep\":{\"roles\":1}}}";
    static const char expected[] = "{\"roles\":[\"desk\"],\"pass\\\"port\":\"\\u2026\",\"n\":null,"
                                   "\"deep\":\"(an object)\"}";
    const struct connection connection = {.groups_claim = (char[]){"realm_access.roles"}};
    AUTO_JSON struct json_document *document = json_parse(claims, sizeof claims - 1);
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    (void)state;
    assert_non_null(stream);
    claim_write_value(stream, &connection, "realm_access", json_get(json_top(document), "realm_access"));
    assert_int_equal(fclose(stream), 0);
    assert_string_equal(text, expected);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_known_to_be_public_is_private),
        cmocka_unit_test(a_private_value_keeps_the_domain_of_an_address_at_most),
        cmocka_unit_test(of_an_object_only_what_a_rule_is_about_is_shown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
