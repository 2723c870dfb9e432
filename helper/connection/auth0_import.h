/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An enterprise connection of Auth0's Management API (strategy oidc, front or back channel, by discovery or
 * with explicit endpoints; strategy okta) becomes a draft of ours, with a word about each of its fields.
 */
#ifndef HELPER_AUTH0_IMPORT_H
#define HELPER_AUTH0_IMPORT_H

#include "connection/auth0_notes.h"
#include "connection/draft.h"
#include "secret.h"

#define AUTH0_BODY_MAX ((size_t)256 * 1024) /* bytes */

struct auth0_import {
    char *name; /* the body's, in our letters; NULL: it has none that could be one */
    struct draft draft;
    struct secret client_secret; /* empty: the body has none; never a part of the draft or the notes */
    struct auth0_notes notes;
    char *missing; /* explicit endpoints: those that the device grant needs besides; NULL: none */
};

/* False: the body cannot be used, *ret_why (malloc'd; NULL: no memory) says why, and there is nothing to
 * free.
 */
bool auth0_import(const char *body, size_t length, struct auth0_import *ret_import, char **ret_why);

void auth0_import_clear(struct auth0_import *import);

#endif
