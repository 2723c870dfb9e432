/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A claim may hold C1 controls or bidi marks, and `--json` output lands on terminals and in logs. Escaping
 * all that is not ASCII keeps the value and takes the effect.
 */
#include "json/json_ascii.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define REPLACEMENT   0xfffdu
#define BYTES_MAX     12 /* of the escapes that one character needs */
#define CODEPOINT_MAX 0x10ffffu

/* Reads one character and moves on; REPLACEMENT and one byte for what is no UTF-8. */
static uint32_t next_character(const unsigned char **at)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char lead = *(*at)++;
    const unsigned char *p = *at;
    const int more = lead < 0x80 ? 0 : lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
    uint32_t character = more == 0 ? lead : lead & (0x3fu >> more);

    if (more > 0 && (lead < 0xc0 || lead > 0xf4))
        return REPLACEMENT;
    for (int i = 0; i < more; i++, p++) {
        if ((*p & 0xc0) != 0x80)
            return REPLACEMENT;
        character = character << 6 | (*p & 0x3f);
    }
    if (character < least[more] || character > CODEPOINT_MAX || (character >= 0xd800 && character <= 0xdfff))
        return REPLACEMENT;
    *at = p;
    return character;
}

static size_t put_character(uint32_t character, char to[BYTES_MAX + 1])
{
    if (character < 0x7f) {
        to[0] = (char)character;
        return 1;
    }
    if (character < 0x10000)
        return (size_t)snprintf(to, BYTES_MAX + 1, "\\u%04x", (unsigned)character);
    character -= 0x10000;
    return (size_t)snprintf(to, BYTES_MAX + 1, "\\u%04x\\u%04x", (unsigned)(0xd800 + (character >> 10)),
                            (unsigned)(0xdc00 + (character & 0x3ff)));
}

char *json_to_ascii(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    const size_t length = strlen(text);
    char *ascii, *to;

    /* Six bytes for each byte at most, and room for one character more, which put_character may need to
     * print. */
    ascii = calloc(length + 3, 6);
    if (!ascii)
        return NULL;
    to = ascii;
    while (*at)
        to += put_character(next_character(&at), to);
    *to = '\0';
    return ascii;
}
