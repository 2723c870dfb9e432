/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of reason.h as data. */
#include "reason.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *code;
    enum verdict verdict;
} reasons[] = {
#define REASON_ROW(name, text, made) [name] = {text, made},
    REASON_TABLE(REASON_ROW)
#undef REASON_ROW
};

static const char *const verdict_names[] = {
    [VERDICT_ALLOW] = "allow",
    [VERDICT_DENY] = "deny",
    [VERDICT_UNKNOWN_USER] = "unknown_user",
    [VERDICT_UNAVAILABLE] = "unavailable",
    [VERDICT_EXPIRED] = "expired",
    [VERDICT_IGNORE] = "ignore",
};

/* An enum may hold any number when it came over a socket. */
static enum reason in_table(enum reason reason)
{
    return (unsigned)reason < REASON_COUNT ? reason : REASON_INTERNAL;
}

const char *reason_code(enum reason reason)
{
    return reasons[in_table(reason)].code;
}

enum verdict reason_verdict(enum reason reason)
{
    return reasons[in_table(reason)].verdict;
}

enum reason reason_from_code(const char *code)
{
    for (unsigned i = 0; i < REASON_COUNT; i++)
        if (strcmp(reasons[i].code, code) == 0)
            return (enum reason)i;
    return REASON_INTERNAL;
}

const char *verdict_name(enum verdict verdict)
{
    const size_t i = (size_t)verdict;
    const char *name = i < sizeof verdict_names / sizeof verdict_names[0] ? verdict_names[i] : NULL;

    return name ? name : verdict_names[VERDICT_UNAVAILABLE];
}
