/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel says which uid asks, so "about itself" needs no proof by the process. Everything else in its
 * LOGIN is its own word; password_login among it, which can only make its own sign-in an `ignore`.
 */
#include "keeper/peers.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "frontdesk/ids.h"
#include "keeper/kiosk.h"

#define ENTRY_SIZE 65536 /* bytes; an entry that needs more is nobody's */

static bool is_own_member(struct keeper *keeper, const struct sign_in *sign_in)
{
    struct member member = {0};
    const bool own = store_by_id(keeper->members.store, sign_in->peer_uid, &member) == STORE_OK &&
                     member.state != MEMBER_REMOVED && strcmp(member.name, sign_in->login.user) == 0;

    member_clear(&member);
    return own;
}

/* By the uid: another account that shares it has the same rights anyway, but its name is not this one. */
static bool is_own_account(const struct sign_in *sign_in)
{
    AUTO_FREE char *buffer = malloc(ENTRY_SIZE);
    struct passwd entry, *found = NULL;

    return buffer && getpwuid_r(sign_in->peer_uid, &entry, buffer, ENTRY_SIZE, &found) == 0 && found &&
           strcmp(found->pw_name, sign_in->login.user) == 0;
}

/* What such a process could have made up. */
static void drop_claims(struct login *login)
{
    login->rhost[0] = '\0';
    login->prior_auth[0] = '\0';
}

enum reason peer_judge(struct keeper *keeper, struct sign_in *sign_in)
{
    struct login *login = &sign_in->login;
    struct service storage;

    if (sign_in->peer_uid == 0 || keeper->options.private_peer)
        return REASON_OK;
    if (sign_in->config->broken)
        return REASON_CONFIG_BROKEN;
    sign_in->kiosk = kiosk_asks(keeper, sign_in);
    if (sign_in->kiosk) {
        drop_claims(login);
        login->tty[0] = '\0';
        return REASON_OK;
    }
    if (!sign_in_service(sign_in, &storage)->unprivileged ||
        (login->phase != PHASE_AUTH && login->phase != PHASE_ACCOUNT))
        return REASON_PEER_NOT_ALLOWED;
    if (id_is_members(sign_in->peer_uid) ? !is_own_member(keeper, sign_in) : !is_own_account(sign_in))
        return REASON_PEER_NOT_ALLOWED;
    sign_in->unprivileged = true;
    drop_claims(login);
    return REASON_OK;
}
