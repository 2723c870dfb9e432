/* SPDX-License-Identifier: BSD-2-Clause */
/* What check-ins and events become when a backup takes the place of the store. */
#ifndef HELPER_CHECK_INS_RESTORE_H
#define HELPER_CHECK_INS_RESTORE_H

#include "members/store.h"

/*
 * Where the live store goes on from the backup, its check-ins and events are the newer ones and count alone:
 * who came or went since is not forgotten, and no program is told again. Else the backup's come back. Numbers
 * go on above both. In the restored store's transaction; false: store_error of it says why.
 */
bool check_ins_carry_over(struct store *live, struct store *restored);

#endif
