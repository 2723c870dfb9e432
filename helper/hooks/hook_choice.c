/* SPDX-License-Identifier: BSD-2-Clause */
#include "hooks/hook_choice.h"

#include <string.h>

enum hook_choice hook_choose(const struct config *config, const char *kind, int64_t age_ms,
                             const char **ret_program)
{
    const char *program = NULL;

    if (config->broken)
        return HOOK_UNCLEAR;
    if (strcmp(kind, "check_in") == 0)
        program = config->kiosk.on_check_in;
    else if (strcmp(kind, "check_out") == 0)
        program = config->kiosk.on_check_out;
    if (!program)
        return age_ms < HOOK_SETTLED_MS ? HOOK_UNCLEAR : HOOK_UNWANTED;
    *ret_program = program;
    return HOOK_CHOSEN;
}
