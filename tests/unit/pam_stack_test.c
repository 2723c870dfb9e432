/* SPDX-License-Identifier: BSD-2-Clause */
/* PAM lines as files have them. */
#include "unit/pam_room.h"

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

/* Each as libpam 1.5.2 was seen to read it. */
static void lines_go_on_where_libpam_lets_them(void **state)
{
    static const struct {
        const char *text, *modules;
    } cases[] = {
        {"auth required \\  \n pam_a.so\n", "pam_a.so "},
        {"auth required\\\npam_a.so\n", "pam_a.so "},
        {"auth required \\\n# between\n\n pam_a.so\n", "pam_a.so "},
        {"auth required pam_a.so # over \\\nauth required pam_b.so\n", "pam_a.so pam_b.so "},
        {"# over \\\nauth required pam_a.so", "pam_a.so "},
        {"auth required pam_a.so \\ # over\nauth required pam_b.so\n", "pam_a.so pam_b.so "},
        {"auth required pam_a.so \\\n\nauth required pam_b.so\n", "pam_a.so "},
        {"  -AUTH\tSufficient   [pam_a.so] x\n", "pam_a.so "},
    };
    const struct room *room = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char modules[64] = "";
        struct pam_stack *stack;

        put(room, "service", cases[i].text);
        stack = read_stack(room, PAM_TYPE_AUTH);
        for (size_t at = 0; at < stack->count; at++) {
            const size_t length = strlen(modules);

            (void)snprintf(modules + length, sizeof modules - length, "%s ", stack->lines[at].module);
        }
        assert_string_equal(modules, cases[i].modules);
        pam_stack_free(stack);
    }
}

static void pairs_mean_what_libpam_takes_them_for(void **state)
{
    int actions[PAM_OUTCOME_COUNT];

    (void)state;
    assert_true(pam_control_parse("default=done default=bad auth_err=die", actions));
    assert_int_equal(actions[PAM_OUTCOME_SUCCESS], PAM_ACTION_DONE);
    assert_int_equal(actions[PAM_OUTCOME_AUTH_ERR], PAM_ACTION_DIE);
    assert_true(pam_control_parse(" success = ok\tnew_authtok_reqd=done  ignore= 2 ", actions));
    assert_int_equal(actions[PAM_OUTCOME_SUCCESS], PAM_ACTION_OK);
    assert_int_equal(actions[PAM_OUTCOME_IGNORE], 2);
    assert_int_equal(actions[PAM_OUTCOME_PERM_DENIED], PAM_ACTION_BAD);
    assert_true(pam_control_parse("success=ok success=die", actions));
    assert_int_equal(actions[PAM_OUTCOME_SUCCESS], PAM_ACTION_DIE);
    assert_false(pam_control_parse("sucess=done", actions));
    assert_false(pam_control_parse("success=done default", actions));
    assert_false(pam_control_parse("success==done", actions));
}

static void a_file_that_cannot_be_read_is_not_taken_for_a_missing_one(void **state)
{
    const struct room *room = *state;
    char *why = NULL, path[128];

    put(room, "other", "auth required pam_deny.so\n");
    (void)snprintf(path, sizeof path, "%s/service", room->folder);
    assert_int_equal(symlink("service", path), 0); /* ELOOP, for root, too */
    assert_null(pam_stack_read(room->folders, "service", PAM_TYPE_AUTH, &why));
    assert_non_null(why);
    assert_non_null(strstr(why, "/service: "));
    free(why);
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
        {"auth required pam_a.so \\\n\n", "the file ends in the midst of a line"},
        {"auth [success=done defualt=die] pam_a.so\n", "is no control field"},
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(lines_of_the_type_are_read_with_their_arguments),
        TEST(lines_go_on_where_libpam_lets_them),
        TEST(pairs_mean_what_libpam_takes_them_for),
        TEST(a_file_that_cannot_be_read_is_not_taken_for_a_missing_one),
        TEST(other_stands_in_for_a_type_without_lines),
        TEST(what_libpam_refuses_is_refused_with_its_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
