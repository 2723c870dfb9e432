/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The helper makes every string harmless before it sends it. Should a child be taken over, the terminal of
 * an administrator's su is still not its to command: escape sequences end here, and so does what turns the
 * direction of writing or cannot be seen: by the same table.
 */
#include "plain_text.h"

#include <string.h>

#include "frontdesk/member_text.h"

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
        if (n == 0 || !code_point_is_printable(code_point))
            return false;
    }
    return true;
}
