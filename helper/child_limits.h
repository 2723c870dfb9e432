/* SPDX-License-Identifier: BSD-2-Clause */
/* What one child may use up, so that one that was taken over cannot use up the machine. */
#ifndef HELPER_CHILD_LIMITS_H
#define HELPER_CHILD_LIMITS_H

#include <stdbool.h>

#define LIMIT_CPU_S   120                    /* a sign-in of an hour takes a few */
#define LIMIT_FILES   64                     /* descriptors: two sockets, the resolver's, one connection */
#define LIMIT_MEMORY  (1024UL * 1024 * 1024) /* addresses: some megabytes of them are used */
#define LIMIT_WRITTEN (16UL * 1024 * 1024)   /* bytes of a file that standard error may lead to */

/* For good, of this process and its threads. False: they could not be set, and the caller must end. */
bool child_limits_set(void);

#endif
