/* SPDX-License-Identifier: BSD-2-Clause */
/* What http.c keeps of an answer's header lines. */
#ifndef HELPER_HTTP_HEADERS_H
#define HELPER_HTTP_HEADERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_SECONDS_MAX 31536000 /* a year; larger numbers count as this */

struct http_headers {
    size_t total; /* bytes of all lines, interim answers included */
    bool uncacheable;
    long max_age_s, age_s, retry_after_s; /* -1: not said */
    bool has_expires, has_date;
    int64_t expires, date; /* seconds since 1970 */
};

struct http_headers http_headers_new(void);

/* One line, with or without its end. False: more than HTTP_HEADERS_MAX in all. A status line starts anew. */
bool http_headers_take(struct http_headers *headers, const char *line, size_t length);

/* RFC 9111 4.2: seconds this answer stays fresh, 0: it must not be kept, -1: not said. */
long http_headers_lifetime(const struct http_headers *headers);

#endif
