/* SPDX-License-Identifier: BSD-2-Clause */
/* A value comes from a flag, a terminal or a foreign object: none may bring a second line along. */
#include "connection/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "config/config_build.h"
#include "config/settings.h"

static bool is_one_line(const char *value)
{
    for (const unsigned char *c = (const unsigned char *)value; *c != '\0'; c++)
        if (*c < 0x20 || *c == 0x7f)
            return false;
    return true;
}

/* What the reader would make of this value alone. */
static bool is_accepted(const struct setting *setting, const char *value, char **ret_why)
{
    struct connection scratch = {0};
    AUTO_FREE char *why = NULL;
    bool accepted;

    if (value[0] == '\0' && setting->parse != setting_services) {
        *ret_why = setting_sentence("`%s` has no value", setting->key);
        return false;
    }
    accepted = setting->parse(setting, value, (char *)&scratch + setting->offset, &why);
    connection_clear(&scratch);
    if (!accepted)
        *ret_why = why ? setting_sentence("%s: %s", setting->key, why) : NULL;
    return accepted;
}

static bool append(struct draft *draft, const char *key, const char *value)
{
    struct name_value *longer = realloc(draft->lines, (draft->count + 1) * sizeof *longer);
    struct name_value line = {0};

    if (!longer)
        return false;
    draft->lines = longer;
    line.name = strdup(key);
    line.value = strdup(value);
    if (!line.name || !line.value) {
        free(line.name);
        free(line.value);
        return false;
    }
    longer[draft->count++] = line;
    return true;
}

static char *unknown_key(const char *key)
{
    const char *nearest = settings_nearest(SECTION_CONNECTION, key), *advice = settings_elsewhere(key);

    if (advice)
        return setting_sentence("`%s` is no setting of a connection: %s", key, advice);
    return nearest ? setting_sentence("unknown key `%s`; did you mean `%s`?", key, nearest)
                   : setting_sentence("unknown key `%s`", key);
}

bool draft_add(struct draft *draft, const char *key, const char *value, char **ret_why)
{
    const struct setting *setting = settings_find(SECTION_CONNECTION, key, NULL);
    AUTO_FREE char *trimmed = NULL;
    size_t length;

    if (!setting) {
        *ret_why = unknown_key(key);
        return false;
    }
    value += strspn(value, " \t");
    length = strlen(value);
    while (length > 0 && strchr(" \t", value[length - 1]))
        length--;
    trimmed = strndup(value, length);
    if (!trimmed) {
        *ret_why = NULL;
        return false;
    }
    if (!is_one_line(trimmed)) {
        *ret_why = setting_sentence("%s: the value holds a control character", setting->key);
        return false;
    }
    if (!is_accepted(setting, trimmed, ret_why))
        return false;
    *ret_why = NULL;
    return append(draft, setting->key, trimmed);
}

const char *draft_get(const struct draft *draft, const char *key)
{
    for (size_t i = 0; i < draft->count; i++)
        if (strcmp(draft->lines[i].name, key) == 0)
            return draft->lines[i].value;
    return NULL;
}

char *draft_text(const struct draft *draft)
{
    const struct setting *setting;
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);

    if (!stream)
        return NULL;
    (void)fputs("[connection]\n", stream);
    for (size_t row = 0; (setting = settings_at(row)) != NULL; row++)
        for (size_t i = 0; setting->section == SECTION_CONNECTION && i < draft->count; i++)
            if (strcmp(draft->lines[i].name, setting->key) == 0)
                (void)fprintf(stream, "%s =%s%s\n", setting->key, draft->lines[i].value[0] ? " " : "",
                              draft->lines[i].value);
    if (fclose(stream) != 0) {
        free(text);
        return NULL;
    }
    return text;
}

void draft_clear(struct draft *draft)
{
    for (size_t i = 0; i < draft->count; i++) {
        free(draft->lines[i].name);
        free(draft->lines[i].value);
    }
    free(draft->lines);
    *draft = (struct draft){0};
}
