/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON: what is accepted is printed as plain ASCII, and that is accepted as the same. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "json/json.h"

static bool judge_member(void *context, const char *name, const struct json_value *value)
{
    const struct json_value *top = context;
    const char *text = NULL;
    size_t length = 0;
    int64_t number = 0;
    bool flag, is_string = json_string(value, &text, &length), is_integer = json_integer(value, &number);
    int kinds =
        is_string + is_integer + json_boolean(value, &flag) + json_is_object(value) + json_is_array(value);

    FUZZ_CHECK(kinds <= 1);
    FUZZ_CHECK(!is_string || strlen(text) == length);
    FUZZ_CHECK(!is_integer || json_integer_or_digits(value, &number));
    FUZZ_CHECK(json_get(top, name) == value);
    if (value && json_is_array(value))
        FUZZ_CHECK(!json_array_at(value, json_array_length(value)));
    if (value && json_is_object(value))
        json_each_member(value, judge_member, (void *)(uintptr_t)value);
    return true;
}

static void judge(const uint8_t *data, size_t size)
{
    char *text = (char *)fuzz_copy(data, size);
    struct json_document *document = json_parse(text, size), *again;
    char *printed, *twice;

    free(text);
    if (!document) {
        FUZZ_CHECK(!json_top(NULL) && !json_get(NULL, "a"));
        return;
    }
    fuzz_note_good();
    FUZZ_CHECK(json_is_object(json_top(document)));
    json_each_member(json_top(document), judge_member, (void *)(uintptr_t)json_top(document));
    (void)json_get_path(json_top(document), "a.b.c");
    printed = json_print(json_top(document));
    if (printed) {
        for (const char *c = printed; *c != '\0'; c++)
            FUZZ_CHECK(*c >= 0x20 && *c <= 0x7e);
        again = json_parse(printed, strlen(printed));
        twice = again ? json_print(json_top(again)) : NULL;
        FUZZ_CHECK(faults_fired() || (twice && strcmp(printed, twice) == 0));
        free(twice);
        json_free(again);
    }
    FUZZ_CHECK(printed || faults_fired());
    free(printed);
    json_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
