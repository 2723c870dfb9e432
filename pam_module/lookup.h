/* SPDX-License-Identifier: BSD-2-Clause */
/* Which id a name has on this machine, as every other program sees it. */
#ifndef PAM_LOOKUP_H
#define PAM_LOOKUP_H

#include <sys/types.h>

/* LOOKUP_FAILED is neither yes nor no: a name service that cannot answer must not make anybody "unknown". */
enum lookup { LOOKUP_FOUND, LOOKUP_ABSENT, LOOKUP_FAILED };

enum lookup lookup_user(const char *name, uid_t *ret_uid);

#endif
