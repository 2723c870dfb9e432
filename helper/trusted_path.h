/* SPDX-License-Identifier: BSD-2-Clause */
/* Whether a path leads only through folders that nobody but root and this user could have turned elsewhere.
 */
#ifndef HELPER_TRUSTED_PATH_H
#define HELPER_TRUSTED_PATH_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

struct path_fault {
    char where[PATH_MAX]; /* the component, as a path */
    const char *why;      /* static */
};

/*
 * Walks an absolute path from the root on; links on the way are walked where they lead. Each component must
 * belong to root or to the ordinary user who asks (our own users never configure themselves) and be
 * written by its owner alone. A sticky folder (/tmp) may be anybody's to write: what belongs to somebody else
 * nobody can move away there, and the next component's owner is judged as well. What is missing is no fault:
 * whoever opens it will see.
 */
bool path_is_trusted(const char *path, struct path_fault *ret_fault);

/* Of a path's folder, for a file that is judged by rules of its own where it is opened. `also` may own a
 * component. */
bool path_folder_is_trusted(const char *path, uid_t also, struct path_fault *ret_fault);

/* Root, or an ordinary user about what is their own. */
bool owner_is_trusted(uid_t owner);

#endif
