/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * json-c 0.16, even when strict, takes NaN, 'names', raw control characters, overlong UTF-8 and lone
 * surrogates (all of which become U+FFFD: two subjects would become one) and cuts names at \u0000.
 * One linear pass refuses them, before json-c sees a byte.
 */
#include "json/json_scan.h"

#include <string.h>

struct cursor {
    const unsigned char *at, *end;
};

static bool skip_byte(struct cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != (unsigned char)wanted)
        return false;
    c->at++;
    return true;
}

static bool is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool skip_digits(struct cursor *c)
{
    const unsigned char *const first = c->at;

    while (c->at < c->end && is_digit(*c->at))
        c->at++;
    return c->at > first;
}

static bool scan_number(struct cursor *c)
{
    (void)skip_byte(c, '-');
    if (!skip_byte(c, '0') && !skip_digits(c))
        return false;
    if (skip_byte(c, '.') && !skip_digits(c))
        return false;
    if (skip_byte(c, 'e') || skip_byte(c, 'E')) {
        if (!skip_byte(c, '+'))
            (void)skip_byte(c, '-');
        return skip_digits(c);
    }
    return true;
}

/* true, false or null; at anything else it stays. */
static void skip_word(struct cursor *c)
{
    static const char *const words[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        const size_t n = strlen(words[i]);

        if ((size_t)(c->end - c->at) >= n && memcmp(c->at, words[i], n) == 0) {
            c->at += n;
            return;
        }
    }
}

static int hex_digit(unsigned char byte)
{
    if (is_digit(byte))
        return byte - '0';
    if (byte >= 'a' && byte <= 'f')
        return byte - 'a' + 10;
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* -1: these are none. */
static int scan_four_hex(struct cursor *c)
{
    int unit = 0;

    if (c->end - c->at < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        const int digit = hex_digit(*c->at++);

        if (digit < 0)
            return -1;
        unit = unit << 4 | digit;
    }
    return unit;
}

/* Behind "\u": no NUL; surrogates only as a pair, high before low. */
static bool scan_code_unit(struct cursor *c)
{
    const int unit = scan_four_hex(c);
    int low;

    if (unit <= 0)
        return false;
    if (unit < 0xd800 || unit > 0xdfff)
        return true;
    if (unit >= 0xdc00 || !skip_byte(c, '\\') || !skip_byte(c, 'u'))
        return false;
    low = scan_four_hex(c);
    return low >= 0xdc00 && low <= 0xdfff;
}

static bool scan_escape(struct cursor *c)
{
    if (c->at == c->end)
        return false;
    if (*c->at == 'u') {
        c->at++;
        return scan_code_unit(c);
    }
    return *c->at != '\0' && strchr("\"\\/bfnrt", *c->at++) != NULL;
}

/* One character of RFC 3629: no overlong form, no surrogate, nothing beyond U+10FFFF. */
static bool scan_utf8(struct cursor *c)
{
    const unsigned char lead = *c->at++;
    unsigned char low = 0x80, high = 0xbf;
    int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;

    if (lead < 0x80)
        return true;
    if (lead < 0xc2 || lead > 0xf4)
        return false;
    if (lead == 0xe0)
        low = 0xa0;
    else if (lead == 0xed)
        high = 0x9f;
    else if (lead == 0xf0)
        low = 0x90;
    else if (lead == 0xf4)
        high = 0x8f;
    for (; more > 0; more--) {
        if (c->at == c->end || *c->at < low || *c->at > high)
            return false;
        c->at++;
        low = 0x80;
        high = 0xbf;
    }
    return true;
}

static bool scan_string(struct cursor *c)
{
    while (c->at < c->end) {
        if (skip_byte(c, '"'))
            return true;
        if (skip_byte(c, '\\')) {
            if (!scan_escape(c))
                return false;
        } else if (*c->at < 0x20 || !scan_utf8(c)) {
            return false;
        }
    }
    return false;
}

/* So that "1true" and "nullx" are not two words to anybody. */
static bool at_delimiter(const struct cursor *c)
{
    return c->at == c->end || (*c->at != '\0' && strchr(" \t\r\n,:]}", *c->at));
}

bool json_scan(const char *text, size_t length, size_t *ret_colons)
{
    struct cursor c = {(const unsigned char *)text, (const unsigned char *)text + length};
    size_t colons = 0, containers = 0;

    while (c.at < c.end) {
        const unsigned char byte = *c.at;

        if (byte == '"') {
            c.at++;
            if (!scan_string(&c))
                return false;
        } else if (byte == '-' || is_digit(byte)) {
            if (!scan_number(&c) || !at_delimiter(&c))
                return false;
        } else if (byte != '\0' && strchr(" \t\r\n{}[],:", byte)) {
            colons += byte == ':';
            containers += byte == '{' || byte == '[';
            if (containers > JSON_CONTAINERS_MAX)
                return false;
            c.at++;
        } else {
            skip_word(&c); /* what is no word is no delimiter either */
            if (!at_delimiter(&c))
                return false;
        }
    }
    *ret_colons = colons;
    return true;
}
