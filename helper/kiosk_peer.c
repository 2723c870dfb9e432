/* SPDX-License-Identifier: BSD-2-Clause */
/* Any user can have this asked as often as he likes, so what was found stands for some seconds. */
#include "kiosk_peer.h"

#include "frontdesk/ids.h"
#include "users.h"

#define STANDS_MS 10000

static uid_t look_up(struct config_watch *watch)
{
    const struct config *config = config_watch_current(watch);
    struct user_ids ids;

    if (!config || config->broken || !config->kiosk.user || !users_find(config->kiosk.user, &ids) ||
        id_is_members(ids.uid))
        return 0;
    return ids.uid;
}

bool kiosk_peer_is(struct kiosk_peer *peer, struct config_watch *watch, uid_t uid, int64_t now_ms)
{
    if (peer->until_ms <= now_ms)
        *peer = (struct kiosk_peer){.uid = look_up(watch), .until_ms = now_ms + STANDS_MS};
    return uid != 0 && uid == peer->uid;
}
