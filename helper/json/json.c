/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The door to json-c. A document and a value are json-c objects under names of ours, so that nobody outside
 * can reach for one of the coercing getters.
 */
#include "json/json.h"

#include <json-c/json.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "secret.h"
#include "json/json_ascii.h"
#include "json/json_scan.h"

#define WHOLE_DOUBLE_MAX 9007199254740992.0 /* 2^53: up to here no two integers are one double */

/* json-c's readers take pointers to mutable objects, though they change nothing that shows. */
static struct json_object *object_of(const struct json_value *value)
{
    return (struct json_object *)(uintptr_t)value;
}

static struct json_object *top_of(const struct json_document *document)
{
    return (struct json_object *)(uintptr_t)document;
}

static bool is_type(const struct json_value *value, enum json_type type)
{
    return json_object_is_type(object_of(value), type); /* NULL is of no type that is asked for here */
}

/* Numbers that json-c cannot hold: it made an infinity of them, or the nearest integer it has. */
static bool is_out_of_range(struct json_object *object)
{
    if (json_object_is_type(object, json_type_double))
        return !isfinite(json_object_get_double(object));
    return json_object_is_type(object, json_type_int) &&
           (json_object_get_int64(object) == INT64_MIN || json_object_get_uint64(object) == UINT64_MAX);
}

/* Adds up members of all objects, repeated ones once. Depth is JSON_DEPTH_MAX at most. */
static bool count_members(struct json_object *object, size_t *members)
{
    if (json_object_is_type(object, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(object); i++)
            if (!count_members(json_object_array_get_idx(object, i), members))
                return false;
    } else if (json_object_is_type(object, json_type_object)) {
        json_object_object_foreach(object, name, member)
        {
            (void)name;
            *members += 1;
            if (!count_members(member, members))
                return false;
        }
    }
    return !is_out_of_range(object);
}

/* Documents hold tokens at times: texts are overwritten before they are freed. */
static void erase_strings(struct json_object *object)
{
    if (json_object_is_type(object, json_type_string)) {
        explicit_bzero((void *)(uintptr_t)json_object_get_string(object),
                       (size_t)json_object_get_string_len(object));
    } else if (json_object_is_type(object, json_type_array)) {
        for (size_t i = 0; i < json_object_array_length(object); i++)
            erase_strings(json_object_array_get_idx(object, i));
    } else if (json_object_is_type(object, json_type_object)) {
        json_object_object_foreach(object, name, member)
        {
            (void)name;
            erase_strings(member);
        }
    }
}

static void free_tokener(struct json_tokener *tokener)
{
    explicit_bzero(tokener->pb->buf, (size_t)tokener->pb->size);
    json_tokener_free(tokener);
}

/* Four digits that json_scan has seen. */
static uint32_t code_unit(const char *digits)
{
    uint32_t unit = 0;

    for (int i = 0; i < 4; i++)
        unit = unit << 4 | (uint32_t)(digits[i] <= '9' ? digits[i] - '0' : (digits[i] | 0x20) - 'a' + 10);
    return unit;
}

/*
 * The text with pairs of surrogates as the characters that they are: json-c 0.16 takes one whose last 16 bits
 * look like a surrogate (U+2D800 and many more) for another half, and makes U+FFFD of it. malloc'd, holds
 * what the text holds.
 */
static char *without_pairs(const char *text, size_t length, size_t *ret_length)
{
    char *whole = malloc(length + 1), *to = whole;

    for (size_t i = 0, n; whole && i < length; i += n) {
        const uint32_t high = text[i] == '\\' && text[i + 1] == 'u' ? code_unit(text + i + 2) : 0;

        n = text[i] == '\\' ? 2 : 1;
        if (high >= 0xd800 && high <= 0xdbff) {
            const uint32_t c = 0x10000 + ((high & 0x3ff) << 10) + (code_unit(text + i + 8) & 0x3ff);

            *to++ = (char)(0xf0 | c >> 18);
            *to++ = (char)(0x80 | (c >> 12 & 0x3f));
            *to++ = (char)(0x80 | (c >> 6 & 0x3f));
            *to++ = (char)(0x80 | (c & 0x3f));
            n = 12;
        } else {
            memcpy(to, text + i, n);
            to += n;
        }
    }
    if (whole) {
        *to = '\0';
        *ret_length = (size_t)(to - whole);
    }
    return whole;
}

/* Strict json-c takes one value with nothing behind it, and gives NULL for everything else. */
static struct json_object *parse_whole(const char *text, size_t length)
{
    size_t whole_length = 0;
    char *whole AUTO_ERASE = without_pairs(text, length, &whole_length);
    struct json_tokener *tokener = whole ? json_tokener_new_ex(JSON_DEPTH_MAX) : NULL;
    struct json_object *top = NULL;

    if (tokener) {
        json_tokener_set_flags(tokener, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        top = json_tokener_parse_ex(tokener, whole, (int)whole_length);
        free_tokener(tokener);
    }
    return top;
}

struct json_document *json_parse(const char *text, size_t length)
{
    struct json_object *top;
    size_t colons, members = 0;

