/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scan by itself: json-c may think of these texts what it likes, it never sees those that are refused
 * here. Each text lies in a buffer of exactly its length, so that the sanitizers see a look beyond its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <json-c/json.h>

#include "cleanup.h"
#include "json/json.h"
#include "json/json_scan.h"

struct json_object *__real_json_tokener_parse_ex(struct json_tokener *tokener, const char *text, int length);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text, int length);

void __real_free(void *memory);
void __wrap_free(void *memory);

static size_t times_json_c_was_asked;
static const char *read_text; /* by json-c, not freed yet */
static int read_length;

/* A text may hold a token. */
void __wrap_free(void *memory)
{
    if (memory && memory == read_text) {
        for (int i = 0; i < read_length; i++)
            assert_int_equal(read_text[i], 0);
        read_text = NULL;
    }
    __real_free(memory);
}

struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *text, int length)
{
    times_json_c_was_asked++;
    read_text = text;
    read_length = length;
    return __real_json_tokener_parse_ex(tokener, text, length);
}

struct spelling {
    const char *text;
    size_t length;
};

#define TEXT(literal)                                                                                        \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

static bool is_taken(const struct spelling *spelling)
{
    char *exact AUTO_FREE = malloc(spelling->length);
    size_t colons;

    assert_non_null(exact);
    memcpy(exact, spelling->text, spelling->length);
    return json_scan(exact, spelling->length, &colons);
}

static void are_all(bool taken, const struct spelling *spellings, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_taken(&spellings[i]) != taken)
            fail_msg("%s: %.*s", taken ? "refused" : "taken", (int)spellings[i].length, spellings[i].text);
}

#define ARE_ALL(taken, ...)                                                                                  \
    do {                                                                                                     \
        static const struct spelling of_these[] = {__VA_ARGS__};                                             \
        are_all(taken, of_these, sizeof of_these / sizeof of_these[0]);                                      \
    } while (0)

static void a_number_has_digits_wherever_they_belong(void **state)
{
    (void)state;
    ARE_ALL(true, TEXT("1"), TEXT("-1"), TEXT("0"), TEXT("10.5"), TEXT("1e5"), TEXT("1E+5"), TEXT("1e-5"),
            TEXT("0.25e2"));
    ARE_ALL(false, TEXT("-"), TEXT("-,"), TEXT("-]"), TEXT("1."), TEXT("1.,"), TEXT("1e"), TEXT("1e,"),
            TEXT("1e+"), TEXT("01"), TEXT("1x"), TEXT("1\0"), TEXT("1\v"));
}

static void a_word_is_one_of_three_and_stands_alone(void **state)
{
    (void)state;
    ARE_ALL(true, TEXT("true"), TEXT("false"), TEXT("null"), TEXT("null "), TEXT("null}"));
    ARE_ALL(false, TEXT("tru"), TEXT("nul"), TEXT("nullx"), TEXT("truefalse"), TEXT("true\"\""),
            TEXT("null\0"), TEXT("null["), TEXT("x"), TEXT("'a'"), TEXT("/"), TEXT("\xff"));
}

static void a_nul_is_nothing_anywhere(void **state)
{
    (void)state;
    ARE_ALL(false, TEXT("\0"), TEXT("{\0}"), TEXT("\"\0\""), TEXT("\"\\\0\""), TEXT("\"\\u0000\""));
}

static void an_escape_is_one_of_nine(void **state)
{
    (void)state;
    ARE_ALL(true, TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\""));
    ARE_ALL(false, TEXT("\"\\"), TEXT("\"\\\""), TEXT("\"\\x\""), TEXT("\"\\v\""), TEXT("\"\\U0041\""));
}

