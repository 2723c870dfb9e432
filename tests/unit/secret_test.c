/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "secret.h"

static void a_copy_is_terminated_and_its_own(void **state)
{
    char original[] = "s3cret";
    struct secret secret AUTO_SECRET = {0};

    (void)state;
    assert_true(secret_copy(original, 6, &secret));
    original[0] = 'x';
    assert_string_equal(secret.bytes, "s3cret");
    assert_int_equal(secret.length, 6);
}

static void an_empty_secret_can_be_copied(void **state)
{
    struct secret secret AUTO_SECRET = {0};

    (void)state;
    assert_true(secret_copy(NULL, 0, &secret));
    assert_string_equal(secret.bytes, "");
    assert_int_equal(secret.length, 0);
}

static void an_impossible_length_is_refused_and_nothing_is_written(void **state)
{
    struct secret secret = {.bytes = NULL, .length = 42};

    (void)state;
    assert_false(secret_copy("x", SIZE_MAX, &secret));
    assert_int_equal(secret.length, 42);
}

static void erasing_twice_or_nothing_is_fine(void **state)
{
    struct secret secret = {0};

    (void)state;
    secret_erase(&secret);
    assert_true(secret_copy("abc", 3, &secret));
    secret_erase(&secret);
    assert_null(secret.bytes);
    assert_int_equal(secret.length, 0);
    secret_erase(&secret);
    erase_and_free(NULL);
    erase_and_free(strdup("abc"));
}

static void random_text_is_base64url_of_the_right_length(void **state)
{
    char text[64];

    (void)state;
    for (size_t n = 0; n <= 32; n++) {
        assert_true(secret_random_text(n, text, sizeof text));
        assert_int_equal(strlen(text), (n * 8 + 5) / 6);
        assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
                         strlen(text));
    }
}

static void random_text_never_repeats(void **state)
{
    char first[44], second[44];

    (void)state;
    assert_true(secret_random_text(32, first, sizeof first));
    assert_true(secret_random_text(32, second, sizeof second));
    assert_string_not_equal(first, second);
}

static void random_text_that_does_not_fit_is_refused(void **state)
{
    char text[44] = "x";

    (void)state;
    assert_false(secret_random_text(32, text, 43));
    assert_false(secret_random_text(1000, text, sizeof text));
    assert_string_equal(text, "x");
}

static int forbids_dumps(void)
{
    struct rlimit limit;

    return secret_forbid_dumps() && prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0 &&
                   getrlimit(RLIMIT_CORE, &limit) == 0 && limit.rlim_cur == 0 && limit.rlim_max == 0
               ? 0
               : 1;
}

static void a_process_that_forbids_dumps_leaves_none(void **state)
{
    int status;
    pid_t child;

    (void)state;
    assert_int_not_equal(prctl(PR_GET_DUMPABLE, 0, 0, 0, 0), 0);
    child = fork();
    if (child == 0)
        _exit(forbids_dumps());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_is_terminated_and_its_own),
        cmocka_unit_test(an_empty_secret_can_be_copied),
        cmocka_unit_test(an_impossible_length_is_refused_and_nothing_is_written),
        cmocka_unit_test(erasing_twice_or_nothing_is_fine),
        cmocka_unit_test(random_text_is_base64url_of_the_right_length),
        cmocka_unit_test(random_text_never_repeats),
        cmocka_unit_test(random_text_that_does_not_fit_is_refused),
        cmocka_unit_test(a_process_that_forbids_dumps_leaves_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
