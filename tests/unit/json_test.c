/* SPDX-License-Identifier: BSD-2-Clause */
/* What json-c 0.16 lets through though strict, and what its getters would coerce, is refused here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "json/json.h"

static void are_refused(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct json_document *document AUTO_JSON = json_parse(texts[i], strlen(texts[i]));

        if (document)
            fail_msg("accepted: %s", texts[i]);
    }
}

#define REFUSED(...)                                                                                         \
    do {                                                                                                     \
        static const char *const texts[] = {__VA_ARGS__};                                                    \
        are_refused(texts, sizeof texts / sizeof texts[0]);                                                  \
    } while (0)

static void what_rfc_8259_allows_is_taken(void **state)
{
    static const char *const texts[] = {
        "{}",
        " {\"a\" : 1 } \r\n\t",
        "{\"a\":[1,-0,0.5,1e3,1E+3,1.5e-3,true,false,null,\"x\",{},[]]}",
        "{\"\":1}",
        "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}",
        "{\"\xc3\xa9\":\"\xe2\x82\xac\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf\xee\x80\x80\"}",
        "{\"a:b\":\"c:d,{}[]\"}",
        "{\"a\":{\"a\":{\"a\":1}}}",
        "{\"a\":9223372036854775807,\"b\":-9223372036854775807}",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct json_document *document AUTO_JSON = json_parse(texts[i], strlen(texts[i]));

        if (!document)
            fail_msg("refused: %s", texts[i]);
    }
}

static void a_repeated_member_is_refused(void **state)
{
    (void)state;
    REFUSED("{\"a\":1,\"a\":1}", "{\"a\":1,\"a\":2}", "{\"a\":1,\"b\":2,\"a\":3}",
            "{\"a\":{\"b\":1,\"b\":2}}", "{\"a\":[{\"b\":1,\"b\":2}]}", "{\"\":1,\"\":2}",
            "{\"a\":null,\"a\":null}");
}

static void a_repeated_member_spelled_with_an_escape_is_refused(void **state)
{
    (void)state;
    REFUSED("{\"a\":1,\"\\u0061\":2}", "{\"sub\":\"a\",\"s\\u0075b\":\"root\"}", "{\"/\":1,\"\\/\":2}");
}

static void a_nul_is_refused_in_names_and_values(void **state)
{
    (void)state;
    REFUSED("{\"a\":\"root\\u0000x\"}", "{\"a\\u0000b\":1}", "{\"a\":\"\\u0000\"}");
    assert_null(json_parse("{\"a\":\"x\0y\"}", 11));
    assert_null(json_parse("{\"a\":1}\0", 8));
    assert_null(json_parse("{\"a\":1}\0{}", 10));
    assert_null(json_parse("\0{\"a\":1}", 8));
}

static void numbers_that_are_none_are_refused(void **state)
{
    (void)state;
    REFUSED("{\"a\":NaN}", "{\"a\":-NaN}", "{\"a\":Infinity}", "{\"a\":-Infinity}", "{\"a\":01}",
            "{\"a\":-01}", "{\"a\":+1}", "{\"a\":.5}", "{\"a\":1.}", "{\"a\":012.5}", "{\"a\":1e}",
            "{\"a\":1e+}", "{\"a\":0x10}", "{\"a\":--1}", "{\"a\":-}", "{\"a\":1.2.3}", "{\"a\":1true}",
            "{\"a\":1\"x\"}");
}

static void numbers_out_of_range_are_refused(void **state)
{
    (void)state;
    REFUSED("{\"a\":99999999999999999999}", "{\"a\":-99999999999999999999}", "{\"a\":1e999}",
            "{\"a\":-1e999}", "{\"a\":[1e999]}", "{\"a\":-9223372036854775808}");
}

static void raw_control_characters_in_strings_are_refused(void **state)
{
    char text[] = "{\"a\":\"x_y\"}";

    (void)state;
    for (char c = 1; c < 0x20; c++) {
        text[7] = c;
        assert_null(json_parse(text, strlen(text)));
    }
}

static void broken_utf8_is_refused(void **state)
{
    (void)state;
    REFUSED("{\"a\":\"\xc0\xaf\"}", "{\"a\":\"\xc1\x81\"}", "{\"a\":\"\xe0\x80\xaf\"}",
            "{\"a\":\"\xf0\x80\x80\xaf\"}", "{\"a\":\"\xed\xa0\x80\"}", "{\"a\":\"\xed\xbf\xbf\"}",
            "{\"a\":\"\xf4\x90\x80\x80\"}", "{\"a\":\"\xf5\x80\x80\x80\"}", "{\"a\":\"\x80\"}",
            "{\"a\":\"\xc3\"}", "{\"a\":\"\xc3(\"}", "{\"a\":\"\xe2\x82\"}", "{\"a\":\"\xff\"}",
            "{\"\xc0\x80\":1}", "{\"a\":\"\xe2\x82", "\xef\xbb\xbf{\"a\":1}");
}

static void lone_surrogates_are_refused(void **state)
{
    (void)state;
    REFUSED("{\"a\":\"\\ud800\"}", "{\"a\":\"\\udc00\"}", "{\"a\":\"\\udc00\\udc00\"}",
            "{\"a\":\"\\ud800x\"}", "{\"a\":\"\\ud800\\u0041\"}", "{\"a\":\"\\udc00\\ud800\"}",
            "{\"a\":\"\\ud800\\ud800\"}", "{\"\\ud800\":1}");
}

static void other_spellings_of_json_are_refused(void **state)
{
    (void)state;
    REFUSED("{'a':1}", "{\"a\":'b'}", "{a:1}", "{\"a\":1,}", "{\"a\":[1,]}", "{,}", "{\"a\":1/**/}",
            "{\"a\":1}//", "{\"a\":True}", "{\"a\":TRUE}", "{\"a\":nul}", "{\"a\":nullx}", "{\"a\":1}x",
            "{\"a\":1}{}", "{\"a\"}", "{\"a\":}", "{\"a\" 1}", "{\"a\"::1}", "{:1}", "{\"a\":\"\\x41\"}",
            "{\"a\":\"\\u12\"}", "{\"a\":\"\\u00g0\"}", "{\"a\":\"\\", "{\"a\":\"\\u", "{\"a\":\"x",
            "{\"a\":1", "{\"a\":[1", "{", "", " ", "{\"a\":1\v}");
}

