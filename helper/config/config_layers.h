/* SPDX-License-Identifier: BSD-2-Clause */
/* Two folders as one: the administrator's files over the vendor's, drop-ins behind both (see config.h). */
#ifndef HELPER_CONFIG_LAYERS_H
#define HELPER_CONFIG_LAYERS_H

#include "config/config_build.h"

enum config_layers_result {
    CONFIG_LAYERS_OK,
    CONFIG_LAYERS_REFUSED, /* a fault was added */
    CONFIG_LAYERS_NO_MEMORY,
};

enum { LAYER_ADMIN, LAYER_VENDOR, LAYER_COUNT };

struct config_layer {
    char *path;
    int folder; /* -1: there is none */
    bool is_vendors;
};

struct config_layers {
    struct config_layer layer[LAYER_COUNT];
};
#define CONFIG_LAYERS_NONE ((struct config_layers){{{NULL, -1, false}, {NULL, -1, true}}})

void config_layers_close(struct config_layers *layers);

/* The folder `name` of both layers; a layer that has none stays without. */
enum config_layers_result config_layers_open(struct config *config, const struct config_layers *parent,
                                             const char *name, struct config_layers *ret_layers);

/* The names in both, sorted, each once. */
struct config_entry {
    char *name;
    bool is_in[LAYER_COUNT];
};
struct config_entries {
    struct config_entry *entries;
    size_t count;
};
enum config_layers_result config_layers_list(struct config *config, const struct config_layers *layers,
                                             struct config_entries *ret_entries);
void config_entries_free(struct config_entries *entries);

/* "FOLDER/NAME", of the administrator's folder where both have it; malloc'd. */
char *config_entry_path(const struct config_layers *layers, const struct config_entry *entry);

/* A file and its drop-ins, in the order in which they count. */
struct config_texts {
    struct config_source *sources;
    size_t count;
    bool is_switched_off; /* the administrator's file is empty and hides the vendor's */
};
enum config_layers_result config_layers_read(struct config *config, const struct config_layers *layers,
                                             const char *name, struct config_texts *ret_texts);
void config_texts_free(struct config_texts *texts);

#endif
