/* SPDX-License-Identifier: BSD-2-Clause */
/* Judged by the keeper, though a child has seen it before: it will be shown long after that child has gone.
 */
#include "keeper/log_out_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "display/text.h"
#include "questions.h"

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void put_escaped(FILE *out, const char *text)
{
    for (; *text; text++)
        if (is_unreserved(*text))
            (void)fputc(*text, out);
        else
            (void)fprintf(out, "%%%02X", (unsigned)(unsigned char)*text);
}

/* A query that names the client already is the administrator's; behind a fragment nothing is sent. */
static bool takes_client(const char *endpoint)
{
    return !strchr(endpoint, '#') && !strstr(endpoint, "client_id=");
}

char *log_out_url_make(const struct connection *connection, const char *found)
{
    const char *endpoint = connection->end_session_endpoint ? connection->end_session_endpoint : found;
    AUTO_FREE char *url = NULL;
    size_t size;
    FILE *out = endpoint[0] ? open_memstream(&url, &size) : NULL;
    char *made;

    if (!out)
        return NULL;
    (void)fputs(endpoint, out);
    if (takes_client(endpoint)) {
        (void)fputs(strchr(endpoint, '?') ? "&client_id=" : "?client_id=", out);
        put_escaped(out, connection->client_id);
    }
    if (fclose(out) != 0 || !text_is_safe_https_url(url, strlen(url), QUESTION_URL_MAX))
        return NULL;
    made = url;
    url = NULL;
    return made;
}