    if (length > JSON_TEXT_MAX || !json_scan(text, length, &colons))
        return NULL;
    top = parse_whole(text, length);
    if (!json_object_is_type(top, json_type_object) || !count_members(top, &members) || members != colons) {
        json_free((struct json_document *)top);
        return NULL;
    }
    return (struct json_document *)top;
}

void json_free(struct json_document *document)
{
    erase_strings(top_of(document));
    json_object_put(top_of(document));
}

const struct json_value *json_top(const struct json_document *document)
{
    return (const struct json_value *)document;
}

const struct json_value *json_get(const struct json_value *object, const char *name)
{
    struct json_object *member;

    (void)json_object_object_get_ex(object_of(object), name, &member); /* NULL where there is none */
    return (const struct json_value *)member;
}

const struct json_value *json_get_path(const struct json_value *object, const char *path)
{
    const struct json_value *found = json_get(object, path);

    for (const char *dot = strchr(path, '.'); !found && dot; dot = strchr(dot + 1, '.')) {
        char *head = strndup(path, (size_t)(dot - path));

        if (!head)
            return NULL;
        found = json_get_path(json_get(object, head), dot + 1);
        free(head);
    }
    return found;
}

bool json_string(const struct json_value *value, const char **ret_string, size_t *ret_length)
{
    if (!is_type(value, json_type_string))
        return false;
    *ret_string = json_object_get_string(object_of(value));
    if (ret_length)
        *ret_length = (size_t)json_object_get_string_len(object_of(value));
    return true;
}

bool json_integer(const struct json_value *value, int64_t *ret_integer)
{
    int64_t integer;

    if (!is_type(value, json_type_int))
        return false;
    integer = json_object_get_int64(object_of(value));
    if (integer == INT64_MAX)
        return false;
    *ret_integer = integer;
    return true;
}

bool json_boolean(const struct json_value *value, bool *ret_boolean)
{
    if (!is_type(value, json_type_boolean))
        return false;
    *ret_boolean = json_object_get_boolean(object_of(value));
    return true;
}

static bool whole_number(const struct json_value *value, int64_t *ret_integer)
{
    double number;
    int64_t integer;

    if (!is_type(value, json_type_double))
        return false;
    number = json_object_get_double(object_of(value));
    if (number > WHOLE_DOUBLE_MAX || number < -WHOLE_DOUBLE_MAX)
        return false;
    integer = (int64_t)number;
    if ((double)integer < number || (double)integer > number)
        return false;
    *ret_integer = integer;
    return true;
}

bool json_integer_or_digits(const struct json_value *value, int64_t *ret_integer)
{
    const char *digits;
    size_t length = 0;
    int64_t integer = 0;

    if (json_integer(value, ret_integer) || whole_number(value, ret_integer))
        return true;
    (void)json_string(value, &digits, &length); /* what is no string has no length */
    if (length < 1 || length > 18)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return false;
        integer = integer * 10 + (digits[i] - '0');
    }
    *ret_integer = integer;
    return true;
}

bool json_is_object(const struct json_value *value)
{
    return is_type(value, json_type_object);
}

bool json_is_array(const struct json_value *value)
{
    return is_type(value, json_type_array);
}

size_t json_array_length(const struct json_value *array)
{
    return json_is_array(array) ? json_object_array_length(object_of(array)) : 0;
}

const struct json_value *json_array_at(const struct json_value *array, size_t i)
{
    if (i >= json_array_length(array))
        return NULL;
    return (const struct json_value *)json_object_array_get_idx(object_of(array), i);
}

void json_each_member(const struct json_value *object,
                      bool (*member)(void *context, const char *name, const struct json_value *value),
                      void *context)
{
    if (!json_is_object(object))
        return;
    json_object_object_foreach(object_of(object), name, value)
    {
        if (!member(context, name, (const struct json_value *)value))
            return;
    }
}

bool json_string_is(const struct json_value *value, const char *wanted)
{
    const char *string;
    size_t length;

    return json_string(value, &string, &length) && length == strlen(wanted) &&
           memcmp(string, wanted, length) == 0;
}

char *json_print(const struct json_value *value)
{
    const char *text = json_object_to_json_string_ext(object_of(value), JSON_C_TO_STRING_PLAIN |
                                                                            JSON_C_TO_STRING_NOSLASHESCAPE);

    return text ? json_to_ascii(text) : NULL;
}

struct json_document *json_new(void)
{
    return (struct json_document *)json_object_new_object();
}

/* Takes over `member`, also when it fails. */
static bool add_member(struct json_document *document, const char *name, struct json_object *member)
{
    if (json_object_object_add(top_of(document), name, member) == 0)
        return true;
    json_object_put(member);
    return false;
}

bool json_add_string(struct json_document *document, const char *name, const char *string)
{
    struct json_object *member = string ? json_object_new_string(string) : NULL;

    return (member || !string) && add_member(document, name, member);
}

bool json_add_integer(struct json_document *document, const char *name, int64_t integer)
{
    struct json_object *member = json_object_new_int64(integer);

    return member && add_member(document, name, member);
}

bool json_add_boolean(struct json_document *document, const char *name, bool boolean)
{
    struct json_object *member = json_object_new_boolean(boolean);

    return member && add_member(document, name, member);
}

bool json_add_strings(struct json_document *document, const char *name, char *const *strings)
{
    struct json_object *array = json_object_new_array();

    for (; array && *strings; strings++) {
        struct json_object *string = json_object_new_string(*strings);

        if (!string || json_object_array_add(array, string) != 0) {
            json_object_put(string);
            json_object_put(array);
            return false;
        }
    }
    return array && add_member(document, name, array);
}

bool json_add_object(struct json_document *document, const char *name, const struct json_value *object)
{
    struct json_object *copy = NULL;

    if (!object)
        copy = json_object_new_object();
    else if (json_is_object(object))
        (void)json_object_deep_copy(object_of(object), &copy, NULL); /* NULL when it fails */
    return copy && add_member(document, name, copy);
}
