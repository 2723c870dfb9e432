/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose uid is the kiosk's, for the listener: asked only when other users have taken all their places. */
#ifndef HELPER_KIOSK_PEER_H
#define HELPER_KIOSK_PEER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "config/config.h"

struct kiosk_peer {
    uid_t uid; /* 0: nobody's */
    int64_t until_ms;
};

/* By the name in [kiosk] user, as the keeper finds it; looked up once in a while, however often it is asked.
 */
bool kiosk_peer_is(struct kiosk_peer *peer, struct config_watch *watch, uid_t uid, int64_t now_ms);

#endif
