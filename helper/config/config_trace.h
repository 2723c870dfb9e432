/* SPDX-License-Identifier: BSD-2-Clause */
/* Where each setting of one connection comes from: for people who wonder, and for edits of the right file. */
#ifndef HELPER_CONFIG_TRACE_H
#define HELPER_CONFIG_TRACE_H

#include "config/config_layers.h"

enum trace_from { TRACE_UNSET, TRACE_DEFAULT, TRACE_PRESET, TRACE_FILE };

struct trace_line {
    const struct setting *setting;
    enum trace_from from;
    char *value;      /* as it is written there; NULL: TRACE_UNSET */
    const char *file; /* TRACE_FILE: where, and in which line */
    unsigned line;
};

struct config_trace {
    struct config_texts texts; /* the files that count, in their order; their text is used up */
    struct trace_line *lines;  /* every setting in the order of the table; a repeated one has several */
    size_t count;
};

/* vendor may be NULL. The files are taken as they are: config_read says what is wrong with them. False: no
 * memory, or a file that cannot be read. */
bool config_trace_read(const char *directory, const char *vendor, const char *name,
                       struct config_trace *ret_trace);
void config_trace_free(struct config_trace *trace);

/* The first line of a setting; NULL for an unknown key. */
const struct trace_line *config_trace_find(const struct config_trace *trace, const char *key);

#endif
