/* SPDX-License-Identifier: BSD-2-Clause */
#include "members/fixture.h"

#include <locale.h>

#include "members/map_name.h"

static enum reason map(struct desk *desk, const char *regex, const char *claim, char *ret_name)
{
    char subject[] = "s1";
    char *username = claim ? text(claim) : NULL;
    struct identity identity = person(subject, username, NULL);
    enum reason reason;

    free(desk->connection.username_regex);
    desk->connection.username_regex = regex ? text(regex) : NULL;
    (void)snprintf(ret_name, MEMBER_NAME_MAX + 1, "untouched");
    reason = map_name(&desk->connection, &identity, ret_name);
    free(username);
    return reason;
}

static void assert_refused(struct desk *desk, const char *regex, const char *claim, enum reason reason)
{
    char name[MEMBER_NAME_MAX + 1];
    enum reason got = map(desk, regex, claim, name);

    if (got != reason)
        fail_msg("\"%s\" by \"%s\" gave %s (%s)", claim, regex, reason_code(got), name);
    assert_string_equal(name, "untouched");
}

static void assert_mapped(struct desk *desk, const char *regex, const char *claim, const char *expected)
{
    char name[MEMBER_NAME_MAX + 1];

    assert_int_equal(map(desk, regex, claim, name), REASON_OK);
    assert_string_equal(name, expected);
}

static void a_claim_that_is_a_name_is_the_name(void **state)
{
    assert_mapped(*state, NULL, "ada", "ada");
    assert_mapped(*state, NULL, "a", "a");
    assert_mapped(*state, NULL, "_a-b.c_9", "_a-b.c_9");
    assert_mapped(*state, NULL, "abcdefghijklmnopqrstuvwxyz01234", "abcdefghijklmnopqrstuvwxyz01234");
}

static void a_claim_that_is_no_name_is_refused_and_never_cleaned(void **state)
{
    static const char *const claims[] = {
        "Ada",
        "ADA",
        "a da",
        " ada",
        "ada ",
        "ada\n",
        "a\rda",
        "a/da",
        "../ada",
        "a:da",
        "a,da",
        "a=da",
        "a#da",
        "a%da",
        "a;da",
        "-ada",
        ".ada",
        "ada.",
        "a..da",
        "0",
        "1000",
        "0day",
        "9",
        "a\tda",
        "a@b",
        "a\\da",
        "a\"da",
        "a$da",
        "\305\277hub",
        "\342\204\252ai",
        "ad\303\240",
        "a\001",
        "a\177",
        "a!",
        "a+b",
        "x]\n[allow",
        "abcdefghijklmnopqrstuvwxyz012345",
    };

    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        assert_refused(*state, NULL, claims[i], REASON_NAME_INVALID);
    assert_refused(*state, NULL, NULL, REASON_USERNAME_CLAIM_MISSING);
}

static void reserved_names_are_refused_even_by_the_regex(void **state)
{
    static const char *const names[] = {
        "root", "daemon",          "nobody",        "sudo",  "wheel", "docker",   "shadow",
        "sshd", "systemd-network", "frontdesk-net", "admin", "disk",  "systemd-x"};
    char email[64];

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_refused(*state, NULL, names[i], REASON_NAME_RESERVED);
        (void)snprintf(email, sizeof email, "%s@acme.com", names[i]);
        assert_refused(*state, "^([^@]+)@acme[.]com$", email, REASON_NAME_RESERVED);
    }
}

static void the_regex_matches_the_whole_claim_and_its_first_group_is_the_name(void **state)
{
    const char *by_domain = "^([^@]+)@acme[.]com$", *loose = "([^@]+)@acme[.]com";

    assert_mapped(*state, by_domain, "ada@acme.com", "ada");
    assert_mapped(*state, loose, "ada@acme.com", "ada");
    assert_refused(*state, by_domain, "ada@evil.example", REASON_USERNAME_REGEX);
    assert_refused(*state, by_domain, "ada@acmeXcom", REASON_USERNAME_REGEX);
    assert_refused(*state, loose, "ada@acme.com.evil.example", REASON_USERNAME_REGEX);
    assert_refused(*state, loose, "ada@acme.com\n", REASON_USERNAME_REGEX);
    assert_refused(*state, loose, "bob@x ada@acme.com", REASON_USERNAME_REGEX);
    assert_refused(*state, by_domain, "@acme.com", REASON_USERNAME_REGEX);
    assert_refused(*state, by_domain, "Ada@acme.com", REASON_NAME_INVALID);
}

static void a_group_that_took_no_part_and_a_bad_regex_are_refused(void **state)
{
    assert_refused(*state, "a(b)?c", "ac", REASON_USERNAME_REGEX);
    assert_refused(*state, "ada", "ada", REASON_USERNAME_REGEX);
    assert_refused(*state, "(ada", "ada", REASON_USERNAME_REGEX);
    assert_refused(*state, "a(b*)c", "ac", REASON_NAME_INVALID);
}

/* Where the C library offers it, a locale whose [a-z] holds more than ASCII's letters. */
static void no_locale_has_a_say(void **state)
{
    const char *before = setlocale(LC_ALL, "C.UTF-8");

    assert_non_null(before);
    assert_refused(*state, "([[:alpha:]]+)", "ad\303\240", REASON_USERNAME_REGEX);
    assert_refused(*state, "([a-z]+)", "ad\303\240", REASON_USERNAME_REGEX);
    assert_mapped(*state, "([[:alpha:]]+)", "ada", "ada");
    (void)setlocale(LC_ALL, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(a_claim_that_is_a_name_is_the_name),
        DESK_TEST(a_claim_that_is_no_name_is_refused_and_never_cleaned),
        DESK_TEST(reserved_names_are_refused_even_by_the_regex),
        DESK_TEST(the_regex_matches_the_whole_claim_and_its_first_group_is_the_name),
        DESK_TEST(a_group_that_took_no_part_and_a_bad_regex_are_refused),
        DESK_TEST(no_locale_has_a_say),
    };

    return cmocka_run_group_tests_name("map_name", tests, NULL, NULL);
}
