/* SPDX-License-Identifier: BSD-2-Clause */
/* The connection's picture for the page: read once, and only what a browser shows as nothing but a picture.
 */
#ifndef HELPER_KIOSK_ICON_H
#define HELPER_KIOSK_ICON_H

#include "connection/connection.h"
#include "kiosk/page_files.h"

#define ICON_BYTES_MAX (256 * 1024)

/* bytes NULL: none, or none that can be used (logged). */
struct page_file icon_read(const struct connection *connection);
void icon_free(struct page_file *icon);

#endif
