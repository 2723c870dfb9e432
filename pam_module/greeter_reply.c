/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A reader for two objects and no other. It is strict, for what it reads decides whether somebody typed a
 * password; and small, for it runs in somebody else's process: no memory of its own, no recursion.
 */
#include "greeter_reply.h"

#include <string.h>

#include "frontdesk/member_text.h"
#include "frontdesk/protocol.h"

/* More than any name that is known here, so that none of them is another cut short. */
#define NAME_SIZE 16

/* What stands in "authSelection", one of each. */
enum member { MEMBER_NONE = 0, MEMBER_STATUS = 1, MEMBER_CHOICE = 2 };

/* What does not fit any more is left out. */
struct string {
    char *text;
    size_t size, used;
};

static void put_byte(struct string *string, uint32_t byte)
{
    if (string->used + 1 == string->size)
        return;
    string->text[string->used++] = (char)byte;
    string->text[string->used] = '\0';
}

static void put_character(struct string *string, uint32_t c)
{
    if (c < 0x80) {
        put_byte(string, c);
        return;
    }
    if (c < 0x800) {
        put_byte(string, 0xc0 | c >> 6);
    } else if (c < 0x10000) {
        put_byte(string, 0xe0 | c >> 12);
        put_byte(string, 0x80 | (c >> 6 & 0x3f));
    } else {
        put_byte(string, 0xf0 | c >> 18);
        put_byte(string, 0x80 | (c >> 12 & 0x3f));
        put_byte(string, 0x80 | (c >> 6 & 0x3f));
    }
    put_byte(string, 0x80 | (c & 0x3f));
}

/* Each reader takes what it says from *at and leaves *at behind it; false: that is not what stands there. */

static bool read_sign(const char **at, char sign)
{
    *at += strspn(*at, " \t\n\r");
    if (**at != sign)
        return false;
    (*at)++;
    return true;
}

/* Four hexadecimal digits. 0: there are none, or they are a NUL, which is no better. */
static uint32_t read_unit(const char **at)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    uint32_t unit = 0;

    for (int i = 0; i < 4; i++) {
        const char *digit = memchr(digits, **at, sizeof digits - 1);

        if (!digit)
            return 0;
        unit = unit << 4 | (uint32_t)(digit - digits < 16 ? digit - digits : digit - digits - 6);
        (*at)++;
    }
    return unit;
}

/* Behind "\u": a character, which may need a second one of these. */
static bool read_code_point(const char **at, uint32_t *ret_c)
{
    const uint32_t high = read_unit(at);
    uint32_t low;

    if (high < 0xd800 || high > 0xdfff) {
        *ret_c = high;
        return high != 0;
    }
    if (high > 0xdbff || strncmp(*at, "\\u", 2) != 0)
        return false;
    *at += 2;
    low = read_unit(at);
    *ret_c = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    return low >= 0xdc00 && low <= 0xdfff;
}

/* Behind the backslash. */
static bool read_escape(const char **at, uint32_t *ret_c)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char *letter = memchr(letters, **at, sizeof letters - 1);

    if (**at == 'u') {
        (*at)++;
        return read_code_point(at, ret_c);
    }
    if (!letter)
        return false;
    (*at)++;
    *ret_c = (uint32_t)meant[letter - letters];
    return true;
}

static bool read_character(const char **at, uint32_t *ret_c)
{
    const unsigned char *text = (const unsigned char *)*at;
    size_t n;

    if (*text == '\\') {
        (*at)++;
        return read_escape(at, ret_c);
    }
    n = utf8_character(text, strnlen(*at, 4), ret_c);
    *at += n;
    return n > 0 && *ret_c >= 0x20;
}

static bool read_string(const char **at, char *ret_text, size_t size)
{
    struct string string = {.text = ret_text, .size = size};
    uint32_t c;

    ret_text[0] = '\0';
    if (!read_sign(at, '"'))
        return false;
    while (**at != '"') {
        if (!read_character(at, &c))
            return false;
        put_character(&string, c);
    }
    (*at)++;
    return true;
}

static bool read_name(const char **at, char ret_name[NAME_SIZE])
{
    return read_string(at, ret_name, NAME_SIZE) && read_sign(at, ':');
}

static bool read_password(const char **at, struct greeter_reply *reply)
{
    char name[NAME_SIZE];

    reply->choice = GREETER_CHOICE_PASSWORD;
    return read_sign(at, '{') && read_name(at, name) && strcmp(name, "password") == 0 &&
           read_string(at, reply->password, sizeof reply->password) && read_sign(at, '}');
}

static bool read_eidp(const char **at, struct greeter_reply *reply)
{
    reply->choice = GREETER_CHOICE_EIDP;
    return read_sign(at, '{') && read_sign(at, '}');
}

static bool read_status(const char **at)
{
    char status[NAME_SIZE];

    return read_string(at, status, sizeof status) && strcmp(status, "Ok") == 0;
}

static enum member read_member(const char **at, struct greeter_reply *reply)
{
    char name[NAME_SIZE];

    if (!read_name(at, name))
        return MEMBER_NONE;
    if (strcmp(name, "status") == 0)
        return read_status(at) ? MEMBER_STATUS : MEMBER_NONE;
    if (strcmp(name, PROTOCOL_EIDP) == 0)
        return read_eidp(at, reply) ? MEMBER_CHOICE : MEMBER_NONE;
    return strcmp(name, "password") == 0 && read_password(at, reply) ? MEMBER_CHOICE : MEMBER_NONE;
}

static bool read_reply(const char **at, struct greeter_reply *reply)
{
    char name[NAME_SIZE];
    unsigned members, closed = 0;

    if (!read_sign(at, '{') || !read_name(at, name) || strcmp(name, "authSelection") != 0 ||
        !read_sign(at, '{'))
        return false;
    members = read_member(at, reply);
    if (!read_sign(at, ','))
        return false;
    members |= read_member(at, reply);
    while (read_sign(at, '}'))
        closed++;
    return members == (MEMBER_STATUS | MEMBER_CHOICE) && closed == 2 && read_sign(at, '\0');
}

bool greeter_reply_read(const char *json, struct greeter_reply *ret_reply)
{
    struct greeter_reply reply = {0};
    const char *at = json;
    const bool is_one = strnlen(json, GREETER_REPLY_MAX + 1) <= GREETER_REPLY_MAX && read_reply(&at, &reply);

    if (is_one)
        *ret_reply = reply;
    explicit_bzero(&reply, sizeof reply);
    return is_one;
}
