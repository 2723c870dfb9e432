/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sys/un.h>

#include "http/http_address.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void addresses_of_this_machine_and_beside_it_are_local(void **state)
{
    static const char *const local[] = {
        "0.0.0.0",
        "0.1.2.3",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "169.254.169.254",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:0.0.0.0",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "::ffff:0:127.0.0.1",
        "fc00::1",
        "fdff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(local); i++)
        if (!http_host_is_local(local[i]))
            fail_msg("%s", local[i]);
}

static void other_addresses_are_not(void **state)
{
    static const char *const other[] = {
        "10.0.0.1",     "172.16.0.1",      "192.168.1.1",    "1.1.1.1",         "126.255.255.255",
        "128.0.0.1",    "169.253.255.255", "169.255.0.1",    "223.255.255.255", "2001:db8::1",
        "2606:4700::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::",    "fbff::1",
        "fe7f::1",      "::ffff:1.1.1.1",
    };

    (void)state;
    for (size_t i = 0; i < COUNT(other); i++)
        if (http_host_is_local(other[i]))
            fail_msg("%s", other[i]);
}

static void names_are_no_addresses(void **state)
{
    (void)state;
    assert_false(http_host_is_local("localhost"));
    assert_false(http_host_is_local("127.0.0.1.example"));
    assert_false(http_host_is_local(""));
}

static void what_is_no_internet_address_is_local(void **state)
{
    const struct sockaddr_un path = {.sun_family = AF_UNIX, .sun_path = "/run/x"};

    (void)state;
    assert_true(http_address_is_local((const struct sockaddr *)&path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_this_machine_and_beside_it_are_local),
        cmocka_unit_test(other_addresses_are_not),
        cmocka_unit_test(names_are_no_addresses),
        cmocka_unit_test(what_is_no_internet_address_is_local),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
