/* SPDX-License-Identifier: BSD-2-Clause */
/* The filter between foreign strings and a screen: an allow-list, for no deny-list knows every terminal. */
#include "display/text.h"

#include <arpa/inet.h>
#include <string.h>

#include "frontdesk/member_text.h"

#define HOST_MAX       253 /* bytes, RFC 1035 */
#define HOST_LABEL_MAX 63

static bool is_printable(char c)
{
    return c >= 0x20 && c <= 0x7e;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c);
}

bool text_is_plain(const char *text, size_t length, size_t min, size_t max)
{
    if (length < min || length > max)
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_printable(text[i]))
            return false;
    return length == 0 || (text[0] != ' ' && text[length - 1] != ' ');
}

void text_make_plain(const char *foreign, char *ret_text, size_t size)
{
    static const char cut[] = "...";
    const size_t length = strlen(foreign);
    const bool fits = length < size;
    const size_t kept = fits ? length : size - sizeof cut;

    for (size_t i = 0; i < kept; i++)
        ret_text[i] = is_printable(foreign[i]) ? foreign[i] : '?';
    ret_text[kept] = '\0';
    if (!fits)
        memcpy(ret_text + kept, cut, sizeof cut);
}

void text_make_word(const char *foreign, char *ret_text, size_t size)
{
    text_make_plain(foreign, ret_text, size);
    for (char *at = ret_text; (at = strpbrk(at, " (),")); at++)
        *at = '?';
}

/* Bytes of the UTF-8 character at `text`, 0 when there is none that may be shown. */
static size_t character_length(const char *text)
{
    uint32_t code_point;
    const size_t length = utf8_character((const unsigned char *)text, strnlen(text, 4), &code_point);

    return length > 0 && code_point_is_printable(code_point) ? length : 0;
}

void text_make_label(const char *label, bool utf8, char *ret_text, size_t size)
{
    static const char cut[] = "...";
    size_t used = 0;

    while (*label) {
        const size_t n = character_length(label);
        const bool shown = n == 1 || (n > 1 && utf8);
        const size_t taken = shown ? n : 1;

        if (used + taken + sizeof cut > size) {
            memcpy(ret_text + used, cut, sizeof cut);
            return;
        }
        if (shown)
            memcpy(ret_text + used, label, n);
        else
            ret_text[used] = '?';
        used += taken;
        label += n > 0 ? n : 1;
    }
    ret_text[used] = '\0';
}

static bool host_label_is_valid(const char *label, size_t length)
{
    if (length < 1 || length > HOST_LABEL_MAX || label[0] == '-' || label[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_alphanumeric(label[i]) && label[i] != '-')
            return false;
    return true;
}

/* Browsers read a host whose last label begins with a digit as an IPv4 address, in more spellings than one:
 * only the plain one counts. */
static bool host_name_is_valid(const char *host, size_t length)
{
    char copy[HOST_MAX + 1];
    char *label = copy;
    struct in_addr address;

    if (length < 1 || length > HOST_MAX)
        return false;
    memcpy(copy, host, length);
    copy[length] = '\0';
    for (char *dot; (dot = strchr(label, '.')); label = dot + 1)
        if (!host_label_is_valid(label, (size_t)(dot - label)))
            return false;
    if (!host_label_is_valid(label, strlen(label)))
        return false;
    return !is_digit(label[0]) || inet_pton(AF_INET, copy, &address) == 1;
}

/* Bytes of "[...]" at the start, 0 when that is no IPv6 address. */
static size_t bracketed_address(const char *text, size_t length)
{
    char copy[INET6_ADDRSTRLEN];
    struct in6_addr address;
    const char *end = memchr(text, ']', length);
    size_t inner;

    if (!end || text[0] != '[')
        return 0;
    inner = (size_t)(end - text) - 1;
    if (inner >= sizeof copy)
        return 0;
    memcpy(copy, text + 1, inner);
    copy[inner] = '\0';
    return inet_pton(AF_INET6, copy, &address) == 1 ? inner + 2 : 0;
}

/* Bytes of the host at the start of what follows "https://", 0 when there is none. */
static size_t host_length(const char *rest, size_t length)
{
    size_t n = 0;

    if (length > 0 && rest[0] == '[')
        return bracketed_address(rest, length);
    while (n < length && (is_alphanumeric(rest[n]) || rest[n] == '-' || rest[n] == '.'))
        n++;
    return host_name_is_valid(rest, n) ? n : 0;
}

/* Bytes of ":port" at the start (0 when there is no port); false when it is no port. */
static bool port_length(const char *rest, size_t length, size_t *ret_length)
{
    unsigned port = 0;
    size_t n = 0;

    if (length > 0 && rest[0] == ':') {
        for (n = 1; n < length && n <= 5 && is_digit(rest[n]); n++)
            port = port * 10 + (unsigned)(rest[n] - '0');
        if (port < 1 || port > 65535)
            return false;
    }
    *ret_length = n;
    return true;
}

static bool url_has_only_safe_bytes(const char *url, size_t length)
{
    static const char refused[] = "\"<>\\^`{|}";
    bool fragment = false;

    for (size_t i = 0; i < length; i++) {
        if (!is_printable(url[i]) || url[i] == ' ' || strchr(refused, url[i]))
            return false;
        if (url[i] == '#' && fragment)
            return false;
        fragment = fragment || url[i] == '#';
    }
    return true;
}

static const char scheme[] = "https://";
#define SCHEME_LENGTH (sizeof scheme - 1)

const char *text_url_host(const char *url, size_t *ret_length)
{
    const char *host = url + SCHEME_LENGTH;

    *ret_length = host_length(host, strlen(host));
    return host;
}

bool text_is_safe_https_url(const char *url, size_t length, size_t max)
{
    size_t at = SCHEME_LENGTH, n;

    if (length > max || length <= SCHEME_LENGTH || memcmp(url, scheme, SCHEME_LENGTH) != 0)
        return false;
    if (!url_has_only_safe_bytes(url, length))
        return false;
    n = host_length(url + at, length - at);
    if (n == 0)
        return false;
    at += n;
    if (!port_length(url + at, length - at, &n))
        return false;
    at += n;
    /* A fragment straight behind the host is how one host dresses up as another. */
    return at == length || url[at] == '/' || url[at] == '?';
}
