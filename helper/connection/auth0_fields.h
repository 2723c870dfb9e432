/* SPDX-License-Identifier: BSD-2-Clause */
/* The fields of Auth0's connection object, as a table: what each is, and what becomes of it here. */
#ifndef HELPER_AUTH0_FIELDS_H
#define HELPER_AUTH0_FIELDS_H

#include "connection/auth0_notes.h"

enum auth0_type {
    AUTH0_STRING,
    AUTH0_BOOLEAN,
    AUTH0_STRINGS, /* an array of them */
    AUTH0_OBJECT,
    AUTH0_ANY,
};

/* How a field is taken that is no setting of ours in other words. */
enum auth0_take {
    AUTH0_TAKE_PLAIN, /* by its type: a setting's value, or the note alone */
    AUTH0_TAKE_STRATEGY,
    AUTH0_TAKE_NAME,
    AUTH0_TAKE_FIELDS, /* an object with fields of its own */
    AUTH0_TAKE_CHANNEL,
    AUTH0_TAKE_SECRET,
    AUTH0_TAKE_DISCOVERY,
    AUTH0_TAKE_DOMAIN,
    AUTH0_TAKE_ALGS,
    AUTH0_TAKE_PKCE,
    AUTH0_TAKE_MAPPING_MODE,
    AUTH0_TAKE_CLAIMS,
    AUTH0_TAKE_UPSTREAM,
};

struct auth0_field {
    const char *name; /* NULL ends a table */
    enum auth0_type type;
    enum auth0_fate fate;
    const char *words; /* AUTH0_KEPT: our key; else why */
    enum auth0_take take;
    const struct auth0_field *fields; /* AUTH0_TAKE_FIELDS */
    bool late;                        /* taken after its neighbours, which go before it */
};

extern const struct auth0_field auth0_top[];
extern const struct auth0_field auth0_claims[]; /* attributes of an attribute_map; words: our key */

const struct auth0_field *auth0_field_find(const struct auth0_field *table, const char *name);

#endif
