/* SPDX-License-Identifier: BSD-2-Clause */
/* The only door to libqrencode: a text as a QR code made of half blocks or of '#'. */
#ifndef HELPER_QR_H
#define HELPER_QR_H

#include <stdbool.h>

enum qr_style {
    QR_STYLE_HALF_BLOCKS, /* UTF-8, two modules a character cell; light modules drawn, so it reads on a dark
                             screen */
    QR_STYLE_ASCII,       /* two columns a module */
};

/* Light modules above and below; 2 always stand left and right, where a terminal has room. */
enum qr_margin { QR_MARGIN_THIN = 1, QR_MARGIN_NORMAL = 2 };

struct qr_text {
    char *text; /* rows ended by '\n'; free */
    unsigned columns, rows;
};

/* Error correction L. False: empty, too long for a QR code, or no memory. */
bool qr_draw(const char *content, enum qr_style style, enum qr_margin margin, struct qr_text *ret_qr);

/* For who draws by other means: rows of '1' (dark) and '0', each with a NUL, and no margin. */
struct qr_modules {
    char *rows; /* side * (side + 1) bytes; free */
    unsigned side;
};

/* Likewise. */
bool qr_modules(const char *content, struct qr_modules *ret_qr);

#endif
