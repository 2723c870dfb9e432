/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "jose/base64url.h"

static const struct {
    const char *bytes, *text;
} pairs[] = {
    {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
    {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
};

static void the_examples_of_rfc_4648_go_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const size_t length = strlen(pairs[i].bytes);
        unsigned char bytes[16];
        char text[16];
        size_t decoded;

        assert_true(base64url_encode(pairs[i].bytes, length, text, sizeof text));
        assert_string_equal(text, pairs[i].text);
        assert_true(base64url_decode(text, strlen(text), bytes, sizeof bytes, &decoded));
        assert_int_equal(decoded, length);
        assert_memory_equal(bytes, pairs[i].bytes, length);
    }
}

static void every_byte_comes_back(void **state)
{
    unsigned char bytes[256], back[256];
    char text[400];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(i * 7);
    for (size_t length = 0; length <= sizeof bytes; length++) {
        size_t decoded;

        assert_true(base64url_encode(bytes, length, text, sizeof text));
        assert_true(base64url_decode(text, strlen(text), back, sizeof back, &decoded));
        assert_int_equal(decoded, length);
        assert_memory_equal(bytes, back, length);
    }
}

static void a_second_spelling_is_refused(void **state)
{
    static const char *const refused[] = {
        "Zg==", "Zg=", "=",   "Zm8=", "Zm9v\n", " Zm9v", "Zm 9v",   "Zm9v=",  "+__-",
        "-//-", "Zh",  "Zm9", "Z",    "Zm9vY",  "Zm9v.", "Zm9\x80", "Zm9vYn", "\xc3\xa9\xc3\xa9",
    };
    unsigned char bytes[16];
    size_t length;

    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (base64url_decode(refused[i], strlen(refused[i]), bytes, sizeof bytes, &length))
            fail_msg("accepted: %s", refused[i]);
}

static void sixty_four_characters_stand_for_something(void **state)
{
    size_t taken = 0;

    (void)state;
    for (int c = 0; c < 256; c++) {
        const char text[] = {(char)c, 'A', 'A', 'A'};
        unsigned char bytes[3];
        size_t length;

        taken += base64url_decode(text, sizeof text, bytes, sizeof bytes, &length);
    }
    assert_int_equal(taken, 64);
}

static void what_is_longer_than_any_text_can_be_is_not_written(void **state)
{
    char text[8] = "kept";

    (void)state;
    /* Its length in characters, 4 * 2^62, would wrap to 0. */
    assert_false(base64url_encode("", (size_t)3 << 62, text, sizeof text));
    assert_string_equal(text, "kept");
}

static void a_nul_within_is_refused(void **state)
{
    unsigned char bytes[16];
    size_t length;

    (void)state;
    assert_false(base64url_decode("Zm\0v", 4, bytes, sizeof bytes, &length));
}

static void what_does_not_fit_is_refused_and_nothing_is_written(void **state)
{
    unsigned char bytes[3] = {9, 9, 9};
    char text[] = "xxxxx";
    size_t length = 77;

    (void)state;
    assert_false(base64url_decode("Zm9vYg", 6, bytes, 3, &length));
    assert_int_equal(bytes[0], 9);
    assert_int_equal(length, 77);
    assert_false(base64url_encode("foo", 3, text, 4));
    assert_string_equal(text, "xxxxx");
    assert_true(base64url_encode("foo", 3, text, 5));
    assert_true(base64url_decode("Zm9v", 4, bytes, 3, &length));
}

static void the_allocated_form_ends_in_a_nul(void **state)
{
    size_t length;
    unsigned char *bytes = base64url_decode_new("Zm9vYg", 6, &length);

    (void)state;
    assert_non_null(bytes);
    assert_int_equal(length, 4);
    assert_string_equal((const char *)bytes, "foob");
    free(bytes);
    bytes = base64url_decode_new("", 0, &length);
    assert_non_null(bytes);
    assert_int_equal(length, 0);
    free(bytes);
    assert_null(base64url_decode_new("Zg==", 4, &length));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_rfc_4648_go_both_ways),
        cmocka_unit_test(every_byte_comes_back),
        cmocka_unit_test(a_second_spelling_is_refused),
        cmocka_unit_test(sixty_four_characters_stand_for_something),
        cmocka_unit_test(what_is_longer_than_any_text_can_be_is_not_written),
        cmocka_unit_test(a_nul_within_is_refused),
        cmocka_unit_test(what_does_not_fit_is_refused_and_nothing_is_written),
        cmocka_unit_test(the_allocated_form_ends_in_a_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
