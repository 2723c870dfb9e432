/* SPDX-License-Identifier: BSD-2-Clause */
/* A growing answer body. It may hold tokens, so what it leaves behind is erased. */
#ifndef HELPER_HTTP_BODY_H
#define HELPER_HTTP_BODY_H

#include <stdbool.h>
#include <stddef.h>

struct http_body {
    char *text; /* NUL-terminated once anything was appended */
    size_t length, size;
};

/* False when memory is short. The caller bounds the whole. */
bool http_body_append(struct http_body *body, const void *bytes, size_t length);
void http_body_erase(struct http_body *body);

#endif
