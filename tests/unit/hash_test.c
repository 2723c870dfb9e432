/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "jose/hash.h"

static void the_example_of_rfc_7636_gives_its_challenge(void **state)
{
    char text[HASH_SHA256_TEXT_SIZE];

    (void)state;
    assert_true(hash_sha256_text("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", text, sizeof text));
    assert_string_equal(text, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void nothing_has_a_hash_too(void **state)
{
    char text[HASH_SHA256_TEXT_SIZE];

    (void)state;
    assert_true(hash_sha256_text("", text, sizeof text));
    assert_string_equal(text, "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU");
}

static void too_little_room_is_refused(void **state)
{
    char text[HASH_SHA256_TEXT_SIZE] = "x";

    (void)state;
    assert_false(hash_sha256_text("a", text, sizeof text - 1));
    assert_string_equal(text, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_rfc_7636_gives_its_challenge),
        cmocka_unit_test(nothing_has_a_hash_too),
        cmocka_unit_test(too_little_room_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
