/* SPDX-License-Identifier: BSD-2-Clause */
/* What became of each field on the way between Auth0's connection object and ours. */
#ifndef HELPER_AUTH0_NOTES_H
#define HELPER_AUTH0_NOTES_H

#include <stdbool.h>
#include <stddef.h>

enum auth0_fate {
    AUTH0_KEPT,
    AUTH0_NOT_NEEDED, /* nothing is lost without it */
    AUTH0_LOST,       /* it has no equal on the other side */
    AUTH0_UNKNOWN,    /* a field that nobody described */
};

struct auth0_note {
    enum auth0_fate fate;
    char *field; /* "options.client_id"; on the way out, our key */
    char *why;   /* AUTH0_KEPT: the setting or field that it became */
};

struct auth0_notes {
    struct auth0_note *notes;
    size_t count;
};

/* why is a printf. False: no memory. */
__attribute__((format(printf, 4, 5))) bool auth0_note(struct auth0_notes *notes, enum auth0_fate fate,
                                                      const char *field, const char *why, ...);

/* "kept", "not needed", "lost", "unknown". */
const char *auth0_fate_name(enum auth0_fate fate);

void auth0_notes_clear(struct auth0_notes *notes);

#endif
