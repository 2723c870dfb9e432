/* SPDX-License-Identifier: BSD-2-Clause */
/* Between auth0_import.c, which walks the body, and auth0_take.c, which knows what single fields mean. */
#ifndef HELPER_AUTH0_READER_H
#define HELPER_AUTH0_READER_H

#include "connection/auth0_fields.h"
#include "connection/auth0_import.h"
#include "json/json.h"

struct auth0_reader {
    struct auth0_import *import;
    bool discovery; /* there is a document to ask for what the body leaves out */
    bool userinfo;  /* a claim is mapped from there */
    bool memory;
    char *why; /* the body cannot be used; NULL: it can so far */
};

/* A value becomes a line of the draft, or a note says why not. */
void auth0_put(struct auth0_reader *reader, const char *path, const char *key, const char *value);

/* A field that needs more than its value put down. Its type was checked. */
void auth0_take(struct auth0_reader *reader, const struct auth0_field *field, const char *path,
                const struct json_value *value);

#endif
