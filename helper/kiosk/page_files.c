/* SPDX-License-Identifier: BSD-2-Clause */
/* The assembler takes the files in as they are; make knows that this object depends on them. */
#include "kiosk/page_files.h"

#define FILE_BYTES(symbol, path)                                                                             \
    __asm__(".pushsection .rodata\n"                                                                         \
            ".global " #symbol "\n" #symbol ":\n"                                                            \
            ".incbin \"" path "\"\n"                                                                         \
            ".global " #symbol "_end\n" #symbol "_end:\n"                                                    \
            ".byte 0\n"                                                                                      \
            ".popsection\n");                                                                                \
    extern const char symbol[], symbol##_end[]

FILE_BYTES(kiosk_page_html, "helper/kiosk/page/page.html");
FILE_BYTES(kiosk_page_css, "helper/kiosk/page/kiosk.css");
FILE_BYTES(kiosk_page_js, "helper/kiosk/page/kiosk.js");

struct page_file page_file(enum request_target target)
{
    if (target == TARGET_STYLE)
        return (struct page_file){"text/css; charset=utf-8", kiosk_page_css,
                                  (size_t)(kiosk_page_css_end - kiosk_page_css)};
    if (target == TARGET_SCRIPT)
        return (struct page_file){"text/javascript; charset=utf-8", kiosk_page_js,
                                  (size_t)(kiosk_page_js_end - kiosk_page_js)};
    return (struct page_file){"text/html; charset=utf-8", kiosk_page_html,
                              (size_t)(kiosk_page_html_end - kiosk_page_html)};
}
