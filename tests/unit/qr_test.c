/* SPDX-License-Identifier: BSD-2-Clause */
/* The shape of a drawn QR; that it can be read is tested with a decoder in tests/display. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "display/qr.h"

#define URL        "https://idp.example/device?user_code=WDJB-MJHT" /* 46 bytes: version 3, 29 modules */
#define FULL_BLOCK "\xe2\x96\x88"

static unsigned count_characters(const char *text, size_t length)
{
    unsigned n = 0;

    for (size_t i = 0; i < length; i++)
        n += ((unsigned char)text[i] & 0xc0) != 0x80 ? 1 : 0;
    return n;
}

/* Every row is as wide as the QR says and begins and ends with ink. */
static void assert_shape(const struct qr_text *qr, const char *ink)
{
    const size_t n = strlen(ink);
    const char *row = qr->text;
    unsigned rows = 0;

    for (; *row; rows++) {
        const size_t length = strcspn(row, "\n");

        assert_int_equal(count_characters(row, length), qr->columns);
        assert_memory_equal(row, ink, n);
        assert_memory_equal(row + length - n, ink, n);
        assert_int_equal(row[length], '\n');
        row += length + 1;
    }
    assert_int_equal(rows, qr->rows);
}

static void half_blocks_put_two_modules_in_a_cell(void **state)
{
    struct qr_text qr;

    (void)state;
    assert_true(qr_draw(URL, QR_STYLE_HALF_BLOCKS, QR_MARGIN_NORMAL, &qr));
    assert_int_equal(qr.columns, 29 + 4);
    assert_int_equal(qr.rows, (29 + 4 + 1) / 2);
    assert_shape(&qr, FULL_BLOCK);
    free(qr.text);
}

static void ascii_takes_two_columns_a_module(void **state)
{
    struct qr_text qr;

    (void)state;
    assert_true(qr_draw(URL, QR_STYLE_ASCII, QR_MARGIN_NORMAL, &qr));
    assert_int_equal(qr.columns, 2 * (29 + 4));
    assert_int_equal(qr.rows, 29 + 4);
    assert_shape(&qr, "####");
    assert_int_equal(strspn(qr.text, "# \n"), strlen(qr.text));
    free(qr.text);
}

static void a_thin_margin_saves_rows_and_keeps_the_sides(void **state)
{
    struct qr_text qr;

    (void)state;
    assert_true(qr_draw(URL, QR_STYLE_HALF_BLOCKS, QR_MARGIN_THIN, &qr));
    assert_int_equal(qr.columns, 29 + 4);
    assert_int_equal(qr.rows, 16);
    assert_shape(&qr, FULL_BLOCK);
    free(qr.text);
    assert_true(qr_draw(URL, QR_STYLE_ASCII, QR_MARGIN_THIN, &qr));
    assert_int_equal(qr.rows, 29 + 2);
    free(qr.text);
}

static void the_usual_lengths_have_the_usual_sizes(void **state)
{
    static const struct {
        size_t length;
        unsigned columns, rows;
    } sizes[] = {{53, 33, 17}, {54, 37, 19}, {78, 37, 19}, {79, 41, 21}, {106, 41, 21}, {107, 45, 23}};
    char text[128];
    struct qr_text qr;

    (void)state;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        memset(text, 'a', sizeof text);
        text[sizes[i].length] = '\0';
        assert_true(qr_draw(text, QR_STYLE_HALF_BLOCKS, QR_MARGIN_NORMAL, &qr));
        assert_int_equal(qr.columns, sizes[i].columns);
        assert_int_equal(qr.rows, sizes[i].rows);
        free(qr.text);
    }
}

static void what_no_qr_can_hold_is_not_drawn(void **state)
{
    static char text[4096];
    struct qr_text qr = {.columns = 4711};

    (void)state;
    memset(text, 'a', sizeof text - 1);
    assert_false(qr_draw(text, QR_STYLE_ASCII, QR_MARGIN_NORMAL, &qr));
    assert_false(qr_draw("", QR_STYLE_ASCII, QR_MARGIN_NORMAL, &qr));
    assert_int_equal(qr.columns, 4711);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(half_blocks_put_two_modules_in_a_cell),
        cmocka_unit_test(ascii_takes_two_columns_a_module),
        cmocka_unit_test(a_thin_margin_saves_rows_and_keeps_the_sides),
        cmocka_unit_test(the_usual_lengths_have_the_usual_sizes),
        cmocka_unit_test(what_no_qr_can_hold_is_not_drawn),
    };

    return cmocka_run_group_tests_name("qr", tests, NULL, NULL);
}
