/* SPDX-License-Identifier: BSD-2-Clause */
/* Where an issuer's document is looked for, and what is no document. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "oidc/discovery.h"
#include "oidc/endpoint_hosts.h"
#include "unit/answer_stage.h"
#include "unit/failing_memory.h"

#define ISSUER "https://id.example.org/desk"
#define FIRST  "https://id.example.org/desk/.well-known/openid-configuration"
#define SECOND "https://id.example.org/.well-known/oauth-authorization-server/desk"

static enum reason fetch_from(const struct answer_turn *turns)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    enum reason reason;

    answer_in_turn(turns);
    reason = discovery_fetch(NULL, ISSUER, &answer);
    if (reason == REASON_OK)
        assert_string_equal(answer.body, "{\"a\":1}");
    else
        assert_null(answer.body);
    return reason;
}

static void a_document_is_where_its_issuer_has_it(void **state)
{
    static const struct answer_turn first[] = {{REASON_OK, 200, "{\"a\":1}"}};
    static const struct answer_turn second[] = {{REASON_OK, 404, "{}"}, {REASON_OK, 200, "{\"a\":1}"}};

    (void)state;
    assert_int_equal(fetch_from(first), REASON_OK);
    assert_int_equal(answer_stage.requests, 1);
    assert_string_equal(answer_stage.asked[0].url, FIRST);
    assert_int_equal(fetch_from(second), REASON_OK);
    assert_int_equal(answer_stage.requests, 2);
    assert_string_equal(answer_stage.asked[0].url, FIRST);
    assert_string_equal(answer_stage.asked[1].url, SECOND);
}

static void what_is_no_document_is_told_apart(void **state)
{
    static const struct {
        struct answer_turn turn;
        enum reason reason;
    } cases[] = {
        {{REASON_OK, 200, "<html>"}, REASON_IDP_BAD_JSON},
        {{REASON_OK, 200, "[]"}, REASON_IDP_BAD_JSON},
        {{REASON_OK, 203, "{\"a\":1}"}, REASON_IDP_STATUS},
        {{REASON_OK, 500, "{\"a\":1}"}, REASON_IDP_STATUS},
        {{REASON_OK, 429, "{\"a\":1}"}, REASON_IDP_BUSY},
        {{REASON_IDP_TLS, 0, ""}, REASON_IDP_TLS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct answer_turn twice[] = {{REASON_OK, 404, ""}, cases[i].turn};

        assert_int_equal(fetch_from(&cases[i].turn), cases[i].reason);
        assert_int_equal(answer_stage.requests, 1);
        assert_int_equal(fetch_from(twice), cases[i].reason);
        assert_int_equal(answer_stage.requests, 2);
    }
}

static void a_document_in_neither_place_is_none(void **state)
{
    static const struct answer_turn turns[] = {{REASON_OK, 404, "{\"a\":1}"}, {REASON_OK, 404, "{\"a\":1}"}};

    (void)state;
    assert_int_equal(fetch_from(turns), REASON_IDP_STATUS);
    assert_int_equal(answer_stage.requests, 2);
}

static void fetch_once(void)
{
    static const struct answer_turn turns[] = {{REASON_OK, 404, ""}, {REASON_OK, 200, "{\"a\":1}"}};
    const enum reason reason = fetch_from(turns);

    assert_int_equal(reason == REASON_OK, !memory.came);
    for (size_t i = 0; i < answer_stage.requests; i++)
        assert_string_equal(answer_stage.asked[i].url, i == 0 ? FIRST : SECOND);
}

static void without_memory_there_is_no_document(void **state)
{
    (void)state;
    fail_each(fetch_once);
}

/* Settings allow no such issuer. */
static void an_issuer_that_is_no_url_has_a_place_all_the_same(void **state)
{
    AUTO_FREE char *empty = strdup(""), *place = discovery_url(empty), *other = discovery_oauth_url("x/y");

    (void)state;
    assert_string_equal(place, "/.well-known/openid-configuration");
    assert_string_equal(other, "x/y/.well-known/oauth-authorization-server");
}

static void list_hosts_once(void)
{
    static char issuer[] = ISSUER, keys[] = "https://keys.example.org/k", api[] = "api.example.org";
    static char *named[] = {api, NULL};
    const struct connection connection = {.issuer = issuer, .jwks_uri = keys, .endpoint_hosts = named};
    char **hosts = endpoint_hosts_known(&connection);

    assert_int_equal(hosts != NULL, !memory.came);
    if (hosts)
        assert_string_equal(hosts[2], "api.example.org");
    list_free(hosts);
}

static void hosts_are_all_known_or_none(void **state)
{
    (void)state;
    fail_each(list_hosts_once);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_where_its_issuer_has_it),
        cmocka_unit_test(what_is_no_document_is_told_apart),
        cmocka_unit_test(a_document_in_neither_place_is_none),
        cmocka_unit_test(without_memory_there_is_no_document),
        cmocka_unit_test(an_issuer_that_is_no_url_has_a_place_all_the_same),
        cmocka_unit_test(hosts_are_all_known_or_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
