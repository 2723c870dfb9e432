/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keeper/document_cache.h"

static char corp_name[] = "corp", partner_name[] = "partner", issuer[] = "https://idp.example/",
            other_issuer[] = "https://other.example/", keys_at[] = "https://idp.example/k",
            other_keys_at[] = "https://idp.example/k2";
static const struct connection corp = {.name = corp_name, .issuer = issuer};
static const struct connection partner = {.name = partner_name, .issuer = issuer};
static const struct connection corp_moved = {.name = corp_name, .issuer = other_issuer};

static void put(struct document_cache *cache, const struct connection *connection, const char *text,
                uint32_t lifetime)
{
    const struct document document = {.text = text, .length = strlen(text), .lifetime_s = lifetime};

    document_cache_put(cache, connection, DOCUMENT_DISCOVERY, &document, 1000);
}

static bool holds(const struct document_cache *cache, const struct connection *connection, const char *text,
                  int64_t now)
{
    const struct document found = document_cache_get(cache, connection, DOCUMENT_DISCOVERY, now);

    return found.length == strlen(text) && (found.length == 0 || memcmp(found.text, text, found.length) == 0);
}

static int make(void **state)
{
    *state = document_cache_new();
    return *state ? 0 : -1;
}

static int unmake(void **state)
{
    document_cache_free(*state);
    return 0;
}

static void a_document_is_given_until_its_time_is_over(void **state)
{
    assert_true(holds(*state, &corp, "", 1000));
    put(*state, &corp, "{\"a\":1}", 60);
    assert_true(holds(*state, &corp, "{\"a\":1}", 1059));
    assert_true(holds(*state, &corp, "", 1060));
}

static void no_document_lives_longer_than_a_day(void **state)
{
    put(*state, &corp, "{}", UINT32_MAX);
    assert_true(holds(*state, &corp, "{}", 1000 + DOCUMENT_LIFE_MAX_S - 1));
    assert_true(holds(*state, &corp, "", 1000 + DOCUMENT_LIFE_MAX_S));
}

static void a_document_belongs_to_connection_issuer_and_kind(void **state)
{
    put(*state, &corp, "{}", 60);
    assert_true(holds(*state, &partner, "", 1000));
    assert_true(holds(*state, &corp_moved, "", 1000));
    assert_int_equal(document_cache_get(*state, &corp, DOCUMENT_KEYS, 1000).length, 0);
}

static void keys_belong_to_the_place_that_was_typed_for_them(void **state)
{
    const struct connection typed = {.name = corp_name, .issuer = issuer, .jwks_uri = keys_at},
                            retyped = {.name = corp_name, .issuer = issuer, .jwks_uri = other_keys_at};
    const struct document keys = {.text = "{\"keys\":[]}", .length = 11, .lifetime_s = 60};

    document_cache_put(*state, &typed, DOCUMENT_KEYS, &keys, 1000);
    assert_int_equal(document_cache_get(*state, &typed, DOCUMENT_KEYS, 1000).length, 11);
    assert_int_equal(document_cache_get(*state, &retyped, DOCUMENT_KEYS, 1000).length, 0);
    assert_int_equal(document_cache_get(*state, &corp, DOCUMENT_KEYS, 1000).length, 0);
}

static void the_newer_document_replaces_the_older(void **state)
{
    put(*state, &corp, "{\"a\":1}", 60);
    put(*state, &corp, "{\"b\":2}", 60);
    assert_true(holds(*state, &corp, "{\"b\":2}", 1000));
}

static void what_is_no_json_object_is_not_kept_and_nothing_else_is(void **state)
{
    static const char *const bad[] = {"", "[]", "{", "{\"a\":1,\"a\":2}", "x"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        put(*state, &corp, "{}", 60);
        put(*state, &corp, bad[i], 60);
        assert_true(holds(*state, &corp, "", 1000));
    }
}

static void a_lifetime_of_nothing_forgets(void **state)
{
    put(*state, &corp, "{}", 60);
    put(*state, &corp, "{}", 0);
    assert_true(holds(*state, &corp, "", 1000));
}

static void a_document_that_is_too_large_is_not_kept(void **state)
{
    char *text = malloc(QUESTION_DOCUMENT_MAX + 2);

    assert_non_null(text);
    memset(text, 'x', QUESTION_DOCUMENT_MAX + 1);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + QUESTION_DOCUMENT_MAX - 1, "\"}", 3);
    put(*state, &corp, text, 60);
    assert_true(holds(*state, &corp, "", 1000));
    memcpy(text + QUESTION_DOCUMENT_MAX - 2, "\"}", 3);
    put(*state, &corp, text, 60);
    assert_true(holds(*state, &corp, text, 1000));
    free(text);
}

static void the_cache_is_bounded_and_the_shortest_lived_goes_first(void **state)
{
    char name[16];
    const struct connection numbered = {.name = name, .issuer = issuer};

    put(*state, &corp, "{}", 10);
    for (unsigned i = 0; i < DOCUMENT_CACHE_MAX; i++) {
        (void)snprintf(name, sizeof name, "c%u", i);
        put(*state, &numbered, "{}", 60);
    }
    assert_true(holds(*state, &numbered, "{}", 1000));
    assert_true(holds(*state, &corp, "", 1000));
}

static enum key_refetch refetch(struct document_cache *cache, const struct connection *connection,
                                int64_t now)
{
    return document_cache_refetch(cache, connection, now);
}

