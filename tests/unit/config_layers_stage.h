/* SPDX-License-Identifier: BSD-2-Clause */
/* Two folders of configuration, the administrator's over the vendor's. */
#ifndef TESTS_CONFIG_LAYERS_STAGE_H
#define TESTS_CONFIG_LAYERS_STAGE_H

#include "config/config.h"
#include "config_folder.h"

struct layers {
    struct folder admin, vendor;
};

static inline int make(void **state)
{
    static struct layers layers;

    folder_make(&layers.admin);
    folder_make(&layers.vendor);
    *state = &layers;
    return 0;
}

static inline int clear(void **state)
{
    const struct layers *layers = *state;

    folder_remove(&layers->admin);
    folder_remove(&layers->vendor);
    return 0;
}

static inline struct config *read_both(const struct layers *layers)
{
    return config_read_layers(layers->admin.path, layers->vendor.path);
}

#endif