static void an_escaped_code_unit_has_four_hexadecimal_digits(void **state)
{
    char text[] = "\"\\u0000\"";
    size_t taken = 0;

    (void)state;
    for (int c = 1; c < 256; c++) {
        text[6] = (char)c;
        taken += is_taken(&(struct spelling){text, sizeof text - 1});
    }
    assert_int_equal(taken, 21); /* all 22 but 0, which makes a NUL */
    ARE_ALL(true, TEXT("\"\\uaFf9\""), TEXT("\"\\uAf0f\""), TEXT("\"\\u000A\""));
    ARE_ALL(false, TEXT("\"\\u"), TEXT("\"\\u1"), TEXT("\"\\u123"), TEXT("\"\\u1g23\""), TEXT("\"\\ug000\""),
            TEXT("\"\\u00G1\""));
}

static void surrogates_come_in_pairs(void **state)
{
    (void)state;
    ARE_ALL(true, TEXT("\"\\ud800\\udc00\""), TEXT("\"\\udbff\\udfff\""), TEXT("\"\\ud7ff\""),
            TEXT("\"\\ue000\""));
    ARE_ALL(false, TEXT("\"\\ud800\""), TEXT("\"\\ud800udc00\""), TEXT("\"\\ud800\\dc00\""),
            TEXT("\"\\ud800xudc00\""), TEXT("\"\\ud800\\xdc00\""), TEXT("\"\\ud800\\udc0g\""),
            TEXT("\"\\ud800\\ue000\""), TEXT("\"\\ud800\\udbff\""), TEXT("\"\\udc00\\udc00\""),
            TEXT("\"\\udfff\""), TEXT("\"\\ud800\\udc"));
}

/* What the one member of this document is. */
static void reads_as(const char *text, const char *expected)
{
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));

    assert_non_null(document);
    assert_null(read_text);
    if (!json_string_is(json_get(json_top(document), "s"), expected))
        fail_msg("%s", text);
}

static void a_pair_of_escapes_is_the_character_that_it_spells(void **state)
{
    static const unsigned last[] = {0,      0xabcd, 0xd7ff, 0xd800, 0xdbff,
                                    0xdc00, 0xdfff, 0xe000, 0xef19, 0xffff};
    char text[64];

    (void)state;
    for (unsigned plane = 0; plane < 16; plane++)
        for (size_t i = 0; i < sizeof last / sizeof last[0]; i++) {
            const unsigned c = plane << 16 | last[i], code = c + 0x10000;
            const char utf8[] = {(char)(0xf0 | code >> 18), (char)(0x80 | (code >> 12 & 63)),
                                 (char)(0x80 | (code >> 6 & 63)), (char)(0x80 | (code & 63)), 0};

            (void)snprintf(text, sizeof text, "{\"s\":\"\\u%04x\\u%04x\"}", 0xd800 + (c >> 10),
                           0xdc00 + (c & 0x3ff));
            reads_as(text, utf8);
            (void)snprintf(text, sizeof text, "{\"s\":\"\\u%04X\\u%04X\"}", 0xd800 + (c >> 10),
                           0xdc00 + (c & 0x3ff));
            reads_as(text, utf8);
        }
    reads_as("{\"s\":\"\\\\ud83d\\\\ude00\"}", "\\ud83d\\ude00");
    reads_as("{\"s\":\"\\u00e9ud83dude00\\n\"}", "\xc3\xa9ud83dude00\n");
    reads_as("{\"s\":\"\\ue000\\ud7ff\"}", "\xee\x80\x80\xed\x9f\xbf");
}

