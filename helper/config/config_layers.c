/* SPDX-License-Identifier: BSD-2-Clause */
/* Which files count: decided here once, so that what a package brings and what an administrator changes never
 * meet in one file. */
#include "config/config_layers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "config/config_file.h"
#include "config/settings.h"

#define SUFFIX ".conf"

static void cleanup_directory(DIR **directory)
{
    if (*directory)
        (void)closedir(*directory);
}

static enum config_layers_result refuse(struct config *config, const char *file, const char *why)
{
    return config_add_fault(config, file, 0, strdup(why)) ? CONFIG_LAYERS_REFUSED : CONFIG_LAYERS_NO_MEMORY;
}

void config_layers_close(struct config_layers *layers)
{
    for (int i = 0; i < LAYER_COUNT; i++) {
        free(layers->layer[i].path);
        cleanup_close(&layers->layer[i].folder);
    }
    *layers = CONFIG_LAYERS_NONE;
}

enum config_layers_result config_layers_open(struct config *config, const struct config_layers *parent,
                                             const char *name, struct config_layers *ret_layers)
{
    *ret_layers = CONFIG_LAYERS_NONE;
    for (int i = 0; i < LAYER_COUNT; i++) {
        struct config_layer *layer = &ret_layers->layer[i];
        const char *why;
        bool missing;

        if (parent->layer[i].folder < 0)
            continue;
        layer->path = setting_sentence("%s/%s", parent->layer[i].path, name);
        if (!layer->path)
            return CONFIG_LAYERS_NO_MEMORY;
        layer->folder = config_folder_open(parent->layer[i].folder, name, &missing, &why);
        if (layer->folder < 0 && !missing)
            return refuse(config, layer->path, why);
    }
    return CONFIG_LAYERS_OK;
}

/* Adds a name, or marks that it is in this layer, too. */
static bool add_entry(struct config_entries *entries, const char *name, int layer)
{
    struct config_entry *longer;

    for (size_t i = 0; layer > 0 && i < entries->count; i++)
        if (strcmp(entries->entries[i].name, name) == 0) {
            entries->entries[i].is_in[layer] = true;
            return true;
        }
    longer = realloc(entries->entries, (entries->count + 1) * sizeof *longer);
    if (!longer)
        return false;
    entries->entries = longer;
    longer[entries->count] = (struct config_entry){.name = strdup(name)};
    if (!longer[entries->count].name)
        return false;
    longer[entries->count++].is_in[layer] = true;
    return true;
}

