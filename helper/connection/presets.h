/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What products need, as data: a preset is a name and values for settings, in the words of a connection's
 * file. They stand in for keys that the file leaves out, and never override one that it has. docs/NAME.md
 * says what to click at that product.
 */
#ifndef HELPER_PRESETS_H
#define HELPER_PRESETS_H

#include <stdbool.h>
#include <stddef.h>

struct preset_value {
    const char *key, *value; /* key NULL ends the list */
};

struct preset {
    const char *name;    /* "okta" */
    const char *product; /* "Okta", for people */
    const struct preset_value *values;
    bool issuer_has_slash;  /* its issuers end in a slash, which people leave out */
    bool username_is_email; /* so its username_claim needs a username_regex */
    const char *hint;       /* what `frontdesk check` says about its limits; NULL: nothing */
};

/* Row i, or NULL beyond the last. */
const struct preset *presets_at(size_t i);
const struct preset *preset_find(const char *name); /* NULL: none */

#endif
