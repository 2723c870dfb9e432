/* SPDX-License-Identifier: BSD-2-Clause */
/* Which records a person wants to see. */
#ifndef HELPER_CLI_AUDIT_FILTER_H
#define HELPER_CLI_AUDIT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "audit/identity_tag.h"
#include "json/json.h"

enum audit_word {
    AUDIT_USER, /* who was let in, or was asked for */
    AUDIT_MEMBER,
    AUDIT_CONNECTION,
    AUDIT_SERVICE,
    AUDIT_VERDICT,
    AUDIT_REASON,
    AUDIT_HOST,
    AUDIT_EVENT,
    AUDIT_WORDS
};

struct audit_filter {
    bool has_since, has_until;
    int64_t since_ms, until_ms;
    const char *words[AUDIT_WORDS];   /* NULL: any */
    const char *issuer, *subject;     /* NULL: anybody */
    char identity[IDENTITY_TAG_SIZE]; /* of these two; "": not known */
};

bool audit_filter_takes(const struct audit_filter *filter, const struct json_value *record);

#endif
