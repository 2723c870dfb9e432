/* SPDX-License-Identifier: BSD-2-Clause */
/* What the scan counts. What it refuses by spelling is in json_test.c, where json-c has its say, too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "json/json.h"
#include "json/json_scan.h"

static void colons_outside_strings_are_counted(void **state)
{
    static const char text[] = "{\"a:b\":{\"c\":[\":\",\"\\\":\"]},\"d\":1}";
    size_t colons = 0;

    (void)state;
    assert_true(json_scan(text, strlen(text), &colons));
    assert_int_equal(colons, 3);
}

/* {"a":[{},[],...]} with so many objects and arrays in all. */
static char *crowded(size_t containers)
{
    char *text = malloc(3 * containers + 16);
    char *at;

    assert_non_null(text);
    at = stpcpy(text, "{\"a\":[{}");
    for (size_t i = 3; i < containers; i++)
        at = stpcpy(at, i % 2 ? ",[]" : ",{}");
    (void)stpcpy(at, "]}");
    return text;
}

static void a_crowd_of_objects_and_arrays_is_refused(void **state)
{
    char *many AUTO_FREE = crowded(JSON_CONTAINERS_MAX);
    char *too_many AUTO_FREE = crowded(JSON_CONTAINERS_MAX + 1);
    struct json_document *taken AUTO_JSON = json_parse(many, strlen(many));

    (void)state;
    assert_int_equal(json_array_length(json_get(json_top(taken), "a")), JSON_CONTAINERS_MAX - 2);
    assert_null(json_parse(too_many, strlen(too_many)));
}

static void brackets_in_strings_are_no_objects(void **state)
{
    char text[2 * JSON_CONTAINERS_MAX + 16];
    char *at = stpcpy(text, "{\"a\":\"");
    struct json_document *taken AUTO_JSON = NULL;

    (void)state;
    memset(at, '{', 2 * JSON_CONTAINERS_MAX);
    (void)stpcpy(at + 2 * JSON_CONTAINERS_MAX, "\"}");
    taken = json_parse(text, strlen(text));
    assert_non_null(taken);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colons_outside_strings_are_counted),
        cmocka_unit_test(a_crowd_of_objects_and_arrays_is_refused),
        cmocka_unit_test(brackets_in_strings_are_no_objects),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
