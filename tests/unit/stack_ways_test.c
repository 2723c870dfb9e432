/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets past which PAM lines. */
#include "cli/check/stack_ways.h"

#include "unit/pam_room.h"

#define ALLOWED                                                                                              \
    "auth [success=done ignore=ignore authinfo_unavail=ignore default=die] pam_frontdesk.so "                \
    "password_login=allowed\n"
#define DENIED                                                                                               \
    "auth [success=done ignore=ignore default=die] /lib/security/pam_frontdesk.so break_glass=root\n"
/* As Debian writes it. */
#define COMMON_AUTH                                                                                          \
    "auth\t[success=1 default=ignore]\tpam_unix.so nullok\n"                                                 \
    "auth\trequisite\t\t\tpam_deny.so\n"                                                                     \
    "auth\trequired\t\t\tpam_permit.so\n"                                                                    \
    "auth\toptional\t\t\tpam_cap.so\n"

static struct stack_ways ways_of(const struct room *room, const char *text)
{
    struct stack_ways ways;
    struct pam_stack *stack;

    put(room, "service", text);
    stack = read_stack(room, PAM_TYPE_AUTH);
    assert_true(stack_ways_find(stack, &ways));
    pam_stack_free(stack);
    return ways;
}

static void the_shipped_stacks_allow_what_they_say(void **state)
{
    const struct room *room = *state;
    struct stack_ways ways = ways_of(room, ALLOWED "auth required pam_unix.so\n");

    assert_true(ways.sign_in && ways.local_password && ways.break_glass);
    assert_false(ways.password_after_deny || ways.nothing);
    assert_string_equal(ways.passwords, "pam_unix.so");
    stack_ways_clear(&ways);
    ways = ways_of(room, DENIED "auth required pam_unix.so\n");
    assert_true(ways.sign_in && ways.break_glass);
    assert_false(ways.local_password || ways.password_after_deny || ways.password_while_down || ways.nothing);
    stack_ways_clear(&ways);
}

static void a_denied_stack_that_lets_passwords_in_while_we_are_down_is_found(void **state)
{
    struct stack_ways ways = ways_of(*state, "auth [success=done ignore=ignore authinfo_unavail=ignore "
                                             "default=die] pam_frontdesk.so\nauth required pam_unix.so\n");

    assert_true(ways.password_while_down);
    assert_false(ways.local_password || ways.password_after_deny || ways.nothing);
    stack_ways_clear(&ways);
}

static void each_of_our_lines_answers_for_itself(void **state)
{
    struct stack_ways ways = ways_of(*state, "auth [success=done default=ignore] pam_frontdesk.so\n" ALLOWED
                                             "auth required pam_unix.so\n");

    assert_true(ways.local_password);
    stack_ways_clear(&ways);
    ways = ways_of(*state, DENIED ALLOWED "auth required pam_unix.so\n");
    assert_false(ways.local_password);
    stack_ways_clear(&ways);
}

/* pam_securetty and pam_shells say "success" to whoever may try. */
static void a_module_that_asks_for_no_proof_lets_in_where_no_password_follows(void **state)
{
    struct stack_ways ways = ways_of(*state, "auth required pam_securetty.so\n" ALLOWED);

    assert_true(ways.nothing);
    stack_ways_clear(&ways);
    ways = ways_of(*state, "auth required pam_securetty.so\n" DENIED);
    assert_true(ways.nothing); /* the break-glass account */
    stack_ways_clear(&ways);
    ways = ways_of(*state, "auth required pam_securetty.so\n" ALLOWED "auth required pam_unix.so\n");
    assert_false(ways.nothing);
    stack_ways_clear(&ways);
}

static void modules_that_let_in_together_are_named(void **state)
{
    struct stack_ways ways =
        ways_of(*state, "auth requisite pam_usb.so\nauth sufficient pam_u2f.so\n" DENIED);

    assert_string_equal(ways.others, "pam_usb.so, pam_u2f.so");
    assert_false(ways.nothing);
    stack_ways_clear(&ways);
    ways = ways_of(*state,
                   "auth [success=done default=ignore] pam_frontdesk.so\nauth sufficient pam_radius_auth.so\n"
                   "auth requisite pam_deny.so\n");
    assert_string_equal(ways.others, "pam_radius_auth.so");
    stack_ways_clear(&ways);
    ways = ways_of(*state, "auth sufficient pam_selinux_permit.so\n" DENIED);
    assert_string_equal(ways.others, "pam_selinux_permit.so");
    stack_ways_clear(&ways);
}

static void an_included_file_counts_as_if_it_stood_there(void **state)
{
    static const char *const includes[] = {"@include common-auth\n", "auth include common-auth\n",
                                           "auth substack common-auth\n"};
    const struct room *room = *state;

    put(room, "common-auth", COMMON_AUTH);
    for (size_t i = 0; i < sizeof includes / sizeof includes[0]; i++) {
        char text[512];
        struct stack_ways ways;

        (void)snprintf(text, sizeof text, "auth required pam_env.so\n%s%s", DENIED, includes[i]);
        ways = ways_of(room, text);
        assert_true(ways.break_glass && ways.sign_in);
        assert_false(ways.local_password || ways.nothing);
        stack_ways_clear(&ways);
        (void)snprintf(text, sizeof text, "%s%s", ALLOWED, includes[i]);
        ways = ways_of(room, text);
        assert_true(ways.local_password);
        stack_ways_clear(&ways);
    }
}

