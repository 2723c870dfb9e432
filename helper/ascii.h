/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Letters of names that have no language (hosts, e-mails, connections): <ctype.h> asks the locale, and the
 * command runs in the administrator's, the daemons in none, so that the two would not understand one file
 * alike.
 */
#ifndef HELPER_ASCII_H
#define HELPER_ASCII_H

#include <stdbool.h>

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static inline bool ascii_is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z');
}

#endif