static void the_top_must_be_an_object(void **state)
{
    (void)state;
    REFUSED("[]", "1", "\"x\"", "null", "true", "[{\"a\":1}]");
}

static char *nested(size_t depth)
{
    char *text = malloc(2 * depth + 16);
    size_t at = 5;

    assert_non_null(text);
    memcpy(text, "{\"a\":", at);
    memset(text + at, '[', depth);
    at += depth;
    memset(text + at, ']', depth);
    at += depth;
    memcpy(text + at, "}", 2);
    return text;
}

static void depth_is_limited(void **state)
{
    static const struct {
        size_t depth;
        bool taken;
    } cases[] = {{1, true}, {JSON_DEPTH_MAX - 2, true}, {JSON_DEPTH_MAX, false}, {500000, false}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *text AUTO_FREE = nested(cases[i].depth);
        struct json_document *document AUTO_JSON = json_parse(text, strlen(text));

        assert_int_equal(document != NULL, cases[i].taken);
    }
}

static void a_megabyte_of_brackets_is_refused(void **state)
{
    char *text AUTO_FREE = malloc(1 << 20);

    (void)state;
    assert_non_null(text);
    memset(text, '[', 1 << 20);
    assert_null(json_parse(text, 1 << 20));
    memset(text, '{', 1 << 20);
    assert_null(json_parse(text, 1 << 20));
}

static void nothing_is_coerced(void **state)
{
    static const char text[] =
        "{\"false\":\"false\",\"digits\":\"1999999999\",\"object\":{\"a\":1},\"number\":123,"
        "\"array\":[],\"double\":1.0,\"true\":true,\"null\":null,\"word\":\"w\"}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    const struct json_value *top = json_top(document);
    const char *string = "kept";
    int64_t integer = 7;
    bool boolean = true;

    (void)state;
    assert_false(json_boolean(json_get(top, "false"), &boolean));
    assert_false(json_boolean(json_get(top, "number"), &boolean));
    assert_false(json_integer(json_get(top, "digits"), &integer));
    assert_false(json_integer(json_get(top, "double"), &integer));
    assert_false(json_integer(json_get(top, "true"), &integer));
    assert_false(json_integer(json_get(top, "null"), &integer));
    assert_false(json_string(json_get(top, "object"), &string, NULL));
    assert_false(json_string(json_get(top, "number"), &string, NULL));
    assert_false(json_string(json_get(top, "array"), &string, NULL));
    assert_false(json_string(NULL, &string, NULL));
    assert_int_equal(json_array_length(json_get(top, "word")), 0);
    assert_null(json_get(json_get(top, "array"), "a"));
    assert_null(json_array_at(json_get(top, "object"), 0));
    assert_string_equal(string, "kept");
    assert_int_equal(integer, 7);
    assert_true(boolean);
}

