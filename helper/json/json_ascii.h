/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON text that may be shown on any terminal and sent over any line. */
#ifndef HELPER_JSON_ASCII_H
#define HELPER_JSON_ASCII_H

#include "cleanup.h"

/* The same JSON with every character beyond 0x7e as \u escape; malloc'd, NULL when memory is short. Bytes
 * that are no UTF-8 become U+FFFD. */
char *json_to_ascii(const char *text);

#endif
