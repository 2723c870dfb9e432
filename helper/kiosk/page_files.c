/* SPDX-License-Identifier: BSD-2-Clause */
/* The assembler takes the files in as they are; make knows that this object depends on them. */
#include "kiosk/page_files.h"

#define FILE_BYTES(symbol, file)                                                                             \
    __asm__(".pushsection .rodata\n"                                                                         \
            ".global " #symbol "\n" #symbol ":\n"                                                            \
            ".incbin \"helper/kiosk/page/" #file "\"\n"                                                      \
            ".global " #symbol "_end\n" #symbol "_end:\n"                                                    \
            ".byte 0\n"                                                                                      \
            ".popsection\n")

FILE_BYTES(kiosk_page_html, page.html);
FILE_BYTES(kiosk_page_css, kiosk.css);
FILE_BYTES(kiosk_page_js, kiosk.js);

extern const char kiosk_page_html[], kiosk_page_html_end[];
extern const char kiosk_page_css[], kiosk_page_css_end[];
extern const char kiosk_page_js[], kiosk_page_js_end[];

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
