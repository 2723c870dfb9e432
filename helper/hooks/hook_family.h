/* SPDX-License-Identifier: BSD-2-Clause */
/* All that a hook program started, also what went into sessions of its own: it ends with the program. */
#ifndef HELPER_HOOK_FAMILY_H
#define HELPER_HOOK_FAMILY_H

#include <stdbool.h>
#include <sys/types.h>

/* From now on whoever loses its parent is this process's child. False: errno. */
bool hook_family_begin(void);

/* Has the program ended? It stays a zombie, so that its group's number is nobody else's. */
bool hook_family_head_ended(pid_t program);

/* Kills its group and every child that this process has; the program's status as of waitpid. */
int hook_family_end(pid_t program);

#endif
