/* SPDX-License-Identifier: BSD-2-Clause */
/* Header lines of an answer: freshness (RFC 9111), Retry-After (RFC 9110), and a bound on all of them. */
#include "http/http_headers.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "http/http.h"

/* A piece of a header line; not NUL-terminated. */
struct piece {
    const char *at;
    size_t length;
};

struct http_headers http_headers_new(void)
{
    return (struct http_headers){.max_age_s = -1, .age_s = -1, .retry_after_s = -1};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct piece trimmed(struct piece p)
{
    while (p.length > 0 && is_blank(p.at[0])) {
        p.at++;
        p.length--;
    }
    while (p.length > 0 && is_blank(p.at[p.length - 1]))
        p.length--;
    return p;
}

static bool piece_is(struct piece p, const char *word)
{
    return p.length == strlen(word) && strncasecmp(p.at, word, p.length) == 0;
}

/* Cuts the piece in front of the first `separator` off *rest; *rest is empty after the last one. */
static struct piece cut(struct piece *rest, char separator)
{
    const char *end = memchr(rest->at, separator, rest->length);
    const size_t length = end ? (size_t)(end - rest->at) : rest->length;
    const struct piece first = {rest->at, length};
    const size_t used = end ? length + 1 : length;

    rest->at += used;
    rest->length -= used;
    return trimmed(first);
}

/* delta-seconds, maybe quoted; -1: none. */
static long seconds_of(struct piece p)
{
    long seconds = 0;

    if (p.length >= 2 && p.at[0] == '"' && p.at[p.length - 1] == '"') {
        p.at++;
        p.length -= 2;
    }
    if (p.length == 0)
        return -1;
    for (size_t i = 0; i < p.length; i++) {
        if (p.at[i] < '0' || p.at[i] > '9')
            return -1;
        if (seconds < HTTP_SECONDS_MAX)
            seconds = seconds * 10 + (p.at[i] - '0');
    }
    return seconds < HTTP_SECONDS_MAX ? seconds : HTTP_SECONDS_MAX;
}

/* "Sun, 06 Nov 1994 08:49:37 GMT"; without strptime, whose month names follow the locale. */
static bool http_date(struct piece p, int64_t *ret_seconds)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[30], month[4] = "";
    const char *found;
    struct tm tm = {0};
    int64_t seconds;

    if (p.length != sizeof text - 1)
        return false;
    memcpy(text, p.at, p.length);
    text[p.length] = '\0';
    if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &tm.tm_mday, month, &tm.tm_year, &tm.tm_hour,
               &tm.tm_min, &tm.tm_sec) != 6)
        return false;
    found = strstr(months, month);
    if (!found || strlen(month) != 3 || (found - months) % 3 != 0)
        return false;
    tm.tm_mon = (int)((found - months) / 3);
    tm.tm_year -= 1900;
    seconds = timegm(&tm);
    *ret_seconds = seconds;
    return true;
}

/* Seconds, or a date (RFC 9110 10.2.3), which this machine's clock is good enough for. */
static long retry_after_of(struct piece value)
{
    int64_t date;

    if (!http_date(value, &date))
        return seconds_of(value);
    date -= time(NULL);
    return date < 0 ? 0 : date < HTTP_SECONDS_MAX ? (long)date : HTTP_SECONDS_MAX;
}

static void take_cache_control(struct http_headers *headers, struct piece value)
{
    while (value.length > 0) {
        struct piece directive = cut(&value, ',');
        const struct piece name = cut(&directive, '=');

        if (piece_is(name, "no-store") || piece_is(name, "no-cache"))
            headers->uncacheable = true;
        else if (piece_is(name, "max-age"))
            headers->max_age_s = seconds_of(trimmed(directive));
    }
}

bool http_headers_take(struct http_headers *headers, const char *line, size_t length)
{
    struct piece value = {line, length};
    struct piece name;

    headers->total += length;
    if (headers->total > HTTP_HEADERS_MAX)
        return false;
    if (length >= 5 && strncmp(line, "HTTP/", 5) == 0) {
        const size_t total = headers->total;

        *headers = http_headers_new();
        headers->total = total;
        return true;
    }
    name = cut(&value, ':');
    value = trimmed(value);
    if (piece_is(name, "cache-control"))
        take_cache_control(headers, value);
    else if (piece_is(name, "age"))
        headers->age_s = seconds_of(value);
    else if (piece_is(name, "retry-after"))
        headers->retry_after_s = retry_after_of(value);
    else if (piece_is(name, "date"))
        headers->has_date = http_date(value, &headers->date);
    else if (piece_is(name, "expires")) {
        headers->has_expires = true;
        if (!http_date(value, &headers->expires))
            headers->expires = 0; /* "0" and the like: long expired */
    }
    return true;
}

long http_headers_lifetime(const struct http_headers *headers)
{
    const long age = headers->age_s > 0 ? headers->age_s : 0;
    int64_t life;

    if (headers->uncacheable)
        return 0;
    if (headers->max_age_s >= 0)
        life = headers->max_age_s;
    else if (headers->has_expires)
        life = headers->expires - (headers->has_date ? headers->date : time(NULL));
    else
        return -1;
    if (life > HTTP_SECONDS_MAX)
        life = HTTP_SECONDS_MAX;
    return life > age ? (long)(life - age) : 0;
}
