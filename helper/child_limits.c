/* SPDX-License-Identifier: BSD-2-Clause */
/* No RLIMIT_NPROC: it counts all processes of the user, and the resolver needs a thread. */
#include "child_limits.h"

#include <stddef.h>
#include <sys/resource.h>

/* An address sanitizer takes terabytes of addresses for itself. */
#if defined(__SANITIZE_ADDRESS__)
#define HAS_SHADOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_SHADOW 1
#endif
#endif

bool child_limits_set(void)
{
    static const struct {
        __rlimit_resource_t of;
        rlim_t most;
    } limits[] = {
        {RLIMIT_CORE, 0},
        {RLIMIT_CPU, LIMIT_CPU_S},
        {RLIMIT_FSIZE, LIMIT_WRITTEN},
        {RLIMIT_NOFILE, LIMIT_FILES},
#ifndef HAS_SHADOW
        {RLIMIT_AS, LIMIT_MEMORY},
#endif
    };

    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        struct rlimit limit;

        /* Whoever started us may have set less. */
        if (getrlimit(limits[i].of, &limit) != 0)
            return false;
        if (limit.rlim_max > limits[i].most)
            limit.rlim_max = limits[i].most;
        limit.rlim_cur = limit.rlim_max;
        if (setrlimit(limits[i].of, &limit) != 0)
            return false;
    }
    return true;
}
