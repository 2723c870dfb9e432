/* SPDX-License-Identifier: BSD-2-Clause */
/* See config_trace.h. The rules are those of config_build.c: a later text replaces what an earlier one said.
 */
#include "config/config_trace.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "config/config_file.h"
#include "connection/presets.h"

struct tracing {
    struct trace_line *lines;
    size_t count;
    const char *file;
    bool memory;
};

static void forget(struct tracing *tracing, size_t i)
{
    free(tracing->lines[i].value);
    memmove(&tracing->lines[i], &tracing->lines[i + 1], (tracing->count - i - 1) * sizeof *tracing->lines);
    tracing->count--;
}

static void append(struct tracing *tracing, struct trace_line line, const char *value)
{
    struct trace_line *longer = realloc(tracing->lines, (tracing->count + 1) * sizeof *longer);

    line.value = value ? strdup(value) : NULL;
    if (longer)
        tracing->lines = longer;
    if (!longer || (value && !line.value)) {
        free(line.value);
        tracing->memory = false;
        return;
    }
    longer[tracing->count++] = line;
}

static void take_section(void *context, unsigned line, const char *kind, const char *name)
{
    (void)context;
    (void)line;
    (void)kind;
    (void)name;
}

static void take_fault(void *context, unsigned line, const char *why)
{
    (void)context;
    (void)line;
    (void)why;
}

static void take_entry(void *context, unsigned line, const char *key, const char *value)
{
    struct tracing *tracing = context;
    const struct setting *setting = settings_find(SECTION_CONNECTION, key, NULL);

    if (!setting)
        return;
    for (size_t i = tracing->count; i-- > 0;)
        if (tracing->lines[i].setting == setting &&
            (!setting->repeats || tracing->lines[i].file != tracing->file))
            forget(tracing, i);
    append(tracing, (struct trace_line){setting, TRACE_FILE, NULL, tracing->file, line}, value);
}

static const char *preset_value(const struct preset *preset, const char *key)
{
    for (const struct preset_value *value = preset ? preset->values : NULL; value && value->key; value++)
        if (strcmp(value->key, key) == 0)
            return value->value;
    return NULL;
}

static const struct trace_line *find_line(const struct trace_line *lines, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(lines[i].setting->key, key) == 0)
            return &lines[i];
    return NULL;
}

/* A row of the table, from whichever says something. */
static void complete(const struct tracing *typed, const struct setting *setting, const struct preset *preset,
                     struct tracing *whole)
{
    const char *value = preset_value(preset, setting->key);
    const size_t before = whole->count;

    for (size_t i = 0; i < typed->count; i++)
        if (typed->lines[i].setting == setting)
            append(whole, typed->lines[i], typed->lines[i].value);
    if (whole->count > before)
        return;
    if (value)
        append(whole, (struct trace_line){.setting = setting, .from = TRACE_PRESET}, value);
    else if (setting->fallback && setting->fallback[0])
        append(whole, (struct trace_line){.setting = setting, .from = TRACE_DEFAULT}, setting->fallback);
    else
        append(whole, (struct trace_line){.setting = setting, .from = TRACE_UNSET}, NULL);
}

static void free_lines(struct tracing *tracing)
{
    while (tracing->count > 0)
        forget(tracing, tracing->count - 1);
    free(tracing->lines);
    tracing->lines = NULL;
}

static bool trace(struct config_texts *texts, struct tracing *ret_whole)
{
    struct tracing typed = {.memory = true}, whole = {.memory = true};
    const struct config_lines lines = {&typed, take_section, take_entry, take_fault};
    const struct trace_line *named;
    const struct setting *setting;
    const struct preset *preset;

    for (size_t i = 0; i < texts->count; i++) {
        typed.file = texts->sources[i].file;
        config_file_parse(texts->sources[i].text, texts->sources[i].length, &lines);
    }
    named = find_line(typed.lines, typed.count, "preset");
    preset = named ? preset_find(named->value) : NULL;
    for (size_t row = 0; (setting = settings_at(row)) != NULL; row++)
        if (setting->section == SECTION_CONNECTION)
            complete(&typed, setting, preset, &whole);
    free_lines(&typed);
    if (typed.memory && whole.memory) {
        *ret_whole = whole;
        return true;
    }
    free_lines(&whole);
    return false;
}

/* connections.d of one folder; without a descriptor when it has none. */
static void open_layer(const char *directory, struct config_layer *layer)
{
    AUTO_CLOSE int folder = -1;
    const char *why;
    bool missing;

    if (!directory)
        return;
    folder = config_folder_open(AT_FDCWD, directory, &missing, &why);
    if (folder < 0)
        return;
    layer->path = setting_sentence("%s/connections.d", directory);
    layer->folder = layer->path ? config_folder_open(folder, "connections.d", &missing, &why) : -1;
}

bool config_trace_read(const char *directory, const char *vendor, const char *name,
                       struct config_trace *ret_trace)
{
    CLEANUP(config_layers_close) struct config_layers layers = CONFIG_LAYERS_NONE;
    struct config *scratch = calloc(1, sizeof *scratch);
    AUTO_FREE char *file = setting_sentence("%s.conf", name);
    struct config_trace found = {0};
    struct tracing whole;
    bool read;

    if (!scratch || !file) {
        free(scratch);
        return false;
    }
    scratch->references = 1;
    open_layer(directory, &layers.layer[LAYER_ADMIN]);
    open_layer(vendor, &layers.layer[LAYER_VENDOR]);
    read = config_layers_read(scratch, &layers, file, &found.texts) == CONFIG_LAYERS_OK &&
           trace(&found.texts, &whole);
    config_unref(scratch);
    if (!read) {
        config_texts_free(&found.texts);
        return false;
    }
    found.lines = whole.lines;
    found.count = whole.count;
    *ret_trace = found;
    return true;
}

void config_trace_free(struct config_trace *trace)
{
    struct tracing lines = {.lines = trace->lines, .count = trace->count};

    free_lines(&lines);
    config_texts_free(&trace->texts);
    *trace = (struct config_trace){0};
}

const struct trace_line *config_trace_find(const struct config_trace *trace, const char *key)
{
    return find_line(trace->lines, trace->count, key);
}
