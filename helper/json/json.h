/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only door to json-c: strict RFC 8259 in, exact types out.
 *
 * json_parse scans the text once by itself (UTF-8, escapes, control characters, numbers, alphabet: what
 * json-c 0.16 lets through even in strict mode; and how many objects and arrays it would build), then lets
 * json-c parse (depth 16), then counts: fewer members in the tree than colons outside strings means that a
 * member was repeated. Nothing is ever coerced: an accessor gives exactly the type it names, or false.
 */
#ifndef HELPER_JSON_H
#define HELPER_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

#define JSON_DEPTH_MAX 16
#define JSON_TEXT_MAX  (4 * 1024 * 1024) /* bytes of a document */

/* A value inside a document; lives as long as the document. */
struct json_value;

/* An owned document; NULL is a valid "none". Its top is always an object. */
struct json_document;

struct json_document *json_parse(const char *text, size_t length); /* NULL: refused, or no memory */
void json_free(struct json_document *document);
const struct json_value *json_top(const struct json_document *document); /* NULL for NULL */

/* The member of an object, or NULL: absent, JSON null, or `object` is NULL or no object. */
const struct json_value *json_get(const struct json_value *object, const char *name);

/* By a path of names with dots between them ("address.country"); a member whose whole name is the path wins.
 */
const struct json_value *json_get_path(const struct json_value *object, const char *path);

/* Each: true only for a value of exactly that type. Strings hold no NUL (refused at parse); ret_length may be
 * NULL. */
bool json_string(const struct json_value *value, const char **ret_string, size_t *ret_length);
bool json_integer(const struct json_value *value,
                  int64_t *ret_integer); /* not a double, not at INT64_MIN/MAX */
bool json_boolean(const struct json_value *value, bool *ret_boolean);

/* For device and token answers only: a whole number however it is spelled (600, 600.0, 6e2), for what makes
 * the answer may know but one kind of number, or a string of decimal digits, as some servers send. */
bool json_integer_or_digits(const struct json_value *value, int64_t *ret_integer);

bool json_is_object(const struct json_value *value);
bool json_is_array(const struct json_value *value);
size_t json_array_length(const struct json_value *array);                         /* 0 for anything else */
const struct json_value *json_array_at(const struct json_value *array, size_t i); /* NULL beyond the end */

/* Calls back for each member of an object, in order, until it returns false. */
void json_each_member(const struct json_value *object,
                      bool (*member)(void *context, const char *name, const struct json_value *value),
                      void *context);

/* True when `value` is the string `wanted`. */
bool json_string_is(const struct json_value *value, const char *wanted);

/* Compact text of any value, ASCII only (the rest as \u escapes), so that it may be shown on any terminal;
 * malloc'd, NULL when memory is short. */
char *json_print(const struct json_value *value);

/* Building: for `--json` output. All take and return owned documents or add to them; false when memory is
 * short. */
struct json_document *json_new(void);
bool json_add_string(struct json_document *document, const char *name,
                     const char *string); /* NULL: JSON null */
bool json_add_integer(struct json_document *document, const char *name, int64_t integer);
bool json_add_boolean(struct json_document *document, const char *name, bool boolean);
/* An array of the strings of a NULL-terminated list. */
bool json_add_strings(struct json_document *document, const char *name, char *const *strings);
/* Adds a copy of a whole object; NULL child adds an empty object. */
bool json_add_object(struct json_document *document, const char *name, const struct json_value *object);

static inline void cleanup_json(struct json_document **document)
{
    json_free(*document);
}

#define AUTO_JSON CLEANUP(cleanup_json)

#endif
