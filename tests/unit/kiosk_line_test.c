/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON that is written in one place and erased there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/line.h"
#include "json/json.h"

static struct line line;

static struct json_document *parsed(void)
{
    assert_false(line.is_short);
    return json_parse(line.bytes, line.length);
}

static void what_is_written_reads_as_it_was_meant(void **state)
{
    static const char odd[] = "Zo\xc3\xab \"Q\" \\ \x01\x1f\x7f\n</script>";
    const char *text;
    int64_t number;

    (void)state;
    line_begin(&line);
    line_string(&line, "name", odd);
    line_string(&line, "absent", NULL);
    line_number(&line, "least", INT64_MIN + 1);
    line_boolean(&line, "yes", true);
    line_open(&line, "list", '[');
    line_item(&line, "a");
    line_item(&line, "b");
    line_close(&line, ']');
    line_open(&line, "empty", '{');
    line_close(&line, '}');
    line_boolean(&line, "no", false);
    line_end(&line);

    AUTO_JSON struct json_document *document = parsed();
    const struct json_value *top = json_top(document);
    bool yes = false, no = true;

    assert_non_null(document);
    assert_true(json_string(json_get(top, "name"), &text, NULL));
    assert_string_equal(text, odd);
    assert_null(json_get(top, "absent"));
    assert_true(json_integer(json_get(top, "least"), &number) && number == INT64_MIN + 1);
    assert_true(json_boolean(json_get(top, "yes"), &yes) && yes);
    assert_true(json_boolean(json_get(top, "no"), &no) && !no);
    assert_int_equal(json_array_length(json_get(top, "list")), 2);
    assert_true(json_is_object(json_get(top, "empty")));
}

static void it_is_one_line_whatever_is_said(void **state)
{
    (void)state;
    line_begin(&line);
    line_string(&line, "text", "a\r\nevent: state\ndata: {}\n\n");
    line_end(&line);
    assert_null(memchr(line.bytes, '\n', line.length));
    assert_null(memchr(line.bytes, '\r', line.length));
}

static void what_does_not_fit_is_told_and_nothing_is_written_beyond(void **state)
{
    static char large[LINE_MAX_BYTES];

    (void)state;
    memset(large, 'x', sizeof large - 1);
    line_begin(&line);
    line_string(&line, "large", large);
    line_string(&line, "more", "y");
    line_end(&line);
    assert_true(line.is_short);
    assert_true(line.length <= sizeof line.bytes);
    line_begin(&line);
    line_end(&line);
    assert_false(line.is_short);
    assert_memory_equal(line.bytes, "{}", 2);
}

static void an_erased_line_holds_nothing(void **state)
{
    static const struct line nothing;

    (void)state;
    line_begin(&line);
    line_string(&line, "name", "Ada");
    line_end(&line);
    line_erase(&line);
    assert_memory_equal(&line, &nothing, sizeof line);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_reads_as_it_was_meant),
        cmocka_unit_test(it_is_one_line_whatever_is_said),
        cmocka_unit_test(what_does_not_fit_is_told_and_nothing_is_written_beyond),
        cmocka_unit_test(an_erased_line_holds_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