static void accessors_give_what_is_there(void **state)
{
    static const char text[] =
        "{\"s\":\"x\\u00e9\",\"i\":-5,\"b\":false,\"a\":[1,\"two\"],\"o\":{},\"n\":null}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    const struct json_value *top = json_top(document);
    const char *string;
    size_t length;
    int64_t integer;
    bool boolean = true;

    (void)state;
    assert_true(json_string(json_get(top, "s"), &string, &length));
    assert_string_equal(string, "x\xc3\xa9");
    assert_int_equal(length, 3);
    assert_true(json_integer(json_get(top, "i"), &integer));
    assert_int_equal(integer, -5);
    assert_true(json_boolean(json_get(top, "b"), &boolean));
    assert_false(boolean);
    assert_int_equal(json_array_length(json_get(top, "a")), 2);
    assert_true(json_string_is(json_array_at(json_get(top, "a"), 1), "two"));
    assert_null(json_array_at(json_get(top, "a"), 2));
    assert_true(json_is_object(json_get(top, "o")));
    assert_true(json_is_array(json_get(top, "a")));
    assert_null(json_get(top, "n"));
    assert_null(json_get(top, "S"));
    assert_null(json_get(NULL, "s"));
    assert_null(json_top(NULL));
}

static void integers_at_the_edge_are_refused(void **state)
{
    static const char text[] =
        "{\"max\":9223372036854775807,\"more\":9223372036854775808,\"less\":9223372036854775806}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    int64_t integer;

    (void)state;
    assert_non_null(document);
    assert_false(json_integer(json_get(json_top(document), "max"), &integer));
    assert_false(json_integer(json_get(json_top(document), "more"), &integer));
    assert_true(json_integer(json_get(json_top(document), "less"), &integer));
    assert_int_equal(integer, INT64_MAX - 1);
}

