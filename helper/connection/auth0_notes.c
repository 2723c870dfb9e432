/* SPDX-License-Identifier: BSD-2-Clause */
/* See auth0_notes.h. */
#include "connection/auth0_notes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool auth0_note(struct auth0_notes *notes, enum auth0_fate fate, const char *field, const char *why, ...)
{
    struct auth0_note *longer = realloc(notes->notes, (notes->count + 1) * sizeof *longer);
    struct auth0_note note = {.fate = fate, .field = strdup(field)};
    va_list arguments;

    va_start(arguments, why);
    if (vasprintf(&note.why, why, arguments) < 0)
        note.why = NULL;
    va_end(arguments);
    if (longer)
        notes->notes = longer;
    if (!longer || !note.field || !note.why) {
        free(note.field);
        free(note.why);
        return false;
    }
    longer[notes->count++] = note;
    return true;
}

const char *auth0_fate_name(enum auth0_fate fate)
{
    switch (fate) {
    case AUTH0_KEPT:
        return "kept";
    case AUTH0_NOT_NEEDED:
        return "not needed";
    case AUTH0_LOST:
        return "lost";
    default:
        return "unknown";
    }
}

void auth0_notes_clear(struct auth0_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++) {
        free(notes->notes[i].field);
        free(notes->notes[i].why);
    }
    free(notes->notes);
    *notes = (struct auth0_notes){0};
}
