/* SPDX-License-Identifier: BSD-2-Clause */
/* Users other than root who ask: the kiosk's; and a screen locker runs as the person whose screen it locks.
 */
#ifndef HELPER_PEERS_H
#define HELPER_PEERS_H

#include "keeper/state.h"

/*
 * May this peer ask what LOGIN asks? Root always, and then nothing is changed. The kiosk's process, for the
 * kiosk (kiosk.h): REASON_OK and sign_in->kiosk. Others only by services marked
 * `unprivileged`, only in auth and account, and only about themselves: the member with their uid, or the
 * account of this machine that has it. REASON_OK then marks the record, and forgets what such a process could
 * have made up: the remote host and the methods that sshd accepted. Else REASON_PEER_NOT_ALLOWED, or
 * _CONFIG_BROKEN. The name of the service stays what the process claims.
 */
enum reason peer_judge(struct keeper *keeper, struct sign_in *sign_in);

#endif
