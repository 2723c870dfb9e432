/* SPDX-License-Identifier: BSD-2-Clause */
/* include/frontdesk/member_name.h and ids.h: what both modules and the helper refuse as a name or an id. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frontdesk/ids.h"
#include "frontdesk/member_name.h"

static bool is_valid(const char *name)
{
    return member_name_is_valid(name, strlen(name));
}

static void names_of_people_are_accepted(void **state)
{
    static const char *const names[] = {
        "a",  "_",    "alice", "alice.new", "a-b", "a_b", "a1",
        "_x", "a--b", "a.b.c", "a.-b",      "a-",  "a_",  "abcdefghijklmnopqrstuvwxyz01234"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(is_valid(names[i]));
}

static void other_names_are_refused(void **state)
{
    static const char *const names[] = {"",
                                        "Alice",
                                        "aLice",
                                        "1a",
                                        "0",
                                        "1000",
                                        "-a",
                                        ".a",
                                        "a.",
                                        "a..b",
                                        ".",
                                        "..",
                                        "a b",
                                        "a/b",
                                        "../a",
                                        "a:b",
                                        "a\n",
                                        "a,b",
                                        "a=b",
                                        "a#b",
                                        "a%b",
                                        "a$",
                                        "a@b",
                                        "a+b",
                                        "a\\b",
                                        "é",
                                        "a\xc5\xbf",
                                        "\xe2\x84\xaa",
                                        "a\x80",
                                        "a\x7f",
                                        "abcdefghijklmnopqrstuvwxyz012345"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_false(is_valid(names[i]));
}

static void no_byte_outside_the_alphabet_is_accepted(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const char name[] = {'a', (char)byte, 'b'};
        const bool known = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte == '_' ||
                           byte == '-' || byte == '.';

        assert_int_equal(member_name_is_valid(name, sizeof name), known);
    }
}

static void a_nul_inside_a_name_is_refused(void **state)
{
    (void)state;
    assert_false(member_name_is_valid("ab\0c", 4));
    assert_false(member_name_is_valid("ab", 3));
    assert_true(member_name_is_valid("abc", 2));
}

static void names_of_the_system_are_reserved(void **state)
{
    static const char *const names[] = {"root",      "daemon",        "nobody",          "sudo",     "wheel",
                                        "adm",       "docker",        "shadow",          "sshd",     "gdm",
                                        "frontdesk", "frontdesk-net", "systemd-network", "systemd-x"};
    static const char *const free_names[] = {"alice", "roots", "roo", "systemd", "frontdesk-x", "sudoer", ""};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_true(member_name_is_reserved(names[i]));
    for (size_t i = 0; i < sizeof free_names / sizeof free_names[0]; i++)
        assert_false(member_name_is_reserved(free_names[i]));
}

static void a_reserved_name_stands_in_the_list_once(void **state)
{
    const size_t count = sizeof reserved_names / sizeof reserved_names[0];

    (void)state;
    for (size_t i = 0; i < count; i++)
        for (size_t other = i + 1; other < count; other++)
            assert_string_not_equal(reserved_names[i], reserved_names[other]);
}

static void the_range_ends_where_it_says(void **state)
{
    static const uint32_t outside[] = {
        0, 1, 999, 1000, FD_MEMBER_ID_MIN - 1, FD_MEMBER_ID_MAX + 1, 0x7fffffff, 0xfffffffe, 0xffffffff};

    (void)state;
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++)
        assert_false(id_is_members(outside[i]));
    assert_true(id_is_members(FD_MEMBER_ID_MIN));
    assert_true(id_is_members(FD_MEMBER_ID_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_of_people_are_accepted),
        cmocka_unit_test(other_names_are_refused),
        cmocka_unit_test(no_byte_outside_the_alphabet_is_accepted),
        cmocka_unit_test(a_nul_inside_a_name_is_refused),
        cmocka_unit_test(names_of_the_system_are_reserved),
        cmocka_unit_test(a_reserved_name_stands_in_the_list_once),
        cmocka_unit_test(the_range_ends_where_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
