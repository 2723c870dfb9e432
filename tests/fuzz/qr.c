/* SPDX-License-Identifier: BSD-2-Clause */
/* QR codes: rectangles of our own blocks, of the size that is told. */
#include "display/qr.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

/* Columns of one row; its blocks are three octets each. */
static unsigned columns_of(const char *row, size_t length)
{
    unsigned columns = 0;

    for (size_t i = 0; i < length; columns++) {
        const bool is_block =
            (unsigned char)row[i] == 0xe2 && i + 2 < length && (unsigned char)row[i + 1] == 0x96;

        FUZZ_CHECK(is_block || row[i] == ' ' || row[i] == '#');
        i += is_block ? 3 : 1;
    }
    return columns;
}

static void judge_drawn(const struct qr_text *qr)
{
    unsigned rows = 0;

    for (const char *row = qr->text; *row != '\0'; rows++) {
        const size_t length = strcspn(row, "\n");

        FUZZ_CHECK(row[length] == '\n' && columns_of(row, length) == qr->columns);
        row += length + 1;
    }
    FUZZ_CHECK(rows == qr->rows && rows > 0);
}

static void judge(const uint8_t *data, size_t size)
{
    char *content = fuzz_text(data, size < 4000 ? size : 4000);

    for (unsigned i = 0; i < 4; i++) {
        struct qr_text qr = {.columns = 77};

        if (qr_draw(content, i & 1 ? QR_STYLE_ASCII : QR_STYLE_HALF_BLOCKS,
                    i & 2 ? QR_MARGIN_THIN : QR_MARGIN_NORMAL, &qr))
            fuzz_note_good(), judge_drawn(&qr);
        else
            FUZZ_CHECK(qr.columns == 77 && !qr.text);
        free(qr.text);
    }
    free(content);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
