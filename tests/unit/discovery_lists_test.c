/* SPDX-License-Identifier: BSD-2-Clause */
/* What a provider says that it can do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/discovery.h"
#include "unit/failing_memory.h"

#define ISSUER "https://id.example.org/realms/desk"
#define HEAD                                                                                                 \
    "{\"issuer\":\"" ISSUER "\",\"token_endpoint\":\"https://id.example.org/token\","                        \
    "\"jwks_uri\":\"https://id.example.org/keys\""
#define DEVICE ",\"device_authorization_endpoint\":\"https://id.example.org/device\""

static char issuer_typed[] = ISSUER;
static const struct connection desk = {.issuer = issuer_typed};

static enum reason parse(const char *text)
{
    AUTO_DISCOVERY struct discovery discovery = {0};

    return discovery_parse(text, strlen(text), &desk, &discovery, NULL);
}

static void lists_must_be_lists(void **state)
{
    (void)state;
    assert_int_equal(parse(HEAD DEVICE ",\"id_token_signing_alg_values_supported\":\"RS256\"}"),
                     REASON_DISCOVERY_INVALID);
    assert_int_equal(parse(HEAD DEVICE ",\"token_endpoint_auth_methods_supported\":{}}"),
                     REASON_DISCOVERY_INVALID);
    assert_int_equal(parse(HEAD DEVICE ",\"token_endpoint_auth_signing_alg_values_supported\":\"RS256\"}"),
                     REASON_DISCOVERY_INVALID);
    assert_int_equal(parse(HEAD DEVICE ",\"code_challenge_methods_supported\":true}"),
                     REASON_DISCOVERY_INVALID);
    assert_int_equal(parse(HEAD DEVICE ",\"code_challenge_methods_supported\":[1,null,[]]}"), REASON_OK);
}

static void pkce_is_known_by_the_one_method_alone(void **state)
{
    static const struct {
        const char *methods;
        bool is_known;
    } cases[] = {{"[]", false}, {"[\"plain\"]", false}, {"[7]", false}, {"[\"plain\",\"S256\"]", true}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        AUTO_DISCOVERY struct discovery discovery = {0};
        char text[1024];

        (void)snprintf(text, sizeof text, HEAD DEVICE ",\"code_challenge_methods_supported\":%s}",
                       cases[i].methods);
        assert_int_equal(discovery_parse(text, strlen(text), &desk, &discovery, NULL), REASON_OK);
        assert_int_equal(discovery.pkce_s256, cases[i].is_known);
    }
}

static void algorithms_are_those_of_both_sides(void **state)
{
    static const char text[] =
        HEAD DEVICE ",\"id_token_signing_alg_values_supported\":[\"HS256\",\"ES256\",\"none\"]}";
    static const char silent[] = HEAD DEVICE "}";
    static const char newer[] = HEAD DEVICE ",\"id_token_signing_alg_values_supported\":[\"Ed25519\"]}";
    char rs256[] = "RS256", es256[] = "ES256", eddsa[] = "EdDSA";
    char *const configured[] = {rs256, es256, NULL}, *const other[] = {rs256, NULL},
                *const older[] = {eddsa, NULL};
    AUTO_DISCOVERY struct discovery discovery = {0}, says_nothing = {0}, names_newer = {0};
    AUTO_FREE char **both = NULL, **neither = NULL, **unlisted = NULL, **renamed = NULL;

    (void)state;
    assert_int_equal(discovery_parse(text, strlen(text), &desk, &discovery, NULL), REASON_OK);
    assert_int_equal(discovery_parse(silent, strlen(silent), &desk, &says_nothing, NULL), REASON_OK);
    both = discovery_signing_algs(&discovery, configured);
    neither = discovery_signing_algs(&discovery, other);
    unlisted = discovery_signing_algs(&says_nothing, configured);
    assert_int_equal(discovery_parse(newer, strlen(newer), &desk, &names_newer, NULL), REASON_OK);
    renamed = discovery_signing_algs(&names_newer, older);
    assert_string_equal(renamed[0], "EdDSA");
    assert_string_equal(both[0], "ES256");
    assert_null(both[1]);
    assert_null(neither[0]);
    assert_string_equal(unlisted[0], "RS256");
    assert_string_equal(unlisted[1], "ES256");
    assert_null(unlisted[2]);
}

static void what_is_no_text_is_no_algorithm(void **state)
{
    static const char text[] =
        HEAD DEVICE ",\"id_token_signing_alg_values_supported\":[7,null,\"ES256\",{}]}";
    char rs256[] = "RS256", es256[] = "ES256";
    char *const configured[] = {rs256, es256, NULL};
    AUTO_DISCOVERY struct discovery discovery = {0};
    AUTO_FREE char **algs = NULL;

    (void)state;
    assert_int_equal(discovery_parse(text, strlen(text), &desk, &discovery, NULL), REASON_OK);
    algs = discovery_signing_algs(&discovery, configured);
    assert_string_equal(algs[0], "ES256");
    assert_null(algs[1]);
}

static void choose_once(void)
{
    static char es256[] = "ES256", rs256[] = "RS256";
    static char *const configured[] = {es256, rs256, NULL};
    static const struct discovery silent;
    AUTO_FREE char **algs = discovery_signing_algs(&silent, configured);

    assert_int_equal(algs != NULL, !memory.came);
    if (algs)
        assert_string_equal(algs[1], "RS256");
}

static void without_memory_there_is_no_algorithm(void **state)
{
    (void)state;
    fail_each(choose_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_must_be_lists),
        cmocka_unit_test(pkce_is_known_by_the_one_method_alone),
        cmocka_unit_test(algorithms_are_those_of_both_sides),
        cmocka_unit_test(what_is_no_text_is_no_algorithm),
        cmocka_unit_test(without_memory_there_is_no_algorithm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
