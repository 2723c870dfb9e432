/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef HELPER_CLI_LOGIN_UID_H
#define HELPER_CLI_LOGIN_UID_H

#include <sys/types.h>

/* As whom a person logged in, whatever they became since; (uid_t)-1: not known. */
uid_t login_uid_find(void);

#endif
