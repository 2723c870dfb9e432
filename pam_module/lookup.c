/* SPDX-License-Identifier: BSD-2-Clause */
/* getpwnam_r with its buffer and its many ways to say "no": one place that knows them. */
#include "lookup.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>

#define ENTRY_SIZE_FIRST 1024
#define ENTRY_SIZE_MAX   (1024 * 1024) /* bytes; an entry beyond that is no user of ours to judge */

/* ERANGE: the entry needs a larger buffer. */
static int find_entry(const char *name, size_t size, enum lookup *ret_lookup, uid_t *ret_uid)
{
    struct passwd entry, *found = NULL;
    char *buffer = malloc(size);
    int error;

    if (!buffer)
        return ENOMEM;
    error = getpwnam_r(name, &entry, buffer, size, &found);
    if (found) {
        *ret_uid = entry.pw_uid;
        *ret_lookup = LOOKUP_FOUND;
        error = 0;
    } else if (error == 0 || error == ENOENT || error == ESRCH) {
        *ret_lookup = LOOKUP_ABSENT;
        error = 0;
    }
    free(buffer);
    return error;
}

enum lookup lookup_user(const char *name, uid_t *ret_uid)
{
    enum lookup lookup = LOOKUP_FAILED;
    int error = ERANGE;

    for (size_t size = ENTRY_SIZE_FIRST; error == ERANGE && size <= ENTRY_SIZE_MAX; size *= 4)
        error = find_entry(name, size, &lookup, ret_uid);
    return lookup;
}
