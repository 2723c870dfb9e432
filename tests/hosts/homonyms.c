/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Functions of the odd host's own that are named like those of the libraries behind the helper and of the
 * module's insides. They are exported, so whatever is loaded later finds them first. Nobody but the host may
 * call them.
 */
#include <stdio.h>
#include <unistd.h>

#include "homonyms.h"

#define HOMONYM(name)                                                                                        \
    int name(void)                                                                                           \
    {                                                                                                        \
        (void)!write(STDERR_FILENO, "stolen: " #name "\n", sizeof "stolen: " #name);                         \
        _exit(97);                                                                                           \
    }
HOMONYMS(HOMONYM)

/* Of this one the host's own must stay the one that the host calls. */
int plain_text(void)
{
    return OWN_ANSWER;
}
