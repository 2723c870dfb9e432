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

#include "keeper/entry.h"
#include "keeper/log_out_url.h"
#include "members/policy.h"
#include "sockets.h"
#include "json/json.h"

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

/* Policy as the configuration of its beginning has it; switched off meanwhile counts at once. */
static enum reason judge_policy(const struct keeper *keeper, struct sign_in *sign_in)
{
    const struct policy_case the_case = {
        .connection = sign_in->connection,
        .identity = &sign_in->identity,
        .location = sign_in->config->machine.location,
        .now = time(NULL),
    };
    const char *rule = NULL;
    enum reason reason = judgement_still_open(config_watch_current(keeper->watch), sign_in);

    if (reason != REASON_OK)
        return reason;
    reason = policy_judge(&the_case, &rule);
    if (rule)
        (void)snprintf(sign_in->detail, sizeof sign_in->detail, "%s", rule);
    if (reason == REASON_OK && socket_is_hung_up(sign_in->module))
        return REASON_CANCELLED;
    return reason;
}

enum reason judgement_of(struct keeper *keeper, struct sign_in *sign_in,
                         const struct judgement_claims *claims)
{
    AUTO_JSON struct json_document *id_token = json_parse(claims->id_token, claims->id_token_length);
    AUTO_JSON struct json_document *userinfo =
        claims->userinfo_length > 0 ? json_parse(claims->userinfo, claims->userinfo_length) : NULL;
    enum reason reason;

    if (!id_token || (!userinfo && claims->userinfo_length > 0))
        return REASON_CLAIMS_MALFORMED;
    reason =
        identity_from_claims(sign_in->connection, json_top(id_token), json_top(userinfo), &sign_in->identity);
    if (reason == REASON_OK)
        reason = judge_policy(keeper, sign_in);
    if (reason != REASON_OK)
        return reason;
    sign_in->log_out_url = log_out_url_make(sign_in->connection, claims->log_out_url);
    return entry_judge(keeper, sign_in, sign_in->login.user);
}

enum reason judgement_of_pick(struct keeper *keeper, struct sign_in *sign_in, const char *picked)
{
    const enum reason reason = judge_policy(keeper, sign_in);

    return reason == REASON_OK ? entry_judge(keeper, sign_in, picked) : reason;
}
