/* SPDX-License-Identifier: BSD-2-Clause */
/* Tables go out and come in as they were, and no spreadsheet calculates with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/members/member_csv.h"

static char *written(const char *value)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    assert_non_null(file);
    csv_write(file, value, true);
    assert_int_equal(fclose(file), 0);
    return text;
}

static void each_value_comes_back_as_it_was(void **state)
{
    static const char *const values[] = {"",     "ana", "a,b", "a\"b", "\"",   "line\r\nline", "=1+1",
                                         "+351", "-1",  "@x",  "'=x",  "''=x", "'t Hooft",     "'",
                                         "''",   " x ", "\tx", "\rx",  "a'=b", "\xc3\xa9,\"\n"};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char *text = written(values[i]), line[128];
        struct csv_reader reader = {.rest = line, .next_line = 1};
        struct csv_row row;
        const char *why;

        (void)snprintf(line, sizeof line, "%s,end\r\n", text);
        assert_true(csv_read(&reader, &row, &why));
        assert_int_equal(row.count, 2);
        assert_string_equal(row.fields[0], values[i]);
        assert_string_equal(row.fields[1], "end");
        assert_false(csv_read(&reader, &row, &why));
        assert_null(why);
        free(text);
    }
}

static void no_value_begins_as_a_formula_does(void **state)
{
    static const char *const values[] = {"=1", "+1", "-1", "@a", "\tx", "\r=x"};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        char *text = written(values[i]);

        assert_int_equal(text[text[0] == '"'], '\'');
        free(text);
    }
}

static void rows_end_with_either_kind_of_line_and_know_where_they_began(void **state)
{
    char text[] = "a,b\n\"1\n2\",3\r\n4,\n5,6";
    struct csv_reader reader = {.rest = text, .next_line = 1};
    static const unsigned lines[] = {1, 2, 4, 5};
    struct csv_row row;
    const char *why;

    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        assert_true(csv_read(&reader, &row, &why));
        assert_int_equal(row.count, 2);
        assert_int_equal(reader.line, lines[i]);
    }
    assert_string_equal(row.fields[1], "6");
    assert_false(csv_read(&reader, &row, &why));
}

static void a_quote_that_does_not_close_is_refused(void **state)
{
    static const char *const texts[] = {"\"a", "\"a\"b,c\n", "\"a\"\"", "x,\""};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char text[32];
        struct csv_reader reader = {.rest = text, .next_line = 1};
        struct csv_row row;
        const char *why = NULL;

        (void)snprintf(text, sizeof text, "%s", texts[i]);
        assert_false(csv_read(&reader, &row, &why));
        assert_non_null(why);
    }
}

static void more_fields_than_there_can_be_are_refused(void **state)
{
    char text[CSV_FIELDS_MAX + 2];
    struct csv_reader reader = {.rest = text, .next_line = 1};
    struct csv_row row;
    const char *why = NULL;

    (void)state;
    memset(text, ',', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_false(csv_read(&reader, &row, &why));
    assert_non_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_value_comes_back_as_it_was),
        cmocka_unit_test(no_value_begins_as_a_formula_does),
        cmocka_unit_test(rows_end_with_either_kind_of_line_and_know_where_they_began),
        cmocka_unit_test(a_quote_that_does_not_close_is_refused),
        cmocka_unit_test(more_fields_than_there_can_be_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
