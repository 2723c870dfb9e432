/* SPDX-License-Identifier: BSD-2-Clause */
/* The same words for the same kind of refusal, which are also what the log says of those that were counted.
 */
#include "keeper/refusals.h"

#include <stdio.h>

#define NAME_MAX_SHOWN 64

static const char *const kinds[ASKER_KINDS] = {
    [ASKER_REMOTE] = "remote",   [ASKER_LOCAL_USER] = "local_user",     [ASKER_CONSOLE] = "console",
    [ASKER_PROGRAM] = "program", [ASKER_UNPRIVILEGED] = "unprivileged",
};

/* The asker's name may be foreign: it cannot close its quotes. */
static void describe(const struct sign_in *sign_in, enum reason reason, char ret_key[LOG_QUOTA_KEY_SIZE])
{
    const struct asker *asker = &sign_in->asker;
    char name[NAME_MAX_SHOWN];

    (void)log_text(asker->name, name, sizeof name);
    for (char *c = name; *c; c++)
        if (*c == '"')
            *c = '\'';
    (void)snprintf(ret_key, LOG_QUOTA_KEY_SIZE, "reason=%s asker=%s \"%s\"", reason_code(reason),
                   kinds[asker->kind], name);
}

/* A shut-out person's ssh key still leads to the account phase, and whoever is here can run su. */
static bool anybody_can_cause(const struct sign_in *sign_in)
{
    const enum asker_kind kind = sign_in->asker.kind;

    return sign_in->login.phase == PHASE_AUTH || kind == ASKER_UNPRIVILEGED || sign_in->kiosk ||
           (sign_in->login.phase == PHASE_ACCOUNT && (kind == ASKER_REMOTE || kind == ASKER_LOCAL_USER));
}

bool refusal_is_repeated(struct keeper *keeper, const struct sign_in *sign_in, enum reason reason)
{
    char key[LOG_QUOTA_KEY_SIZE];

    if (reason == REASON_OK || !anybody_can_cause(sign_in))
        return false;
    describe(sign_in, reason, key);
    return !log_quota_take(&keeper->refusals, key, boottime_ms());
}
