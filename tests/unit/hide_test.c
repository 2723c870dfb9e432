/* SPDX-License-Identifier: BSD-2-Clause */
/* What an IdP's words may not carry into the log. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "oidc/hide.h"
#include "oidc/hide_sent.h"

static const char *without(const char *words, const char *secret)
{
    static char text[256];

    (void)snprintf(text, sizeof text, "%s", words);
    hide_secret(text, secret);
    return text;
}

static const char *without_codes(const char *words)
{
    static char text[256];

    (void)snprintf(text, sizeof text, "%s", words);
    hide_codes(text);
    return text;
}

static void a_secret_is_hidden_wherever_it_stands(void **state)
{
    (void)state;
    assert_string_equal(without("wrong secret 's3cret-word'", "s3cret-word"), "wrong secret '[hidden]'");
    assert_string_equal(without("s3cret-words3cret-word", "s3cret-word"), "[hidden][hidden]");
    assert_string_equal(without("a s3cret b", "s3cret"), "a [hidde b");
    assert_string_equal(without("nothing of it", "s3cret-word"), "nothing of it");
    assert_string_equal(without("", "s3cret-word"), "");
    assert_string_equal(without("text", NULL), "text");
}

static void the_part_of_it_that_a_cut_left_is_hidden(void **state)
{
    (void)state;
    assert_string_equal(without("you sent s3cret-w", "s3cret-word"), "you sent [hidden]");
    assert_string_equal(without("you sent s3cret-w...", "s3cret-word"), "you sent [hidden]...");
    assert_string_equal(without("you sent s3cre", "s3cret-word"), "you sent s3cre");
}

static void what_is_too_short_to_be_one_hides_nothing(void **state)
{
    (void)state;
    assert_string_equal(without("a client said a", "a"), "a client said a");
}

/* A server names its own code: one that never ended here would hold the sign-in for ever. */
static void a_secret_that_looks_like_what_hides_it_comes_to_an_end(void **state)
{
    (void)state;
    assert_string_equal(without("sent [hidden], and [hidden]", HIDDEN), "sent [hidden], and [hidden]");
    assert_string_equal(without("sent [hidde, no more", "[hidde"), "sent [hidde, no more");
    assert_string_equal(without("[hidden", "[hidden"), "[hidden");
    assert_string_equal(without("hidden hidden", "hidden"), "[hidde [hidde");
}

static void codes_and_tokens_are_hidden_and_what_people_look_for_is_not(void **state)
{
    (void)state;
    assert_string_equal(without_codes("device_code GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS gone"),
                        "device_code [hidden] gone");
    assert_string_equal(without_codes("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"), "[hidden]");
    assert_string_equal(without_codes("AADSTS70016: pending. Trace ID: 0f7ba5d2-6d3e-4c35-9fb0-7b2d6d0e1a00"),
                        "AADSTS70016: pending. Trace ID: 0f7ba5d2-6d3e-4c35-9fb0-7b2d6d0e1a00");
    assert_string_equal(without_codes("authorization_pending_and_more_words"),
                        "authorization_pending_and_more_words");
    assert_string_equal(without_codes(""), "");
}

static const char *without_client(const char *words)
{
    static char text[256];

    (void)snprintf(text, sizeof text, "%s", words);
    hide_client(text, "front desk", "pass/word");
    return text;
}

static void a_clients_secret_is_hidden_as_it_was_sent(void **state)
{
    (void)state;
    assert_string_equal(without_client("secret pass/word"), "secret [hidden]");
    assert_string_equal(without_client("client_secret=pass%2Fword&x"), "client_secret=[hidden]&x");
    assert_string_equal(without_client("Basic ZnJvbnQgZGVzazpwYXNzL3dvcmQ="), "Basic [hidden]=");
    assert_string_equal(without_client("Basic ZnJvbnQrZGVzazpwYXNzJTJGd29yZA=="), "Basic [hidden]==");
    assert_string_equal(without_client("front desk said password"), "front desk said password");
}

static void a_client_without_a_secret_has_nothing_to_hide(void **state)
{
    char text[] = "front desk: said";

    (void)state;
    hide_client(text, "front desk", NULL);
    hide_client(text, "front desk", "");
    hide_sent(text, "");
    assert_string_equal(text, "front desk: said");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_hidden_wherever_it_stands),
        cmocka_unit_test(the_part_of_it_that_a_cut_left_is_hidden),
        cmocka_unit_test(what_is_too_short_to_be_one_hides_nothing),
        cmocka_unit_test(a_secret_that_looks_like_what_hides_it_comes_to_an_end),
        cmocka_unit_test(a_clients_secret_is_hidden_as_it_was_sent),
        cmocka_unit_test(a_client_without_a_secret_has_nothing_to_hide),
        cmocka_unit_test(codes_and_tokens_are_hidden_and_what_people_look_for_is_not),
    };

    return cmocka_run_group_tests_name("hide", tests, NULL, NULL);
}
