/* SPDX-License-Identifier: BSD-2-Clause */
/* From an identity that policy has allowed to the user whom it enters as. */
#ifndef HELPER_ENTRY_H
#define HELPER_ENTRY_H

#include "keeper/state.h"

/*
 * By the identity in the record. The connection's local accounts come first: the requested one, or the shared
 * one; else the member. With no user requested, the accounts and the member's own name are candidates: one is
 * it, several are a question (REASON_NONE, and the record has them), none makes or finds a member.
 *
 * REASON_OK: the record says who enters and which member the person is. After REASON_WRONG_USER and
 * _CONNECT_AGAIN the record's user is who the person is here, where that is known. No member is made or
 * changed for whoever enters a local account.
 */
enum reason entry_judge(struct keeper *keeper, struct sign_in *sign_in, const char *requested);

#endif
