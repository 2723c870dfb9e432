/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Draws what is light, for a terminal's ground is dark: the quiet zone too is drawn, so each row begins and
 * ends with ink and no greeter or client can trim it.
 */
#include "display/qr.h"

#include <qrencode.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

#define SIDE_MARGIN 2 /* modules left and right */

#define FULL_BLOCK  "\xe2\x96\x88"
#define UPPER_BLOCK "\xe2\x96\x80"
#define LOWER_BLOCK "\xe2\x96\x84"
#define CELL_MAX    3 /* bytes of the longest cell of either style */

static void free_code(QRcode **code)
{
    QRcode_free(*code);
}

/* Everything around the code is light. */
static bool is_light(const QRcode *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width)
        return true;
    return (code->data[y * code->width + x] & 1) == 0;
}

static char *add_half_blocks(char *at, const QRcode *code, int x, int y)
{
    static const char *const cells[2][2] = {{" ", LOWER_BLOCK}, {UPPER_BLOCK, FULL_BLOCK}};

    return stpcpy(at, cells[is_light(code, x, y)][is_light(code, x, y + 1)]);
}

static char *add_ascii(char *at, const QRcode *code, int x, int y)
{
    return stpcpy(at, is_light(code, x, y) ? "##" : "  ");
}

bool qr_draw(const char *content, enum qr_style style, enum qr_margin margin, struct qr_text *ret_qr)
{
    /* Level L: a screen has no scratches, and fewer modules fit more terminals. */
    CLEANUP(free_code) QRcode *code = QRcode_encodeString(content, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
    const bool half = style == QR_STYLE_HALF_BLOCKS;
    const int step = half ? 2 : 1;
    size_t columns, rows;
    char *text, *at;

    if (!code)
        return false;
    columns = (size_t)code->width + 2 * SIDE_MARGIN;
    rows = ((size_t)code->width + 2 * (size_t)margin + (size_t)step - 1) / (size_t)step;
    text = malloc(rows * (columns * CELL_MAX + 1) + 1);
    if (!text)
        return false;
    at = text;
    for (int y = -(int)margin; y < code->width + (int)margin; y += step) {
        for (int x = -SIDE_MARGIN; x < code->width + SIDE_MARGIN; x++)
            at = half ? add_half_blocks(at, code, x, y) : add_ascii(at, code, x, y);
        *at++ = '\n';
    }
    *at = '\0';
    *ret_qr = (struct qr_text){
        .text = text, .columns = (unsigned)(half ? columns : 2 * columns), .rows = (unsigned)rows};
    return true;
}

bool qr_modules(const char *content, struct qr_modules *ret_qr)
{
    CLEANUP(free_code) QRcode *code = QRcode_encodeString(content, 0, QR_ECLEVEL_L, QR_MODE_8, 1);
    const size_t side = code ? (size_t)code->width : 0;
    char *rows = code ? calloc(side, side + 1) : NULL;

    if (!rows)
        return false;
    for (size_t y = 0; y < side; y++)
        for (size_t x = 0; x < side; x++)
            rows[y * (side + 1) + x] = is_light(code, (int)x, (int)y) ? '0' : '1';
    *ret_qr = (struct qr_modules){.rows = rows, .side = (unsigned)side};
    return true;
}
