/* SPDX-License-Identifier: BSD-2-Clause */
/* Every program ends alike where its command line is wrong, and takes nothing of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command_line.h"

#define STATUS_IF_BAD 42

struct wanted {
    const char *path;
    enum log_target log;
    bool flag;
};

static const struct option known_options[] = {
    {"path", required_argument, NULL, 'p'}, {"log", required_argument, NULL, 'o'},
    {"flag", no_argument, NULL, 'f'},       {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},    {NULL, 0, NULL, 0}};

static FILE *usage_went_to;

static void print_usage(FILE *to, const struct command_line *line)
{
    assert_string_equal(line->program, "a-program");
    assert_string_equal(line->face, "its face");
    usage_went_to = to;
}

static bool take_option(void *taken, int option, const char *value)
{
    struct wanted *wanted = taken;

    switch (option) {
    case 'p':
        return command_line_take_path(value, &wanted->path);
    case 'o':
        return command_line_take_log(value, &wanted->log);
    case 'f':
        return wanted->flag = true;
    default:
        return false;
    }
}

/* -1: go on; else the exit status. */
static int status_of(const char *first, const char *second, struct wanted *wanted)
{
    static const struct command_line line = {.program = "a-program",
                                             .known = known_options,
                                             .take = take_option,
                                             .print_usage = print_usage,
                                             .face = "its face",
                                             .status_if_bad = STATUS_IF_BAD};
    char program[] = "a-program", words[2][32] = {"", ""};
    char *arguments[] = {program, words[0], words[1], NULL};
    const int count = first ? second ? 3 : 2 : 1;
    int status = -1;

    if (first)
        (void)snprintf(words[0], sizeof words[0], "%s", first);
    if (second)
        (void)snprintf(words[1], sizeof words[1], "%s", second);
    arguments[count] = NULL;
    *wanted = (struct wanted){.path = "/before", .log = LOG_TO_SYSLOG};
    usage_went_to = NULL;
    optind = 0;
    opterr = 0;
    return command_line_read(&line, count, arguments, wanted, &status) ? -1 : status;
}

static void options_are_taken_and_nothing_is_needed(void **state)
{
    struct wanted wanted;

    (void)state;
    assert_int_equal(status_of("--flag", "--log=stderr", &wanted), -1);
    assert_true(wanted.flag && wanted.log == LOG_TO_STDERR);
    assert_int_equal(status_of("--log", "syslog", &wanted), -1);
    assert_int_equal(wanted.log, LOG_TO_SYSLOG);
    assert_int_equal(status_of(NULL, NULL, &wanted), -1);
    assert_string_equal(wanted.path, "/before");
    assert_null(usage_went_to);
}

static void what_is_wrong_gets_the_usage_and_the_programs_own_status(void **state)
{
    static const char *const wrong[][2] = {{"--nonsense", NULL}, {"--path", NULL},   {"--flag=1", NULL},
                                           {"word", NULL},       {"--flag", "word"}, {"--log=both", NULL},
                                           {"--path=rel", NULL}, {"--path=", NULL},  {"-f", NULL}};
    struct wanted wanted;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(status_of(wrong[i][0], wrong[i][1], &wanted), STATUS_IF_BAD);
        assert_ptr_equal(usage_went_to, stderr);
        assert_string_equal(wanted.path, "/before");
        assert_int_equal(wanted.log, LOG_TO_SYSLOG);
    }
}

static void help_and_version_are_no_mistake(void **state)
{
    struct wanted wanted;

    (void)state;
    assert_int_equal(status_of("--help", "--nonsense", &wanted), 0);
    assert_ptr_equal(usage_went_to, stdout);
    assert_int_equal(status_of("--version", "word", &wanted), 0);
    assert_null(usage_went_to);
    assert_int_equal(status_of("--nonsense", "--help", &wanted), STATUS_IF_BAD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_taken_and_nothing_is_needed),
        cmocka_unit_test(what_is_wrong_gets_the_usage_and_the_programs_own_status),
        cmocka_unit_test(help_and_version_are_no_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
