/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The child says "this is who approved"; everything that follows from it is decided here: issuer, policy,
 * name, binding. Nothing is written for a host that has gone: a late approval would otherwise make members
 * whom nobody let in.
 */
#include "keeper/judgement.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "members/policy.h"
#include "sockets.h"
#include "json/json.h"

static void cleanup_identity(struct identity *identity)
{
    identity_clear(identity);
}

enum reason judgement_still_open(const struct config *now, const struct sign_in *sign_in)
{
    const char *name = sign_in->connection->name;
    const struct connection *connection;

    if (!now || now->broken)
        return REASON_CONFIG_BROKEN;
    if (config_connection_is_broken(now, name))
        return REASON_CONNECTION_BROKEN;
    connection = config_connection(now, name);
    if (!connection || !connection->enabled || !connection_serves(connection, sign_in->login.service))
        return REASON_CONNECTION_DISABLED;
    return REASON_OK;
}

static enum reason judge_identity(struct keeper *keeper, struct sign_in *sign_in,
                                  const struct identity *identity)
{
    struct service storage;
    const struct members_request request = {
        .config = sign_in->config,
        .connection = sign_in->connection,
        .requested_user = sign_in->login.user,
        .remote = login_is_remote(&sign_in->login),
        .first_sign_in = config_service(sign_in->config, sign_in->login.service, &storage)->first_sign_in,
        .now = time(NULL),
    };
    struct member member = {0};
    const char *rule = NULL;
    const struct policy_case the_case = {
        .connection = sign_in->connection,
        .identity = identity,
        .location = sign_in->config->machine.location,
        .now = request.now,
    };
    enum reason reason = policy_judge(&the_case, &rule);

    if (rule)
        (void)snprintf(sign_in->detail, sizeof sign_in->detail, "%s", rule);
    if (reason != REASON_OK)
        return reason;
    if (socket_is_hung_up(sign_in->module))
        return REASON_CANCELLED;
    reason = members_sign_in(&keeper->members, &request, identity, &member);
    if (reason == REASON_OK || reason == REASON_CONNECT_AGAIN) {
        memcpy(sign_in->member, member.name, sizeof sign_in->member);
        sign_in->subject = strdup(identity->subject);
    }
    member_clear(&member);
    return reason;
}

enum reason judgement_of(struct keeper *keeper, struct sign_in *sign_in,
                         const struct judgement_claims *claims)
{
    AUTO_JSON struct json_document *id_token = json_parse(claims->id_token, claims->id_token_length);
    AUTO_JSON struct json_document *userinfo =
        claims->userinfo_length > 0 ? json_parse(claims->userinfo, claims->userinfo_length) : NULL;
    CLEANUP(cleanup_identity) struct identity identity = {0};
    enum reason reason = judgement_still_open(config_watch_current(keeper->watch), sign_in);

    if (reason != REASON_OK)
        return reason;
    if (!id_token || (!userinfo && claims->userinfo_length > 0))
        return REASON_CLAIMS_MALFORMED;
    reason = identity_from_claims(sign_in->connection, json_top(id_token), json_top(userinfo), &identity);
    return reason == REASON_OK ? judge_identity(keeper, sign_in, &identity) : reason;
}
