/* SPDX-License-Identifier: BSD-2-Clause */
/* The pass over JSON text that comes before json-c: every byte is judged by RFC 8259 and RFC 3629. */
#ifndef HELPER_JSON_SCAN_H
#define HELPER_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Objects and arrays of one text: an empty object takes json-c 800 bytes, and a body could hold 350000. */
#define JSON_CONTAINERS_MAX 8192

/*
 * True when strings, numbers and words are spelled as RFC 8259 wants them, no string holds a NUL and objects
 * and arrays are not too many; how they nest is json-c's to judge. *ret_colons counts the colons outside
 * strings: one for each member of each object.
 */
bool json_scan(const char *text, size_t length, size_t *ret_colons);

#endif
