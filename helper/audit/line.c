/* SPDX-License-Identifier: BSD-2-Clause */
/* Long strings get shorter until the whole fits: a line that ends in the middle is no JSON. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/audit.h"
#include "cleanup.h"

static const char cut[] = "...";

struct shortening {
    struct json_document *shorter;
    size_t string_max;
    bool failed;
};

static bool add_short(struct json_document *document, const char *name, const char *string, size_t max)
{
    AUTO_FREE char *part = NULL;

    if (strlen(string) <= max)
        return json_add_string(document, name, string);
    part = malloc(max + sizeof cut);
    if (!part)
        return false;
    memcpy(part, string, max);
    memcpy(part + max, cut, sizeof cut);
    return json_add_string(document, name, part);
}

/* Records hold strings, whole numbers and truths; whatever else there may be one day is left out. */
static bool shorten_member(void *context, const char *name, const struct json_value *value)
{
    struct shortening *shortening = context;
    struct json_document *shorter = shortening->shorter;
    const char *string;
    int64_t number;
    bool truth, added = true;

    if (json_string(value, &string, NULL))
        added = add_short(shorter, name, string, shortening->string_max);
    else if (json_integer(value, &number))
        added = json_add_integer(shorter, name, number);
    else if (json_boolean(value, &truth))
        added = json_add_boolean(shorter, name, truth);
    shortening->failed = !added;
    return added;
}

/* NULL: no memory. */
static char *print_short(const struct json_document *record, size_t string_max)
{
    AUTO_JSON struct json_document *shorter = json_new();
    struct shortening shortening = {.shorter = shorter, .string_max = string_max};

    if (!shorter)
        return NULL;
    json_each_member(json_top(record), shorten_member, &shortening);
    return shortening.failed ? NULL : json_print(json_top(shorter));
}

char *audit_line(const struct json_document *record)
{
    static const size_t string_max[] = {512, 200, 96, 48, 24, 8};

    for (size_t i = 0; i < sizeof string_max / sizeof string_max[0]; i++) {
        char *text = print_short(record, string_max[i]);

        if (!text || strlen(text) <= AUDIT_LINE_MAX)
            return text;
        free(text);
    }
    return NULL;
}
