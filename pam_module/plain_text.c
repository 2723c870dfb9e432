/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The helper makes every string harmless before it sends it. Should a child be taken over, the terminal of
 * an administrator's su is still not its to command: escape sequences end here.
 */
#include "plain_text.h"

#include <stddef.h>

static bool is_between(unsigned char c, unsigned char low, unsigned char high)
{
    return c >= low && c <= high;
}

static bool is_tail(unsigned char c)
{
    return is_between(c, 0x80, 0xbf);
}

/* Bytes of the character that begins here; 0: none does, or it is a control character. A NUL is no tail. */
static size_t character_length(const unsigned char *c)
{
    if (c[0] < 0x80)
        return is_between(c[0], 0x20, 0x7e);
    if (c[0] == 0xc2)
        return is_between(c[1], 0xa0, 0xbf) ? 2 : 0;
    if (is_between(c[0], 0xc3, 0xdf))
        return is_tail(c[1]) ? 2 : 0;
    if (is_between(c[0], 0xe0, 0xef))
        return is_between(c[1], c[0] == 0xe0 ? 0xa0 : 0x80, c[0] == 0xed ? 0x9f : 0xbf) && is_tail(c[2]) ? 3
                                                                                                         : 0;
    if (is_between(c[0], 0xf0, 0xf4))
        return is_between(c[1], c[0] == 0xf0 ? 0x90 : 0x80, c[0] == 0xf4 ? 0x8f : 0xbf) && is_tail(c[2]) &&
                       is_tail(c[3])
                   ? 4
                   : 0;
    return 0;
}

bool plain_text(const char *text, bool newlines)
{
    while (*text != '\0') {
        size_t n = newlines && *text == '\n' ? 1 : character_length((const unsigned char *)text);

        if (n == 0)
            return false;
        text += n;
    }
    return true;
}
