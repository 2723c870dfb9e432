/* SPDX-License-Identifier: BSD-2-Clause */
/* An administrator's file is the administrator's: comments, order and blanks are not ours to tidy. */
#include "config/config_edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Part of the text, from `at`. */
struct span {
    size_t at, length;
};

/* Where the change goes: in place of `value`, or a line of its own. */
struct place {
    bool has_section, has_value;
    struct span value;
    size_t behind_section; /* the first octet behind its line */
};

static struct span trim(const char *text, struct span span)
{
    while (span.length > 0 && strchr(" \t", text[span.at])) {
        span.at++;
        span.length--;
    }
    while (span.length > 0 && strchr(" \t", text[span.at + span.length - 1]))
        span.length--;
    return span;
}

static bool span_is(const char *text, struct span span, const char *word)
{
    return strlen(word) == span.length && memcmp(text + span.at, word, span.length) == 0;
}

/* "[connection]" */
static bool is_section(const char *text, struct span line, enum setting_section section)
{
    struct span name = {line.at + 1, line.length - 2};

    return line.length >= 2 && text[line.at + line.length - 1] == ']' &&
           span_is(text, trim(text, name), settings_section_name(section));
}

/* Blanks within the line may be all there is behind the '='. */
static bool find_value(const char *text, struct span line, const struct setting *setting,
                       struct span *ret_value)
{
    const char *equals = memchr(text + line.at, '=', line.length);
    const size_t at = equals ? (size_t)(equals - text) : 0;
    const struct span key = trim(text, (struct span){line.at, equals ? at - line.at : 0});
    char name[64];

    if (!equals || key.length >= sizeof name)
        return false;
    memcpy(name, text + key.at, key.length);
    name[key.length] = '\0';
    if (settings_find(setting->section, name, NULL) != setting)
        return false;
    *ret_value = trim(text, (struct span){at + 1, line.at + line.length - at - 1});
    return true;
}

static void look_at_line(const char *text, struct span whole, const struct setting *setting, bool *within,
                         struct place *place)
{
    const struct span line = trim(text, whole);
    struct span value;

    if (line.length == 0 || strchr("#;", text[line.at]))
        return;
    if (text[line.at] == '[') {
        *within = is_section(text, line, setting->section);
        if (*within) {
            place->has_section = true;
            place->behind_section = whole.at + whole.length;
        }
    } else if (*within && find_value(text, line, setting, &value)) {
        place->has_value = true;
        place->value = value;
    }
}

static struct place find_place(const char *text, size_t length, const struct setting *setting)
{
    struct place place = {0};
    bool within = false;

    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const struct span line = {at, end ? (size_t)(end - text) - at : length - at};

        look_at_line(text, line, setting, &within, &place);
        at += line.length + 1;
    }
    return place;
}

static char *join(const char *text, size_t length, struct span cut, const char *between, size_t *ret_length)
{
    const size_t behind = cut.at + cut.length, size = strlen(between);
    char *whole = malloc(length - cut.length + size + 1);

    if (!whole)
        return NULL;
    memcpy(whole, text, cut.at);
    memcpy(whole + cut.at, between, size);
    memcpy(whole + cut.at + size, text + behind, length - behind);
    *ret_length = length - cut.length + size;
    whole[*ret_length] = '\0';
    return whole;
}

char *config_edit_set(const char *text, size_t length, const struct setting *setting, const char *value,
                      size_t *ret_length)
{
    const struct place place = find_place(text, length, setting);
    const struct span nothing = {place.behind_section, 0};
    char *line, *whole;

    if (!place.has_section)
        return NULL;
    if (place.has_value) {
        const bool needs_blank = place.value.at > 0 && text[place.value.at - 1] == '=';

        line = setting_sentence("%s%s", place.value.length == 0 && needs_blank ? " " : "", value);
    } else {
        line = setting_sentence("\n%s = %s", setting->key, value);
    }
    if (!line)
        return NULL;
    whole = join(text, length, place.has_value ? place.value : nothing, line, ret_length);
    free(line);
    return whole;
}
