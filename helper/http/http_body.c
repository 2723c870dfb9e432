/* SPDX-License-Identifier: BSD-2-Clause */
/* Bytes of an answer as they come in. */
#include "http/http_body.h"

#include <stdlib.h>
#include <string.h>

#define SIZE_FIRST (16 * 1024)

/* Not realloc: it would leave an unerased copy. */
static bool grow(struct http_body *body, size_t needed)
{
    size_t size = body->size ? body->size : SIZE_FIRST;
    char *text;

    while (size < needed)
        size *= 2;
    if (size == body->size)
        return true;
    text = malloc(size);
    if (!text)
        return false;
    if (body->length > 0)
        memcpy(text, body->text, body->length);
    if (body->text)
        explicit_bzero(body->text, body->size);
    free(body->text);
    body->text = text;
    body->size = size;
    return true;
}

bool http_body_append(struct http_body *body, const void *bytes, size_t length)
{
    if (!grow(body, body->length + length + 1))
        return false;
    if (length > 0)
        memcpy(body->text + body->length, bytes, length);
    body->length += length;
    body->text[body->length] = '\0';
    return true;
}

void http_body_erase(struct http_body *body)
{
    if (body->text)
        explicit_bzero(body->text, body->size);
    free(body->text);
    *body = (struct http_body){0};
}
