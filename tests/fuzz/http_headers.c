/* SPDX-License-Identifier: BSD-2-Clause */
/* Header lines: ages and lifetimes within a year, whatever the server writes. */
#include "http/http_headers.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/fuzz.h"
#include "http/http.h"

static void judge(const uint8_t *data, size_t size)
{
    struct http_headers headers = http_headers_new();
    size_t total = 0;
    bool goes_on = true;

    while (size > 0 && goes_on) {
        const uint8_t *newline = memchr(data, '\n', size);
        const size_t length = newline ? (size_t)(newline - data) + 1 : size;
        char *line = (char *)fuzz_copy(data, length);

        total += length;
        goes_on = http_headers_take(&headers, line, length);
        FUZZ_CHECK(goes_on == (total <= HTTP_HEADERS_MAX) && headers.total <= total);
        free(line);
        data += length;
        size -= length;
    }
    FUZZ_CHECK(headers.max_age_s >= -1 && headers.max_age_s <= HTTP_SECONDS_MAX);
    FUZZ_CHECK(headers.age_s >= -1 && headers.age_s <= HTTP_SECONDS_MAX);
    FUZZ_CHECK(headers.retry_after_s >= -1 && headers.retry_after_s <= HTTP_SECONDS_MAX);
    FUZZ_CHECK(http_headers_lifetime(&headers) >= -1 && http_headers_lifetime(&headers) <= HTTP_SECONDS_MAX);
    if (headers.uncacheable)
        FUZZ_CHECK(http_headers_lifetime(&headers) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
