/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a server would tell the page: its words in one language from one folder of catalogues, every sentence
 * of a refusal, and a QR. `words LOCALEDIR LANGUAGE`, `words --qr TEXT`; JSON either way.
 */
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "display/qr.h"
#include "display/text.h"
#include "kiosk/page_texts.h"

/* Our own sentences need no escape but these. */
static void print_string(const char *text)
{
    putchar('"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            putchar('\\');
        putchar(*text);
    }
    putchar('"');
}

static void print_words(void)
{
    struct page_text text;

    printf("{\"language\":\"%s\",\"direction\":\"%s\",\"texts\":{", page_texts_language(),
           page_texts_direction());
    for (size_t i = 0; page_text(i, &text); i++) {
        printf("%s\"%s\":", i > 0 ? "," : "", text.key);
        print_string(text.sentence);
    }
    printf("},\"refusals\":[");
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        printf("%s", reason > 0 ? "," : "");
        print_string(text_for_reason((enum reason)reason));
    }
    puts("]}");
}

/* Rows of modules: without the margin that is drawn around them, and two columns are one. */
static int print_qr(const char *content)
{
    struct qr_text qr;

    if (!qr_draw(content, QR_STYLE_ASCII, QR_MARGIN_NORMAL, &qr))
        return 1;
    putchar('[');
    for (unsigned y = 2; y + 2 < qr.rows; y++) {
        const char *row = qr.text + (size_t)y * (qr.columns + 1);

        printf("%s\"", y > 2 ? "," : "");
        for (unsigned x = 4; x + 4 < qr.columns; x += 2)
            putchar(row[x] == '#' ? '0' : '1');
        putchar('"');
    }
    puts("]");
    free(qr.text);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--qr") == 0)
        return print_qr(argv[2]);
    if (argc != 3)
        return 2;
    text_set_language("", argv[2]);
    (void)bindtextdomain(TEXT_DOMAIN, argv[1]);
    print_words();
    return 0;
}
