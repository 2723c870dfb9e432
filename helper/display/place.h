/* SPDX-License-Identifier: BSD-2-Clause */
/* What a place can show: which characters, which QR, how many lines. */
#ifndef HELPER_PLACE_H
#define HELPER_PLACE_H

#include <stdbool.h>

#include "display/display.h"
#include "display/qr.h"

/* Bytes of a shown label, with the NUL: 80 characters of any script. */
#define PLACE_LABEL_SIZE (80 * 4 + 4)

/* May text for this place hold characters beyond ASCII? `asks`: it travels in a prompt. */
bool place_takes_utf8(const struct display_place *place, bool asks);

/* False: no QR is wanted here. */
bool place_qr_style(const struct display_place *place, const struct service *service,
                    enum qr_style *ret_style);

/* Lines that the terminal needs for one line of text, wrapped at its width (one, where that is unknown). */
unsigned place_lines(const struct display_place *place, const char *line);

/* Do that many lines of text, with the cursor on the last, show at once together with the QR? */
bool place_fits(const struct display_place *place, unsigned lines, const struct qr_text *qr);

#endif
