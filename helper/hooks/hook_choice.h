/* SPDX-License-Identifier: BSD-2-Clause */
/* Which program an event is for, by the configuration as it is now. */
#ifndef HELPER_HOOK_CHOICE_H
#define HELPER_HOOK_CHOICE_H

#include "config/config.h"

/* An empty file may be one that is just being written; after so long it is meant. */
#define HOOK_SETTLED_MS (30 * 1000)

enum hook_choice {
    HOOK_CHOSEN,   /* *ret_program */
    HOOK_UNCLEAR,  /* the configuration is broken, or has only just ceased to name one: wait */
    HOOK_UNWANTED, /* it names none, and has not for a while */
};

/* age_ms: for how long the configuration has been this one, as far as is known. */
enum hook_choice hook_choose(const struct config *config, const char *kind, int64_t age_ms,
                             const char **ret_program);

#endif
