/* SPDX-License-Identifier: BSD-2-Clause */
/* For the records of what an administrator changed. */
#include "cli/login_uid.h"

#include <stdio.h>

#include "cleanup.h"

uid_t login_uid_find(void)
{
    AUTO_FCLOSE FILE *file = fopen("/proc/self/loginuid", "re");
    unsigned number = (unsigned)-1;

    if (file && fscanf(file, "%u", &number) != 1)
        number = (unsigned)-1;
    return (uid_t)number;
}