static enum config_layers_result list_layer(struct config *config, const struct config_layers *layers,
                                            int layer, struct config_entries *entries)
{
    CLEANUP(cleanup_directory) DIR *directory = NULL;
    const struct dirent *entry;
    const int copy = openat(layers->layer[layer].folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    directory = copy >= 0 ? fdopendir(copy) : NULL;
    if (!directory) {
        cleanup_close(&copy);
        return refuse(config, layers->layer[layer].path, "cannot be listed");
    }
    while (errno = 0, (entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            !add_entry(entries, entry->d_name, layer))
            return CONFIG_LAYERS_NO_MEMORY;
    /* Half a list would pass over a file that denies. */
    return errno == 0 ? CONFIG_LAYERS_OK
                      : refuse(config, layers->layer[layer].path, "cannot be listed to its end");
}

static int compare_entries(const void *a, const void *b)
{
    return strcmp(((const struct config_entry *)a)->name, ((const struct config_entry *)b)->name);
}

enum config_layers_result config_layers_list(struct config *config, const struct config_layers *layers,
                                             struct config_entries *ret_entries)
{
    *ret_entries = (struct config_entries){NULL, 0};
    for (int i = 0; i < LAYER_COUNT; i++) {
        const enum config_layers_result result =
            layers->layer[i].folder >= 0 ? list_layer(config, layers, i, ret_entries) : CONFIG_LAYERS_OK;

        if (result != CONFIG_LAYERS_OK)
            return result;
    }
    if (ret_entries->count > 0)
        qsort(ret_entries->entries, ret_entries->count, sizeof *ret_entries->entries, compare_entries);
    return CONFIG_LAYERS_OK;
}

void config_entries_free(struct config_entries *entries)
{
    for (size_t i = 0; i < entries->count; i++)
        free(entries->entries[i].name);
    free(entries->entries);
    *entries = (struct config_entries){NULL, 0};
}

char *config_entry_path(const struct config_layers *layers, const struct config_entry *entry)
{
    const int layer = entry->is_in[LAYER_ADMIN] ? LAYER_ADMIN : LAYER_VENDOR;

    return setting_sentence("%s/%s", layers->layer[layer].path, entry->name);
}

/* One more text behind the others. *ret_missing: the layer has no such file. */
static enum config_layers_result add_text(struct config *config, const struct config_layer *layer,
                                          const char *name, struct config_texts *texts, bool *ret_missing)
{
    struct config_source *longer, source = {0};
    enum config_layers_result result;
    const char *why;

    *ret_missing = layer->folder < 0;
    if (*ret_missing)
        return CONFIG_LAYERS_OK;
    longer = realloc(texts->sources, (texts->count + 1) * sizeof *longer);
    if (longer)
        texts->sources = longer;
    source.file = setting_sentence("%s/%s", layer->path, name);
    if (!longer || !source.file) {
        free(source.file);
        return CONFIG_LAYERS_NO_MEMORY;
    }
    switch ((layer->is_vendors ? config_file_load_vendors
                               : config_file_load)(layer->folder, name, &source.text, &source.length, &why)) {
    case CONFIG_FILE_OK:
        longer[texts->count++] = source;
        return CONFIG_LAYERS_OK;
    case CONFIG_FILE_MISSING:
        *ret_missing = true;
        result = CONFIG_LAYERS_OK;
        break;
    default:
        result = refuse(config, source.file, why);
        break;
    }
    free(source.file);
    return result;
}

/* The administrator's file, or else the vendor's. */
static enum config_layers_result add_upper(struct config *config, const struct config_layers *layers,
                                           const char *name, struct config_texts *texts)
{
    bool missing;
    enum config_layers_result result = add_text(config, &layers->layer[LAYER_ADMIN], name, texts, &missing);

    if (result == CONFIG_LAYERS_OK && missing)
        result = add_text(config, &layers->layer[LAYER_VENDOR], name, texts, &missing);
    return result;
}

static bool hides_vendors(const struct config_layers *layers, const char *name,
                          const struct config_texts *texts)
{
    const int vendor = layers->layer[LAYER_VENDOR].folder;

    return texts->count == 1 && texts->sources[0].length == 0 && vendor >= 0 &&
           faccessat(vendor, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static bool is_drop_in(const char *name)
{
    const size_t length = strlen(name), suffix = sizeof SUFFIX - 1;

    return length > suffix && strcmp(name + length - suffix, SUFFIX) == 0;
}

static enum config_layers_result add_drop_ins(struct config *config, const struct config_layers *folders,
                                              struct config_texts *texts)
{
    CLEANUP(config_entries_free) struct config_entries entries = {NULL, 0};
    enum config_layers_result result = config_layers_list(config, folders, &entries);

    for (size_t i = 0; result == CONFIG_LAYERS_OK && i < entries.count; i++) {
        const struct config_entry *entry = &entries.entries[i];
        AUTO_FREE char *path = config_entry_path(folders, entry);

        if (!path)
            return CONFIG_LAYERS_NO_MEMORY;
        if (i == CONFIG_DROP_INS_MAX)
            return refuse(config, path, "one drop-in too many");
        if (is_drop_in(entry->name))
            result = add_upper(config, folders, entry->name, texts);
        else if (!config_add_notice(config, path, 0,
                                    setting_sentence("is ignored: its name does not end in " SUFFIX)))
            result = CONFIG_LAYERS_NO_MEMORY;
    }
    return result;
}

enum config_layers_result config_layers_read(struct config *config, const struct config_layers *layers,
                                             const char *name, struct config_texts *ret_texts)
{
    CLEANUP(config_layers_close) struct config_layers folders = CONFIG_LAYERS_NONE;
    AUTO_FREE char *folder = setting_sentence("%s.d", name);
    enum config_layers_result result;

    *ret_texts = (struct config_texts){0};
    if (!folder)
        return CONFIG_LAYERS_NO_MEMORY;
    result = add_upper(config, layers, name, ret_texts);
    ret_texts->is_switched_off = hides_vendors(layers, name, ret_texts);
    if (result == CONFIG_LAYERS_OK)
        result = config_layers_open(config, layers, folder, &folders);
    return result == CONFIG_LAYERS_OK ? add_drop_ins(config, &folders, ret_texts) : result;
}

void config_texts_free(struct config_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(texts->sources[i].file);
        free(texts->sources[i].text);
    }
    free(texts->sources);
    *texts = (struct config_texts){0};
}
