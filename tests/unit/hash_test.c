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

/* RFC 4231, test case 2 */
static void the_example_of_rfc_4231_gives_its_code(void **state)
{
    char text[HASH_SHA256_TEXT_SIZE];

    (void)state;
    assert_true(hash_hmac_text((struct hash_input){"Jefe", 4},
                               (struct hash_input){"what do ya want for nothing?", 28}, text, sizeof text));
    assert_string_equal(text, "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM");
    assert_false(hash_hmac_text((struct hash_input){"Jefe", 4}, (struct hash_input){"", 0}, text, 43));
}

static void the_same_code_in_hexadecimal(void **state)
{
    const struct hash_input key = {"Jefe", 4}, input = {"what do ya want for nothing?", 28};
    char text[HASH_SHA256_HEX_SIZE] = "kept";

    (void)state;
    assert_false(hash_hmac_hex(key, input, text, sizeof text - 1));
    assert_string_equal(text, "kept");
    assert_true(hash_hmac_hex(key, input, text, sizeof text));
    assert_string_equal(text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_of_rfc_7636_gives_its_challenge),
        cmocka_unit_test(nothing_has_a_hash_too),
        cmocka_unit_test(too_little_room_is_refused),
        cmocka_unit_test(the_example_of_rfc_4231_gives_its_code),
        cmocka_unit_test(the_same_code_in_hexadecimal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
