/* SPDX-License-Identifier: BSD-2-Clause */
/* The page's files as they were when the program was built: it needs no folder, and nobody can change them.
 */
#ifndef HELPER_KIOSK_PAGE_FILES_H
#define HELPER_KIOSK_PAGE_FILES_H

#include <stddef.h>

#include "kiosk/request.h"

struct page_file {
    const char *type; /* Content-Type */
    const char *bytes;
    size_t length;
};

/* Of TARGET_PAGE, _STYLE and _SCRIPT. */
struct page_file page_file(enum request_target target);

#endif
