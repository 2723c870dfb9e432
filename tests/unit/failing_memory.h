/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: the n-th piece of memory that the program, or json-c for it, asks for is not there. */
#ifndef TESTS_FAILING_MEMORY_H
#define TESTS_FAILING_MEMORY_H

#include <json-c/json.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static struct {
    size_t left; /* 0: all is well */
    bool came;
} memory;

static bool memory_is_out(void)
{
    if (memory.left == 0 || --memory.left > 0)
        return false;
    memory.came = true;
    return true;
}

/* NOLINTNEXTLINE(bugprone-macro-parentheses): types and lists of parameters stand bare */
#define FAILING(type, failure, name, parameters, arguments)                                                  \
    type __real_##name parameters;                                                                           \
    type __wrap_##name parameters;                                                                           \
    type __wrap_##name parameters                                                                            \
    {                                                                                                        \
        return memory_is_out() ? (failure) : __real_##name arguments;                                        \
    }

FAILING(void *, NULL, malloc, (size_t size), (size))
FAILING(void *, NULL, calloc, (size_t count, size_t size), (count, size))
FAILING(void *, NULL, realloc, (void *old, size_t size), (old, size))
FAILING(void *, NULL, reallocarray, (void *old, size_t count, size_t size), (old, count, size))
FAILING(char *, NULL, strdup, (const char *text), (text))
FAILING(char *, NULL, strndup, (const char *text, size_t length), (text, length))
FAILING(struct json_tokener *, NULL, json_tokener_new_ex, (int depth), (depth))
FAILING(struct json_object *, NULL, json_object_new_object, (void), ())
FAILING(struct json_object *, NULL, json_object_new_array, (void), ())
FAILING(struct json_object *, NULL, json_object_new_string, (const char *text), (text))
FAILING(struct json_object *, NULL, json_object_new_int64, (int64_t number), (number))
FAILING(struct json_object *, NULL, json_object_new_boolean, (json_bool boolean), (boolean))
FAILING(int, -1, json_object_object_add,
        (struct json_object * object, const char *name, struct json_object *member), (object, name, member))
FAILING(int, -1, json_object_array_add, (struct json_object * array, struct json_object *member),
        (array, member))
FAILING(int, -1, json_object_deep_copy,
        (struct json_object * from, struct json_object **to, json_c_shallow_copy_fn *copy), (from, to, copy))
FAILING(const char *, NULL, json_object_to_json_string_ext, (struct json_object * object, int flags),
        (object, flags))

int __wrap_asprintf(char **ret_text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* What a failed one leaves behind is said nowhere: nobody may use it, nor free it. */
int __wrap_asprintf(char **ret_text, const char *format, ...)
{
    static char undefined[] = "undefined";
    va_list list;
    int length = -1;

    va_start(list, format);
    if (memory_is_out())
        *ret_text = undefined;
    else
        length = vasprintf(ret_text, format, list);
    va_end(list);
    return length;
}

/* Runs it with the first piece missing, then the second, until there is none left that it asks for. */
static inline void fail_each(void (*attempt)(void))
{
    size_t pieces = 0;

    do {
        memory.left = ++pieces;
        memory.came = false;
        attempt();
        memory.left = 0;
    } while (memory.came);
    if (pieces < 2)
        fail_msg("nothing was asked for");
}

#endif
