/* SPDX-License-Identifier: BSD-2-Clause */
/* PAM lines as files have them, and who gets past them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/check/stack_ways.h"

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

struct room {
    char folder[64];
    const char *folders[2];
};

static int set_up(void **state)
{
    struct room *room = calloc(1, sizeof *room);

    (void)snprintf(room->folder, sizeof room->folder, "/tmp/frontdesk-test-XXXXXX");
    assert_non_null(mkdtemp(room->folder));
    room->folders[0] = room->folder;
    *state = room;
    return 0;
}

static const char *const names[] = {"service", "common-auth", "other", "loop", NULL};

static void remove_files(const struct room *room)
{
    char path[128];

    for (const char *const *name = names; *name; name++) {
        (void)snprintf(path, sizeof path, "%s/%s", room->folder, *name);
        (void)unlink(path);
    }
}

static int tear_down(void **state)
{
    struct room *room = *state;

    remove_files(room);
    (void)rmdir(room->folder);
    free(room);
    return 0;
}

static void put(const struct room *room, const char *name, const char *text)
{
    char path[128];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", room->folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static struct pam_stack *read_stack(const struct room *room, enum pam_type type)
{
    char *why = NULL;
    struct pam_stack *stack = pam_stack_read(room->folders, "service", type, &why);

    if (why)
        print_message("# %s\n", why);
    assert_non_null(stack);
    return stack;
}

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

static void lines_of_the_type_are_read_with_their_arguments(void **state)
{
    const struct room *room = *state;
    struct pam_stack *stack;

    put(room, "service",
        "# a comment\n-auth optional pam_one.so a=1 [b=two words\\] here] # no more\naccount required "
        "pam_x.so\n"
        "auth [success=2 user_unknown=reset \\\n default=bad] /lib/security/pam_two.so\n");
    stack = read_stack(room, PAM_TYPE_AUTH);
    assert_int_equal(stack->count, 2);
    assert_string_equal(stack->lines[0].arguments[0], "a=1");
    assert_string_equal(stack->lines[0].arguments[1], "b=two words] here");
    assert_null(stack->lines[0].arguments[2]);
    assert_string_equal(pam_line_argument(&stack->lines[0], "a="), "1");
    assert_string_equal(stack->lines[1].module, "pam_two.so");
    assert_int_equal(stack->lines[1].number, 5);
    assert_int_equal(stack->lines[1].actions[PAM_OUTCOME_SUCCESS], 2);
    assert_int_equal(stack->lines[1].actions[PAM_OUTCOME_USER_UNKNOWN], PAM_ACTION_RESET);
    assert_int_equal(stack->lines[1].actions[PAM_OUTCOME_IGNORE], PAM_ACTION_BAD);
    pam_stack_free(stack);
}

static void other_stands_in_for_a_type_without_lines(void **state)
{
    const struct room *room = *state;
    struct pam_stack *stack;

    put(room, "service", "account required pam_permit.so\n");
    put(room, "other", "auth required pam_deny.so\n");
    stack = read_stack(room, PAM_TYPE_AUTH);
    assert_true(stack->is_other);
    assert_string_equal(stack->lines[0].module, "pam_deny.so");
    pam_stack_free(stack);
    stack = read_stack(room, PAM_TYPE_ACCOUNT);
    assert_false(stack->is_other);
    pam_stack_free(stack);
}

static void what_libpam_refuses_is_refused_with_its_place(void **state)
{
    static const char *const texts[][2] = {
        {"auth required\n", "/service:1: this is no PAM line"},
        {"auth\trequired pam_a.so\nauthentication required pam_b.so\n", "/service:2: this is no PAM line"},
        {"auth perhaps pam_a.so\n", "`perhaps` is no control field"},
        {"auth [success=soon] pam_a.so\n", "`success=soon` is no control field"},
        {"@include service\n", "circle"},
        {"auth substack service\n", "circle"},
        {"auth include nowhere\n", "there is no file `nowhere` to include"},
    };
    const struct room *room = *state;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char *why = NULL;

        put(room, "service", texts[i][0]);
        assert_null(pam_stack_read(room->folders, "service", PAM_TYPE_AUTH, &why));
        assert_non_null(why);
        if (!strstr(why, texts[i][1]))
            fail_msg("`%s` instead of `%s`", why, texts[i][1]);
        free(why);
    }
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
    assert_false(ways.local_password || ways.password_after_deny || ways.nothing);
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lines_of_the_type_are_read_with_their_arguments),
        TEST(other_stands_in_for_a_type_without_lines),
        TEST(what_libpam_refuses_is_refused_with_its_place),
        TEST(the_shipped_stacks_allow_what_they_say),
        TEST(an_included_file_counts_as_if_it_stood_there),
        TEST(a_password_that_counts_after_a_refusal_is_found),
        TEST(a_stack_that_wants_both_is_told_from_one_that_wants_one),
        TEST(a_stack_that_lets_everybody_in_is_found),
        TEST(a_jump_goes_over_a_whole_substack),
        TEST(modules_that_we_do_not_know_are_named_when_one_alone_lets_in),
        TEST(an_account_line_that_another_one_overrules_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
