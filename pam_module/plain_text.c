/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The helper makes every string harmless before it sends it. Should a child be taken over, the terminal of
 * an administrator's su is still not its to command: escape sequences end here, and so does what turns the
 * direction of writing or cannot be seen.
 */
#include "plain_text.h"

#include <string.h>

#include "frontdesk/member_text.h"

/* A control character, or one that shows nothing and changes how its neighbours are read. */
static bool commands(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x61c || c == 0x200b || c == 0x200e || c == 0x200f ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

bool plain_text(const char *text, bool newlines)
{
    size_t left = strlen(text), n;
    uint32_t code_point;

    for (; left > 0; text += n, left -= n) {
        if (newlines && *text == '\n') {
            n = 1;
            continue;
        }
        n = utf8_character((const unsigned char *)text, left, &code_point);
        if (n == 0 || commands(code_point))
            return false;
    }
    return true;
}
