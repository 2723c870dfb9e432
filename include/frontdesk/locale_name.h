/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names of locales and codesets as they may cross the socket. The module reads them from its user's
 * environment and the helper gives them to setlocale, for which a '/' in a name means a file: only plain
 * names pass.
 */
#ifndef FRONTDESK_LOCALE_NAME_H
#define FRONTDESK_LOCALE_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define LOCALE_NAME_MAX 31 /* bytes; "sr_RS.UTF-8@latin" and "ANSI_X3.4-1968" are long ones */

/* [A-Za-z0-9_.@-]{1,31} */
static inline bool locale_name_is_plain(const char *name)
{
    size_t n = 0;

    for (; name[n] != '\0'; n++) {
        const char c = name[n];

        if (n == LOCALE_NAME_MAX || !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                      (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '@' || c == '-'))
            return false;
    }
    return n > 0;
}

#endif
