/* SPDX-License-Identifier: BSD-2-Clause */
/* What a hook program prints, into the log: whole lines, and not more of them than anybody would read. */
#ifndef HELPER_HOOK_OUTPUT_H
#define HELPER_HOOK_OUTPUT_H

#include <stddef.h>

#include "log.h"

struct hook_output {
    const char *event_id;
    char line[LOG_STRING_MAX + 1]; /* that is not yet whole */
    size_t length;
    char last[LOG_STRING_MAX + 1]; /* the last one that was not empty; "": there was none */
    unsigned lines;                /* all of them */
};

/* Reads what is there, and never waits. */
void hook_output_take(struct hook_output *output, int fd);

/* No more will come. */
void hook_output_end(struct hook_output *output);

#endif