static void digits_are_taken_where_servers_send_them(void **state)
{
    static const struct {
        const char *text;
        int64_t expected; /* -1: refused */
    } cases[] = {
        {"{\"a\":300}", 300},
        {"{\"a\":\"300\"}", 300},
        {"{\"a\":\"007\"}", 7},
        {"{\"a\":\"\"}", -1},
        {"{\"a\":\"-1\"}", -1},
        {"{\"a\":\" 5\"}", -1},
        {"{\"a\":\"5s\"}", -1},
        {"{\"a\":\"1e3\"}", -1},
        {"{\"a\":\"0x5\"}", -1},
        {"{\"a\":5.5}", -1},
        {"{\"a\":1e3}", 1000},
        {"{\"a\":true}", -1},
        {"{\"a\":[5]}", -1},
        {"{\"b\":5}", -1},
        {"{\"a\":\"999999999999999999\"}", 999999999999999999},
        {"{\"a\":\"9999999999999999999\"}", -1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct json_document *document AUTO_JSON = json_parse(cases[i].text, strlen(cases[i].text));
        int64_t integer = -1;

        assert_int_equal(json_integer_or_digits(json_get(json_top(document), "a"), &integer),
                         cases[i].expected != -1);
        assert_int_equal(integer, cases[i].expected);
    }
}

static void a_path_leads_into_objects_and_a_whole_name_wins(void **state)
{
    static const char text[] = "{\"a\":{\"b\":{\"c\":\"deep\"},\"x.y\":\"dotted\"},\"a.b\":\"whole\","
                               "\"https://acme.example/roles\":\"url\",\"s\":\"string\"}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    const struct json_value *top = json_top(document);

    (void)state;
    assert_true(json_string_is(json_get_path(top, "a.b"), "whole"));
    assert_true(json_string_is(json_get_path(top, "a.b.c"), "deep"));
    assert_true(json_string_is(json_get_path(top, "a.x.y"), "dotted"));
    assert_true(json_string_is(json_get_path(top, "https://acme.example/roles"), "url"));
    assert_true(json_string_is(json_get_path(top, "s"), "string"));
    assert_null(json_get_path(top, "s.t"));
    assert_null(json_get_path(top, "a.z"));
    assert_null(json_get_path(top, "."));
    assert_null(json_get_path(top, ""));
    assert_null(json_get_path(NULL, "a.b"));
}

static bool collect_name(void *context, const char *name, const struct json_value *value)
{
    char *names = context;
    const size_t length = strlen(names);

    (void)value;
    names[length] = name[0];
    names[length + 1] = '\0';
    return length + 1 < 3;
}

static void members_are_visited_in_order_until_told_to_stop(void **state)
{
    static const char text[] = "{\"c\":1,\"a\":null,\"b\":2,\"d\":3}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    char names[8] = "";

    (void)state;
    json_each_member(json_top(document), collect_name, names);
    assert_string_equal(names, "cab");
    json_each_member(json_get(json_top(document), "c"), collect_name, names);
    assert_string_equal(names, "cab");
}

static void printing_is_compact_and_ascii(void **state)
{
    static const char text[] =
        "{ \"a\" : \"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\\u009b\\u202e\\u007f/\\n\" , \"b\":[1, null]}";
    struct json_document *document AUTO_JSON = json_parse(text, strlen(text));
    char *printed AUTO_FREE = json_print(json_top(document));
    struct json_document *again AUTO_JSON = json_parse(printed, strlen(printed));
    const char *before, *after;

    (void)state;
    assert_string_equal(printed,
                        "{\"a\":\"\\u00e9\\u20ac\\ud83d\\ude00\\u009b\\u202e\\u007f/\\n\",\"b\":[1,null]}");
    assert_true(json_string(json_get(json_top(document), "a"), &before, NULL));
    assert_true(json_string(json_get(json_top(again), "a"), &after, NULL));
    assert_string_equal(before, after);
}

static void what_is_built_can_be_read(void **state)
{
    struct json_document *inner AUTO_JSON = json_new();
    struct json_document *document AUTO_JSON = json_new();
    char *printed AUTO_FREE = NULL;

    (void)state;
    assert_true(json_add_integer(inner, "n", INT64_MAX));
    assert_true(json_add_string(document, "s", "a\"b\n") && json_add_string(document, "none", NULL));
    assert_true(json_add_object(document, "o", json_top(inner)));
    assert_true(json_add_object(document, "empty", NULL));
    assert_false(json_add_object(document, "x", json_get(json_top(inner), "n")));
    assert_true(json_add_boolean(document, "b", false) &&
                json_add_strings(document, "l", (char *const[]){(char[]){"x"}, NULL}));
    assert_true(json_add_string(document, "bytes", "\xff\xc3\xa9\xed\xa0\x80"));
    printed = json_print(json_top(document));
    assert_string_equal(
        printed, "{\"s\":\"a\\\"b\\n\",\"none\":null,\"o\":{\"n\":9223372036854775807},"
                 "\"empty\":{},\"b\":false,\"l\":[\"x\"],\"bytes\":\"\\ufffd\\u00e9\\ufffd\\ufffd\\ufffd\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rfc_8259_allows_is_taken),
        cmocka_unit_test(a_repeated_member_is_refused),
        cmocka_unit_test(a_repeated_member_spelled_with_an_escape_is_refused),
        cmocka_unit_test(a_nul_is_refused_in_names_and_values),
        cmocka_unit_test(numbers_that_are_none_are_refused),
        cmocka_unit_test(numbers_out_of_range_are_refused),
        cmocka_unit_test(raw_control_characters_in_strings_are_refused),
        cmocka_unit_test(broken_utf8_is_refused),
        cmocka_unit_test(lone_surrogates_are_refused),
        cmocka_unit_test(other_spellings_of_json_are_refused),
        cmocka_unit_test(the_top_must_be_an_object),
        cmocka_unit_test(depth_is_limited),
        cmocka_unit_test(a_megabyte_of_brackets_is_refused),
        cmocka_unit_test(nothing_is_coerced),
        cmocka_unit_test(accessors_give_what_is_there),
        cmocka_unit_test(integers_at_the_edge_are_refused),
        cmocka_unit_test(digits_are_taken_where_servers_send_them),
        cmocka_unit_test(a_path_leads_into_objects_and_a_whole_name_wins),
        cmocka_unit_test(members_are_visited_in_order_until_told_to_stop),
        cmocka_unit_test(printing_is_compact_and_ascii),
        cmocka_unit_test(what_is_built_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
