/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * without_landlock PROGRAM [ARGUMENT]...: as root, who needs no no_new_privs for it; whether the program sets
 * that is the program's to show.
 */
#include <stdio.h>
#include <unistd.h>

#include "hide_landlock.h"

int main(int argc, char **argv)
{
    if (argc < 2 || !hide_landlock()) {
        perror("without_landlock");
        return 2;
    }
    execv(argv[1], argv + 1);
    perror(argv[1]);
    return 2;
}
