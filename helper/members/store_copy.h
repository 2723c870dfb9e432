/* SPDX-License-Identifier: BSD-2-Clause */
/* The line behind a backup. */
#ifndef HELPER_STORE_COPY_H
#define HELPER_STORE_COPY_H

#include <stdbool.h>
#include <stddef.h>

#define STORE_TRAILER_SIZE 36  /* "frontdesk-backup 1 ", 16 digits, a newline */
#define STORE_PAGE_SIZE    512 /* at least; of every size SQLite has, a multiple */

/* Is it a database with the right line behind it, or without one? Then its size without. */
bool store_copy_is_whole(const unsigned char *bytes, size_t size, size_t *ret_size);

#endif
