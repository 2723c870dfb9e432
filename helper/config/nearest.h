/* SPDX-License-Identifier: BSD-2-Clause */
/* Which known name a mistyped one probably meant. */
#ifndef HELPER_NEAREST_H
#define HELPER_NEAREST_H

#include <stddef.h>
#include <stdint.h>

#define NEAREST_NAME_MAX 48 /* bytes; a longer name has no neighbour */

struct nearest {
    const char *best; /* NULL: none was near */
    size_t distance;
};
#define NEAREST_NONE ((struct nearest){NULL, SIZE_MAX})

/* Keeps the nearer one; a candidate that shares less than about two thirds is no suggestion. */
void nearest_consider(struct nearest *nearest, const char *candidate, const char *name);

#endif