static void put_keys(struct document_cache *cache, const struct connection *connection, const char *text)
{
    const struct document document = {
        .text = text, .length = strlen(text), .lifetime_s = text[0] == '\0' ? 0 : 60};

    document_cache_put(cache, connection, DOCUMENT_KEYS, &document, 1000);
}

static void keys_may_be_fetched_anew_once_a_minute(void **state)
{
    assert_int_equal(refetch(*state, &corp, 1000), KEY_REFETCH_NOW);
    put_keys(*state, &corp, "{}");
    assert_int_equal(refetch(*state, &corp, 1000), KEY_REFETCH_LATER);
    assert_int_equal(refetch(*state, &corp, 1000 + KEY_REFETCH_EVERY_S - 1), KEY_REFETCH_LATER);
    assert_int_equal(refetch(*state, &corp, 1000 + KEY_REFETCH_EVERY_S), KEY_REFETCH_NOW);
}

static void while_one_fetches_the_others_wait(void **state)
{
    assert_int_equal(refetch(*state, &corp, 1000), KEY_REFETCH_NOW);
    put(*state, &corp, "{}", 60); /* another document */
    assert_int_equal(refetch(*state, &corp, 1001), KEY_REFETCH_COMING);
    put_keys(*state, &corp, ""); /* keys that need not be kept have come all the same */
    assert_int_equal(refetch(*state, &corp, 1001), KEY_REFETCH_LATER);
}

static void who_brings_no_keys_is_not_waited_for_for_ever(void **state)
{
    assert_int_equal(refetch(*state, &corp, 1000), KEY_REFETCH_NOW);
    assert_int_equal(refetch(*state, &corp, 1000 + KEY_REFETCH_TAKES_S - 1), KEY_REFETCH_COMING);
    assert_int_equal(refetch(*state, &corp, 1000 + KEY_REFETCH_TAKES_S), KEY_REFETCH_LATER);
}

static void who_could_not_fetch_keys_is_told_to_the_others(void **state)
{
    assert_int_equal(refetch(*state, &corp, 1000), KEY_REFETCH_NOW);
    document_cache_put(*state, &partner, DOCUMENT_KEYS, NULL, 1001);
    assert_int_equal(refetch(*state, &corp, 1001), KEY_REFETCH_COMING);
    put_keys(*state, &corp, "{}");
    document_cache_put(*state, &corp, DOCUMENT_KEYS, NULL, 1002); /* they had come all the same */
    assert_int_equal(refetch(*state, &corp, 1002), KEY_REFETCH_LATER);
    assert_int_equal(refetch(*state, &corp, 1000 + KEY_REFETCH_EVERY_S), KEY_REFETCH_NOW);
    document_cache_put(*state, &corp, DOCUMENT_KEYS, NULL, 1061);
    assert_int_equal(refetch(*state, &corp, 1061), KEY_REFETCH_FAILED);
    assert_true(document_cache_get(*state, &corp, DOCUMENT_KEYS, 1001).length > 0);
    assert_int_equal(refetch(*state, &corp, 1000 + 2 * KEY_REFETCH_EVERY_S), KEY_REFETCH_NOW);
    document_cache_put(*state, &corp, DOCUMENT_KEYS, NULL, 1121);
    put_keys(*state, &corp, "{}"); /* by one who knew none before */
    assert_int_equal(refetch(*state, &corp, 1122), KEY_REFETCH_LATER);
}

static void each_connection_and_issuer_has_its_own_minute(void **state)
{
    assert_int_equal(refetch(*state, &corp, 1000), KEY_REFETCH_NOW);
    assert_int_equal(refetch(*state, &partner, 1000), KEY_REFETCH_NOW);
    assert_int_equal(refetch(*state, &corp_moved, 1000), KEY_REFETCH_NOW);
    put_keys(*state, &partner, "{}");
    assert_int_equal(refetch(*state, &corp, 1001), KEY_REFETCH_COMING);
    assert_int_equal(refetch(*state, &partner, 1001), KEY_REFETCH_LATER);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_document_is_given_until_its_time_is_over, make, unmake),
        cmocka_unit_test_setup_teardown(no_document_lives_longer_than_a_day, make, unmake),
        cmocka_unit_test_setup_teardown(a_document_belongs_to_connection_issuer_and_kind, make, unmake),
        cmocka_unit_test_setup_teardown(keys_belong_to_the_place_that_was_typed_for_them, make, unmake),
        cmocka_unit_test_setup_teardown(the_newer_document_replaces_the_older, make, unmake),
        cmocka_unit_test_setup_teardown(what_is_no_json_object_is_not_kept_and_nothing_else_is, make, unmake),
        cmocka_unit_test_setup_teardown(a_lifetime_of_nothing_forgets, make, unmake),
        cmocka_unit_test_setup_teardown(a_document_that_is_too_large_is_not_kept, make, unmake),
        cmocka_unit_test_setup_teardown(the_cache_is_bounded_and_the_shortest_lived_goes_first, make, unmake),
        cmocka_unit_test_setup_teardown(keys_may_be_fetched_anew_once_a_minute, make, unmake),
        cmocka_unit_test_setup_teardown(while_one_fetches_the_others_wait, make, unmake),
        cmocka_unit_test_setup_teardown(who_brings_no_keys_is_not_waited_for_for_ever, make, unmake),
        cmocka_unit_test_setup_teardown(who_could_not_fetch_keys_is_told_to_the_others, make, unmake),
        cmocka_unit_test_setup_teardown(each_connection_and_issuer_has_its_own_minute, make, unmake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