static void utf8_ends_before_the_text_does(void **state)
{
    (void)state;
    ARE_ALL(true, TEXT("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""));
    ARE_ALL(false, TEXT("\"\xc3"), TEXT("\"\xe2\x82"), TEXT("\"\xf0\x9f\x98"), TEXT("\"\xc3\""), TEXT("\"x"),
            TEXT("\""));
}

static void json_c_never_sees_what_the_scan_refuses(void **state)
{
    static const char *const refused[] = {"{\"a\":NaN}", "{\"a\":\"\\ud800\"}", "{\"a\":\"\xc0\xaf\"}",
                                          "{'a':1}"};
    struct json_document *taken AUTO_JSON = NULL;

    (void)state;
    times_json_c_was_asked = 0;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_null(json_parse(refused[i], strlen(refused[i])));
    assert_int_equal(times_json_c_was_asked, 0);
    taken = json_parse("{\"a\":1}", 7);
    assert_non_null(taken);
    assert_int_equal(times_json_c_was_asked, 1);
}

static void a_text_longer_than_the_maximum_is_not_even_scanned(void **state)
{
    char *text AUTO_FREE = malloc(JSON_TEXT_MAX + 1);
    struct json_document *taken AUTO_JSON = NULL;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', JSON_TEXT_MAX + 1);
    memcpy(text, "{\"a\":\"", 6);
    memcpy(text + JSON_TEXT_MAX - 2, "\"}", 2);
    taken = json_parse(text, JSON_TEXT_MAX);
    assert_non_null(taken);
    memcpy(text + JSON_TEXT_MAX - 2, "x\"}", 3);
    assert_null(json_parse(text, JSON_TEXT_MAX + 1));
}

static void numbers_beyond_what_a_double_counts_are_no_whole_ones(void **state)
{
    static const char text[] =
        "{\"a\":1e17,\"b\":-1e17,\"c\":-5.5,\"d\":5.5,\"e\":-3e0,\"f\":9007199254740992.0}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    const struct json_value *top = json_top(document);
    int64_t integer = 7;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        assert_false(json_integer_or_digits(json_get(top, (const char[]){"abcd"[i], 0}), &integer));
    assert_int_equal(integer, 7);
    assert_true(json_integer_or_digits(json_get(top, "e"), &integer));
    assert_int_equal(integer, -3);
    assert_true(json_integer_or_digits(json_get(top, "f"), &integer));
}

/* What json_print makes of a string that was put into a document, between the quotes. */
static void prints_as(const char *string, const char *expected)
{
    struct json_document *document AUTO_JSON = json_new();
    char *printed AUTO_FREE = NULL, *wanted AUTO_FREE = NULL;

    assert_true(json_add_string(document, "s", string));
    assert_true(asprintf(&wanted, "{\"s\":\"%s\"}", expected) > 0);
    printed = json_print(json_top(document));
    assert_string_equal(printed, wanted);
}

static void each_byte_that_is_no_utf8_is_printed_as_a_replacement(void **state)
{
    (void)state;
    prints_as("\x80\xbf", "\\ufffd\\ufffd");
    prints_as("\xc3(", "\\ufffd(");
    prints_as("\xc0\xaf", "\\ufffd\\ufffd");
    prints_as("\xe0\x80\xaf", "\\ufffd\\ufffd\\ufffd");
    prints_as("\xf0\x80\x80\xaf", "\\ufffd\\ufffd\\ufffd\\ufffd");
    prints_as("\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");
    prints_as("\xf8\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd");
    prints_as("\xe2\x82", "\\ufffd\\ufffd");
    prints_as("\xf4\x8f\xbf\xbf", "\\udbff\\udfff");
    prints_as("\xee\x80\x80", "\\ue000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_has_digits_wherever_they_belong),
        cmocka_unit_test(a_word_is_one_of_three_and_stands_alone),
        cmocka_unit_test(a_nul_is_nothing_anywhere),
        cmocka_unit_test(an_escape_is_one_of_nine),
        cmocka_unit_test(an_escaped_code_unit_has_four_hexadecimal_digits),
        cmocka_unit_test(surrogates_come_in_pairs),
        cmocka_unit_test(a_pair_of_escapes_is_the_character_that_it_spells),
        cmocka_unit_test(utf8_ends_before_the_text_does),
        cmocka_unit_test(json_c_never_sees_what_the_scan_refuses),
        cmocka_unit_test(a_text_longer_than_the_maximum_is_not_even_scanned),
        cmocka_unit_test(numbers_beyond_what_a_double_counts_are_no_whole_ones),
        cmocka_unit_test(each_byte_that_is_no_utf8_is_printed_as_a_replacement),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
