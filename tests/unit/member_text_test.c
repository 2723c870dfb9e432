/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The texts of a passwd entry, at the edges of every range. Each lies at the end of its buffer, so that the
 * sanitizers see a look beyond it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "frontdesk/locale_name.h"
#include "frontdesk/member_name.h"
#include "frontdesk/member_text.h"

static size_t character(const char *bytes, size_t length, uint32_t *ret_code_point)
{
    unsigned char *buffer AUTO_FREE = malloc(8);

    assert_non_null(buffer);
    memcpy(buffer + 8 - length, bytes, length);
    return utf8_character(buffer + 8 - length, length, ret_code_point);
}

static void a_character_has_one_spelling(void **state)
{
    static const struct {
        const char *bytes;
        size_t length, size;
        uint32_t code_point;
    } cases[] = {
        {"a", 1, 1, 'a'},
        {"\x7f", 1, 1, 0x7f},
        {"\xc2\x80", 2, 2, 0x80},
        {"\xdf\xbf", 2, 2, 0x7ff},
        {"\xe0\xa0\x80", 3, 3, 0x800},
        {"\xed\x9f\xbf", 3, 3, 0xd7ff},
        {"\xee\x80\x80", 3, 3, 0xe000},
        {"\xf0\x90\x80\x80", 4, 4, 0x10000},
        {"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
        {"", 0, 0, 0},
        {"\x80", 1, 0, 0},
        {"\xbf", 1, 0, 0},
        {"\xc1\xbf", 2, 0, 0},
        {"\xe0\x9f\xbf", 3, 0, 0},
        {"\xf0\x8f\xbf\xbf", 4, 0, 0},
        {"\xed\xa0\x80", 3, 0, 0},
        {"\xed\xbf\xbf", 3, 0, 0},
        {"\xf4\x90\x80\x80", 4, 0, 0},
        {"\xf8\x88\x80\x80", 4, 0, 0},
        {"\xff", 1, 0, 0},
        {"\xc3", 1, 0, 0},
        {"\xe2\x82", 2, 0, 0},
        {"\xf0\x9f\x98", 3, 0, 0},
        {"\xc3(", 2, 0, 0},
        {"\xe2(\xac", 3, 0, 0},
        {"\xe2\x82(", 3, 0, 0},
        {"\xc3\xe9", 2, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t code_point = 0;

        assert_int_equal(character(cases[i].bytes, cases[i].length, &code_point), cases[i].size);
        assert_int_equal(code_point, cases[i].code_point);
    }
}

static void ranges_that_cannot_be_shown_end_where_they_end(void **state)
{
    static const struct {
        uint32_t first, last;
    } hidden[] = {
        {0, 0x1f},          {0x7f, 0x9f},       {0xad, 0xad},        {0x61c, 0x61c},     {0x180e, 0x180e},
        {0x200b, 0x200b},   {0x200e, 0x200f},   {0x2028, 0x202e},    {0x2060, 0x206f},   {0xe000, 0xf8ff},
        {0xfdd0, 0xfdef},   {0xfeff, 0xfeff},   {0xfff0, 0xfffb},    {0xfffe, 0xffff},   {0x1fffe, 0x1ffff},
        {0x2fffe, 0x2ffff}, {0x3fffe, 0x3ffff}, {0x4fffe, 0x4ffff},  {0x5fffe, 0x5ffff}, {0x6fffe, 0x6ffff},
        {0x7fffe, 0x7ffff}, {0x8fffe, 0x8ffff}, {0x9fffe, 0x9ffff},  {0xafffe, 0xaffff}, {0xbfffe, 0xbffff},
        {0xcfffe, 0xcffff}, {0xdfffe, 0xdffff}, {0xe0000, 0x10ffff},
    };
    size_t at = 0;

    (void)state;
    for (uint32_t c = 0; c <= 0x10ffff; c++) {
        const bool is_hidden = at < sizeof hidden / sizeof hidden[0] && c >= hidden[at].first;

        if (code_point_is_printable(c) == is_hidden)
            fail_msg("U+%04X", (unsigned)c);
        at += is_hidden && c == hidden[at].last;
    }
}

static bool is_path(const char *path, size_t length)
{
    char *buffer AUTO_FREE = malloc(64);

    assert_non_null(buffer);
    memcpy(buffer + 64 - length, path, length);
    return member_path_is_valid(buffer + 64 - length, length);
}

static void a_path_is_absolute_and_plain(void **state)
{
    static const char *const good[] = {"/a", "/home/alice", "/a/b.c", "/~!"};
    static const char *const bad[] = {"",     "/",      "a",    "a/b",      "/a/",   "/home/alice/",
                                      "//a",  "/a//b",  "/.a",  "/a/.b",    "/a/..", "/a b",
                                      "/a:b", "/a\x7f", "/a\t", "/\xc3\xa9"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(is_path(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (is_path(bad[i], strlen(bad[i])) || member_path_is_valid(bad[i], strlen(bad[i])))
            fail_msg("taken: %s", bad[i]);
}

static void a_home_is_called_as_its_owner(void **state)
{
    static const struct {
        const char *home;
        bool is_valid;
    } cases[] = {
        {"/home/alice", true},      {"/srv/homes/alice", true}, {"/var/home/alice", true},
        {"/home/xalice", false},    {"/home/bob", false},       {"/alice", false},
        {"/etc/alice", false},      {"/var/lib/alice", false},  {"/home/alice/", false},
        {"/homes_of-alice", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (home_is_valid(cases[i].home, strlen(cases[i].home), "alice") != cases[i].is_valid)
            fail_msg("%s", cases[i].home);
}

static void a_gecos_has_one_field(void **state)
{
    (void)state;
    assert_true(gecos_is_valid("Ada Lovelace", 12));
    assert_true(gecos_is_valid("", 0));
    assert_false(gecos_is_valid("a:b", 3));
    assert_false(gecos_is_valid("a,b", 3));
    assert_false(gecos_is_valid("umask=0", 7));
    assert_false(gecos_is_valid("a\nb", 3));
    assert_false(gecos_is_valid("a\xff", 2));
    assert_false(gecos_is_valid("a\xc3", 2));
}

static void the_alphabets_of_names_have_these_letters(void **state)
{
    char first[2] = {0}, second[3] = "a";
    size_t locales = 0, firsts = 0, seconds = 0;

    (void)state;
    for (int c = 1; c < 256; c++) {
        first[0] = second[1] = (char)c;
        locales += locale_name_is_plain(first);
        firsts += member_name_is_valid(first, 1);
        seconds += member_name_is_valid(second, 2);
    }
    assert_int_equal(locales, 26 + 26 + 10 + 4);
    assert_int_equal(firsts, 26 + 1);
    assert_int_equal(seconds, 26 + 10 + 2); /* a dot is never the last */
    assert_false(locale_name_is_plain(""));
    assert_false(member_name_is_valid("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_has_one_spelling),
        cmocka_unit_test(ranges_that_cannot_be_shown_end_where_they_end),
        cmocka_unit_test(a_path_is_absolute_and_plain),
        cmocka_unit_test(a_home_is_called_as_its_owner),
        cmocka_unit_test(a_gecos_has_one_field),
        cmocka_unit_test(the_alphabets_of_names_have_these_letters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