static void a_password_that_counts_after_a_refusal_is_found(void **state)
{
    const struct room *room = *state;
    struct stack_ways ways = ways_of(room, "auth sufficient pam_frontdesk.so\nauth required pam_unix.so\n");

    assert_true(ways.local_password && ways.password_after_deny && ways.sign_in);
    stack_ways_clear(&ways);
    /* pam_unix first: nobody is asked for more. */
    ways = ways_of(room, "auth sufficient pam_unix.so\n" DENIED);
    assert_true(ways.local_password && ways.password_after_deny);
    stack_ways_clear(&ways);
}

static void a_stack_that_wants_both_is_told_from_one_that_wants_one(void **state)
{
    struct stack_ways ways = ways_of(*state, "auth required pam_frontdesk.so\nauth required pam_unix.so\n");

    assert_false(ways.sign_in || ways.local_password || ways.nothing);
    stack_ways_clear(&ways);
}

static void a_stack_that_lets_everybody_in_is_found(void **state)
{
    struct stack_ways ways = ways_of(*state, "auth optional pam_frontdesk.so\nauth required pam_permit.so\n");

    assert_true(ways.nothing);
    stack_ways_clear(&ways);
    ways =
        ways_of(*state, "auth [success=done default=ignore] pam_frontdesk.so\nauth requisite pam_deny.so\n");
    assert_false(ways.nothing);
    stack_ways_clear(&ways);
}

/* An answer to be ignored that counts is no success, and nothing behind it makes one of it. */
static void an_ignore_that_counts_lets_nobody_in(void **state)
{
    struct stack_ways ways = ways_of(*state, "auth [success=done ignore=ok default=die] pam_frontdesk.so "
                                             "password_login=allowed\nauth sufficient pam_unix.so\n");

    assert_true(ways.sign_in);
    assert_false(ways.local_password || ways.break_glass || ways.nothing);
    stack_ways_clear(&ways);
}

static void a_jump_goes_over_a_whole_substack(void **state)
{
    struct stack_ways ways;

    put(*state, "common-auth", COMMON_AUTH);
    ways = ways_of(*state, "auth [success=1 default=ignore] pam_frontdesk.so\nauth substack common-auth\n"
                           "auth required pam_permit.so\n");
    assert_true(ways.sign_in && ways.local_password);
    assert_false(ways.nothing);
    stack_ways_clear(&ways);
    ways = ways_of(*state, "auth [success=3 default=ignore] pam_frontdesk.so\nauth substack common-auth\n"
                           "auth required pam_permit.so\n");
    assert_false(ways.sign_in); /* beyond the end */
    stack_ways_clear(&ways);
    ways = ways_of(*state, "auth required pam_permit.so\nauth [success=1 default=die] pam_frontdesk.so\n");
    assert_false(ways.sign_in); /* a failure, whatever was before */
    stack_ways_clear(&ways);
}

static void modules_that_we_do_not_know_are_named_when_one_alone_lets_in(void **state)
{
    struct stack_ways ways =
        ways_of(*state, "auth sufficient pam_u2f.so\nauth required pam_tally9.so\n" DENIED
                        "auth required pam_unix.so\n");

    assert_string_equal(ways.others, "pam_u2f.so");
    assert_true(ways.break_glass);
    assert_false(ways.local_password || ways.nothing);
    stack_ways_clear(&ways);
}

static void an_account_line_that_another_one_overrules_is_found(void **state)
{
    static const struct {
        const char *text;
        bool heeds;
    } cases[] = {
        {"account required pam_frontdesk.so\naccount required pam_unix.so\n", true},
        {"account sufficient pam_unix.so\naccount required pam_frontdesk.so\n", false},
        {"account optional pam_frontdesk.so\naccount required pam_unix.so\n", false},
        {"account required pam_unix.so\n", false},
        {"account [success=ok perm_denied=ignore default=bad] pam_frontdesk.so\naccount required "
         "pam_unix.so\n",
         false},
        {"account [success=ok authinfo_unavail=ignore default=bad] pam_frontdesk.so\naccount required "
         "pam_unix.so\n",
         false},
        {"account [success=ok user_unknown=ignore default=bad] pam_frontdesk.so\naccount required "
         "pam_unix.so\n",
         false},
        {"account [success=ok default=1] pam_time.so\naccount required pam_frontdesk.so\naccount required "
         "pam_permit.so\n",
         false},
    };
    const struct room *room = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct pam_stack *stack;

        put(room, "service", cases[i].text);
        stack = read_stack(room, PAM_TYPE_ACCOUNT);
        assert_int_equal(stack_account_heeds(stack), cases[i].heeds);
        pam_stack_free(stack);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_shipped_stacks_allow_what_they_say),
        TEST(a_denied_stack_that_lets_passwords_in_while_we_are_down_is_found),
        TEST(each_of_our_lines_answers_for_itself),
        TEST(a_module_that_asks_for_no_proof_lets_in_where_no_password_follows),
        TEST(modules_that_let_in_together_are_named),
        TEST(an_included_file_counts_as_if_it_stood_there),
        TEST(a_password_that_counts_after_a_refusal_is_found),
        TEST(a_stack_that_wants_both_is_told_from_one_that_wants_one),
        TEST(a_stack_that_lets_everybody_in_is_found),
        TEST(an_ignore_that_counts_lets_nobody_in),
        TEST(a_jump_goes_over_a_whole_substack),
        TEST(modules_that_we_do_not_know_are_named_when_one_alone_lets_in),
        TEST(an_account_line_that_another_one_overrules_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
