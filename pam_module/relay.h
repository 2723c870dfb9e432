/* SPDX-License-Identifier: BSD-2-Clause */
/* One conversation with the helper, from LOGIN to VERDICT. */
#ifndef PAM_RELAY_H
#define PAM_RELAY_H

#include <stddef.h>

#include "call.h"

struct relay_set {
    char name[PROTOCOL_FIELD_MAX + 1];
    char value[PROTOCOL_FIELD_MAX + 1];
};

/* What the keeper said. Nothing of it is believed or done yet. */
struct relay_outcome {
    enum verdict verdict;
    char user[PROTOCOL_USER_MAX + 1];
    char reason[PROTOCOL_REASON_MAX + 1];
    size_t set_count;
    struct relay_set sets[PROTOCOL_SETS_MAX];
};

/*
 * NULL, and *ret_outcome is what the keeper said; else a word for the log: no verdict came, or a message came
 * that must not, and the sign-in is over.
 */
const char *relay_run(const struct call *call, struct relay_outcome *ret_outcome);

#endif
