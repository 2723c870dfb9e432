/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of helper/log.c, as they reach standard error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "log.h"

/* What log_line writes for one string. */
static void capture(int level, const char *string, char *ret_line, size_t size)
{
    int ends[2], saved = dup(STDERR_FILENO);
    ssize_t n;

    assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
    assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
    log_line(level, "%s", string);
    assert_true(dup2(saved, STDERR_FILENO) >= 0);
    n = read(ends[0], ret_line, size - 1);
    ret_line[n > 0 ? n : 0] = '\0';
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)close(saved);
}

static void a_line_names_the_program_and_ends_once(void **state)
{
    char line[4096];

    (void)state;
    log_open("frontdesk-test", LOG_TO_STDERR);
    capture(LOG_ERR, "no such member", line, sizeof line);
    assert_string_equal(line, "frontdesk-test: no such member\n");
}

static void a_foreign_string_cannot_forge_a_second_line(void **state)
{
    char line[4096];

    (void)state;
    capture(LOG_ERR, "a\nb\r\x1b[31m\x7f\xc2\x85", line, sizeof line);
    assert_string_equal(line, "frontdesk-test: a\\x0ab\\x0d\\x1b[31m\\x7f\\xc2\\x85\n");
}

static void a_long_line_is_cut_and_says_so(void **state)
{
    char line[8192], text[6000];

    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    capture(LOG_ERR, text, line, sizeof line);
    assert_int_equal(strlen(line), strlen("frontdesk-test: ") + LOG_LINE_MAX + 1);
    assert_string_equal(line + strlen(line) - 4, "...\n");
}

static void debug_lines_are_off_until_asked_for(void **state)
{
    char line[4096];

    (void)state;
    capture(LOG_DEBUG, "quiet", line, sizeof line);
    assert_string_equal(line, "");
    log_set_debug(true);
    capture(LOG_DEBUG, "loud", line, sizeof line);
    log_set_debug(false);
    assert_string_equal(line, "frontdesk-test: loud\n");
}

static void an_escape_is_never_cut_in_half(void **state)
{
    char buffer[16];

    (void)state;
    for (size_t size = 1; size <= sizeof buffer; size++) {
        memset(buffer, '#', sizeof buffer);
        log_text("ab\x01\x02\x03\x04", buffer, size);
        assert_true(strlen(buffer) < size);
        const char *escape = strrchr(buffer, '\\');
        assert_true(!escape || strlen(escape) >= 4);
    }
    assert_string_equal(log_text("ab\x01\x02\x03\x04", buffer, sizeof buffer), "ab\\x01\\x02...");
}

static void a_foreign_string_is_cut_at_its_maximum(void **state)
{
    char text[1000], buffer[1000];

    (void)state;
    memset(text, 'y', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_int_equal(strlen(log_text(text, buffer, sizeof buffer)), LOG_STRING_MAX);
    assert_string_equal(log_text(NULL, buffer, sizeof buffer), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_names_the_program_and_ends_once),
        cmocka_unit_test(a_foreign_string_cannot_forge_a_second_line),
        cmocka_unit_test(a_long_line_is_cut_and_says_so),
        cmocka_unit_test(debug_lines_are_off_until_asked_for),
        cmocka_unit_test(an_escape_is_never_cut_in_half),
        cmocka_unit_test(a_foreign_string_is_cut_at_its_maximum),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
