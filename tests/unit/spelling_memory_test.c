/* SPDX-License-Identifier: BSD-2-Clause */
/* What is remembered of one registration says nothing of another. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "keeper/spelling_memory.h"

static char name[] = "corp", issuer[] = "https://idp.example/", client[] = "desk";

static const char *named(const char *client_id, const char *text)
{
    static char registration[4][HASH_SHA256_TEXT_SIZE];
    static unsigned next;
    char id[16], bytes[16];
    const struct connection connection = {.name = name, .issuer = issuer, .client_id = id};
    const struct secret secret = {.bytes = bytes, .length = strlen(text)};

    (void)snprintf(id, sizeof id, "%s", client_id);
    (void)snprintf(bytes, sizeof bytes, "%s", text);
    next = (next + 1) % 4;
    spelling_registration(&connection, &secret, registration[next]);
    return registration[next];
}

static void what_was_taken_is_known_the_next_time(void **state)
{
    struct spelling_memory memory = {0};

    (void)state;
    assert_int_equal(spelling_of(&memory, named(client, "s3cret")), CLIENT_SPELLING_FORM);
    spelling_remember(&memory, named(client, "s3cret"), CLIENT_SPELLING_RAW);
    assert_int_equal(spelling_of(&memory, named(client, "s3cret")), CLIENT_SPELLING_RAW);
    spelling_remember(&memory, named(client, "s3cret"), CLIENT_SPELLING_FORM);
    assert_int_equal(spelling_of(&memory, named(client, "s3cret")), CLIENT_SPELLING_FORM);
}

static void another_secret_or_client_is_unknown(void **state)
{
    struct spelling_memory memory = {0};

    (void)state;
    spelling_remember(&memory, named(client, "s3cret"), CLIENT_SPELLING_RAW);
    assert_int_equal(spelling_of(&memory, named(client, "s3cret2")), CLIENT_SPELLING_FORM);
    assert_int_equal(spelling_of(&memory, named("desk2", "s3cret")), CLIENT_SPELLING_FORM);
}

static void no_digest_holds_the_secret(void **state)
{
    (void)state;
    assert_null(strstr(named(client, "s3cret"), "s3cret"));
    assert_int_equal(strlen(named(client, "s3cret")), HASH_SHA256_TEXT_SIZE - 1);
}

static void the_oldest_makes_room(void **state)
{
    struct spelling_memory memory = {0};
    char text[16];

    (void)state;
    for (unsigned i = 0; i <= CONFIG_CONNECTIONS_MAX; i++) {
        (void)snprintf(text, sizeof text, "s%u", i);
        spelling_remember(&memory, named(client, text), CLIENT_SPELLING_RAW);
    }
    assert_int_equal(spelling_of(&memory, named(client, "s0")), CLIENT_SPELLING_FORM);
    assert_int_equal(spelling_of(&memory, named(client, "s1")), CLIENT_SPELLING_RAW);
    assert_int_equal(spelling_of(&memory, named(client, text)), CLIENT_SPELLING_RAW);
}

static void nothing_is_remembered_of_nobody(void **state)
{
    struct spelling_memory memory = {0};

    (void)state;
    spelling_remember(&memory, "", CLIENT_SPELLING_RAW);
    assert_int_equal(spelling_of(&memory, ""), CLIENT_SPELLING_FORM);
    assert_int_equal(memory.next, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_taken_is_known_the_next_time),
        cmocka_unit_test(another_secret_or_client_is_unknown),
        cmocka_unit_test(no_digest_holds_the_secret),
        cmocka_unit_test(the_oldest_makes_room),
        cmocka_unit_test(nothing_is_remembered_of_nobody),
    };

    return cmocka_run_group_tests_name("spelling_memory", tests, NULL, NULL);
}
