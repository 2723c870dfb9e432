/* SPDX-License-Identifier: BSD-2-Clause */
/* What the full-screen page says, in the language of text_set_language(): the page itself holds no words. */
#ifndef HELPER_KIOSK_PAGE_TEXTS_H
#define HELPER_KIOSK_PAGE_TEXTS_H

#include <stdbool.h>
#include <stddef.h>

struct page_text {
    const char *key;      /* as page.html and kiosk.js know it */
    const char *sentence; /* may have {name}, {time}, {uri} in it, which the page fills in */
};

/* From 0 on; false behind the last one. Static. */
bool page_text(size_t number, struct page_text *ret_text);

/* What these sentences are written in, whatever was asked for: "en", "de" …, and "ltr" or "rtl". Static. */
const char *page_texts_language(void);
const char *page_texts_direction(void);

#endif
