/* SPDX-License-Identifier: BSD-2-Clause */
#include "hooks/hook_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cleanup.h"
#include "config/config_file.h"
#include "config/nearest.h"
#include "trusted_path.h"

struct reading {
    const struct hook_table *table;
    void *record;
    bool in_section;
    bool seen[SETTINGS_MAX];
    unsigned line; /* of the first fault */
    char *why;
};

static void refuse(struct reading *reading, unsigned line, char *why)
{
    if (reading->line != 0) {
        free(why);
        return;
    }
    reading->line = line;
    reading->why = why;
}

static void take_section(void *context, unsigned line, const char *kind, const char *name)
{
    struct reading *reading = context;

    if (reading->in_section || name[0] != '\0' || strcmp(kind, reading->table->name) != 0)
        refuse(reading, line, setting_sentence("only [%s] stands here, once", reading->table->name));
    reading->in_section = true;
}

static void refuse_key(struct reading *reading, unsigned line, const char *key)
{
    struct nearest nearest = NEAREST_NONE;

    for (size_t i = 0; i < reading->table->count; i++)
        nearest_consider(&nearest, reading->table->settings[i].key, key);
    refuse(reading, line,
           nearest.best ? setting_sentence("unknown key `%s`; did you mean `%s`?", key, nearest.best)
                        : setting_sentence("unknown key `%s`", key));
}

static void take_entry(void *context, unsigned line, const char *key, const char *value)
{
    struct reading *reading = context;
    const struct setting *setting = reading->table->settings;
    char *why = NULL;
    size_t i = 0;

    while (i < reading->table->count && strcmp(setting[i].key, key) != 0)
        i++;
    if (!reading->in_section)
        refuse(reading, line, setting_sentence("`%s` stands before any [section]", key));
    else if (i == reading->table->count)
        refuse_key(reading, line, key);
    else if (reading->seen[i])
        refuse(reading, line, setting_sentence("`%s` was given already", key));
    else if (value[0] == '\0')
        refuse(reading, line, setting_sentence("`%s` has no value", key));
    else if (!setting[i].parse(&setting[i], value, (char *)reading->record + setting[i].offset, &why))
        refuse(reading, line, why ? setting_sentence("%s: %s", key, why) : NULL);
    else
        reading->seen[i] = true;
    free(why);
}

static void take_fault(void *context, unsigned line, const char *why)
{
    refuse(context, line, strdup(why));
}

static bool set_defaults(const struct hook_table *table, void *record)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct setting *setting = &table->settings[i];
        char *why = NULL;
        const bool fine = !setting->fallback ||
                          setting->parse(setting, setting->fallback, (char *)record + setting->offset, &why);

        free(why);
        if (!fine)
            return false;
    }
    return true;
}

/* The whole text; NULL: *ret_why. */
static char *load(const char *path, size_t *ret_length, char **ret_why)
{
    const char *slash = strrchr(path, '/'), *why = NULL;
    AUTO_FREE char *folder_path = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : NULL;
    AUTO_CLOSE int folder = -1;
    struct path_fault fault;
    bool is_missing;
    char *text = NULL;

    *ret_why = NULL;
    if (!folder_path)
        return NULL;
    if (!path_is_trusted(path, &fault)) {
        *ret_why = setting_sentence("%s %s", fault.where, fault.why);
        return NULL;
    }
    folder = config_folder_open(AT_FDCWD, folder_path, &is_missing, &why);
    if (folder >= 0)
        switch (config_file_load(folder, slash + 1, &text, ret_length, &why)) {
        case CONFIG_FILE_OK:
            return text;
        case CONFIG_FILE_MISSING:
            why = "there is no such file";
            break;
        case CONFIG_FILE_REFUSED:
            break;
        }
    *ret_why = setting_sentence("%s: %s", path, why);
    return NULL;
}

static const char *missing_key(const struct reading *reading)
{
    for (size_t i = 0; i < reading->table->count; i++)
        if (reading->table->settings[i].required && !reading->seen[i])
            return reading->table->settings[i].key;
    return NULL;
}

bool hook_file_read(const char *path, const struct hook_table *table, void *record, char **ret_why)
{
    struct reading reading = {.table = table, .record = record};
    const struct config_lines lines = {
        .context = &reading, .section = take_section, .entry = take_entry, .fault = take_fault};
    size_t length = 0;
    AUTO_FREE char *text = load(path, &length, ret_why);
    const char *missing;

    if (!text || !set_defaults(table, record))
        return false;
    config_file_parse(text, length, &lines);
    missing = missing_key(&reading);
    if (reading.line != 0)
        *ret_why = reading.why ? setting_sentence("%s:%u: %s", path, reading.line, reading.why) : NULL;
    else if (missing)
        *ret_why = setting_sentence("%s: `%s` is missing", path, missing);
    free(reading.why);
    return reading.line == 0 && !missing;
}

void hook_file_clear(const struct hook_table *table, void *record)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct setting *setting = &table->settings[i];
        char **text = (char **)(void *)((char *)record + setting->offset);

        if (setting->parse == setting_yes_no || setting->parse == setting_number ||
            setting->parse == setting_seconds)
            continue;
        free(*text);
        *text = NULL;
    }
}

void hook_table_print(const struct hook_table *table)
{
    (void)printf("\n[%s]\n", table->name);
    for (size_t i = 0; i < table->count; i++) {
        const struct setting *setting = &table->settings[i];

        (void)printf("  %s", setting->key);
        if (setting->required || setting->fallback)
            (void)printf(" [%s]", setting->required ? "required" : setting->fallback);
        (void)printf("\n      %s\n", setting->help);
    }
}
