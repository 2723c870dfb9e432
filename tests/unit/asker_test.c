/* SPDX-License-Identifier: BSD-2-Clause */
/* One host has one name, however it is written, and a process that is not root's has none but its uid. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "keeper/asker.h"

static void a_host_has_one_name_however_it_is_written(void **state)
{
    static const struct {
        const char *rhost, *name;
    } cases[] = {
        {"203.0.113.9", "203.0.113.9"},
        {"::ffff:203.0.113.9", "203.0.113.9"},
        {"::FFFF:CB00:7109", "203.0.113.9"},
        {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"},
        {"2001:DB8:1:2::", "2001:db8:1:2::/64"},
        {"2001:0db8:0001:0002:ffff::1", "2001:db8:1:2::/64"},
        {"[2001:db8:1:2::7]", "2001:db8:1:2::/64"},
        {"2001:db8:1:3::7", "2001:db8:1:3::/64"},
        {"fe80::1%eth0", "fe80::/64"},
        {"::1", "::/64"},
        {"Desk-7.Example.ORG.", "desk-7.example.org"},
        {"localhost", "localhost"},
        {".", "."},
        {"203.0.113.999", "203.0.113.999"},
        {"2001:db8:::1", "2001:db8:::1"},
    };
    char name[ASKER_NAME_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        asker_host(cases[i].rhost, name);
        assert_string_equal(name, cases[i].name);
    }
}

static void a_name_of_any_length_fits(void **state)
{
    char rhost[PROTOCOL_FIELD_MAX + 1], name[ASKER_NAME_SIZE];

    (void)state;
    memset(rhost, ':', sizeof rhost - 1);
    rhost[sizeof rhost - 1] = '\0';
    asker_host(rhost, name);
    assert_string_equal(name, rhost);
}

static struct login saying(const char *rhost, const char *ruser, const char *tty)
{
    struct login login = {.phase = PHASE_AUTH};

    (void)snprintf(login.rhost, sizeof login.rhost, "%s", rhost);
    (void)snprintf(login.ruser, sizeof login.ruser, "%s", ruser);
    (void)snprintf(login.tty, sizeof login.tty, "%s", tty);
    return login;
}

static void who_asks_is_the_farthest_that_was_said(void **state)
{
    const struct login remote = saying("203.0.113.9", "mallory", "ssh"),
                       local = saying("", "lena", "/dev/tty1"), console = saying("", "", "/dev/tty1"),
                       program = saying("", "", "");

    (void)state;
    assert_int_equal(asker_of(&remote, false, 0).kind, ASKER_REMOTE);
    assert_string_equal(asker_of(&remote, false, 0).name, "203.0.113.9");
    assert_int_equal(asker_of(&local, false, 0).kind, ASKER_LOCAL_USER);
    assert_string_equal(asker_of(&local, false, 0).name, "lena");
    assert_int_equal(asker_of(&console, false, 0).kind, ASKER_CONSOLE);
    assert_int_equal(asker_of(&program, false, 0).kind, ASKER_PROGRAM);
}

static void what_a_user_says_of_itself_changes_nothing(void **state)
{
    const struct login first = saying("203.0.113.9", "mallory", "tty"), second = saying("", "", "");
    const struct asker one = asker_of(&first, true, 1000), same = asker_of(&second, true, 1000),
                       other = asker_of(&second, true, 1001);

    (void)state;
    assert_true(asker_is(&one, &same));
    assert_false(asker_is(&one, &other));
    assert_string_equal(one.name, "1000");
}

static void the_same_word_of_another_kind_is_another_asker(void **state)
{
    const struct login remote = saying("lena", "", ""), local = saying("", "lena", "");
    const struct asker one = asker_of(&remote, false, 0), other = asker_of(&local, false, 0);

    (void)state;
    assert_false(asker_is(&one, &other));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_has_one_name_however_it_is_written),
        cmocka_unit_test(a_name_of_any_length_fits),
        cmocka_unit_test(who_asks_is_the_farthest_that_was_said),
        cmocka_unit_test(what_a_user_says_of_itself_changes_nothing),
        cmocka_unit_test(the_same_word_of_another_kind_is_another_asker),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
