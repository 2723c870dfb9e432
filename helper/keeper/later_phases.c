/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A member goes on as long as its membership does, with or without a ticket, for public keys bring none. A
 * local account goes on only by the ticket of the sign-in that opened it.
 */
#include "keeper/later_phases.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "keeper/kiosk.h"
#include "keeper/tickets.h"

static void set_user(struct sign_in *sign_in, const char *name)
{
    (void)snprintf(sign_in->user, sizeof sign_in->user, "%s", name);
}

static enum reason judge_member(struct keeper *keeper, struct sign_in *sign_in)
{
    struct service storage;
    const struct members_request request = {
        .config = sign_in->config,
        .requested_user = sign_in->login.user,
        .remote = login_is_remote(&sign_in->login),
        .first_sign_in = sign_in_service(sign_in, &storage)->first_sign_in,
        .known_only = sign_in->unprivileged,
        .now = time(NULL),
    };
    struct member member = {0};
    const enum reason reason = members_account(&keeper->members, &request, sign_in->login.service, &member);

    if (reason == REASON_OK) {
        set_user(sign_in, member.name);
        memcpy(sign_in->member, sign_in->user, sizeof sign_in->member);
    }
    sign_in_add_detail(sign_in, "", keeper->members.notice);
    member_clear(&member);
    return reason;
}

static enum reason judge_account(struct keeper *keeper, struct sign_in *sign_in)
{
    enum reason reason;

    if (sign_in->config->broken)
        return REASON_CONFIG_BROKEN;
    reason = judge_member(keeper, sign_in);
    if (reason != REASON_NOT_A_MEMBER || sign_in->login.ticket[0] == '\0')
        return reason;
    reason = ticket_judge(sign_in);
    if (reason == REASON_OK)
        set_user(sign_in, sign_in->session.user);
    return reason;
}

/* A session ends whatever is known of it; its row goes behind the verdict (sign_in_free). */
static enum reason close_session(struct sign_in *sign_in)
{
    const size_t length = strlen(sign_in->login.user);
    struct service storage;

    if (!member_name_is_valid(sign_in->login.user, length))
        return REASON_NOT_A_MEMBER;
    memcpy(sign_in->user, sign_in->login.user, length + 1);
    if (sign_in->session.log_out_url && sign_in_service(sign_in, &storage)->log_out != LOG_OUT_NONE)
        sign_in->log_out_url = strdup(sign_in->session.log_out_url);
    return REASON_OK;
}

enum reason later_phase_judge(struct keeper *keeper, struct sign_in *sign_in)
{
    if (sign_in->kiosk)
        return kiosk_later_phase_judge(keeper, sign_in);
    ticket_find(keeper, sign_in);
    return sign_in->login.phase == PHASE_CLOSE_SESSION ? close_session(sign_in)
                                                       : judge_account(keeper, sign_in);
}
