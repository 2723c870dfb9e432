/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first question. From here on user, service, host and connection come from the keeper's own record.
 *
 * Who takes which slot: every sign-in one of all and, where the host named a user, one of that user. Names
 * that are not members take one of their host's as well, so that guessing names from one address stays slow
 * and members at the same address are not shut out by it.
 */
#include "keeper/admission.h"

#include <string.h>
#include <time.h>

#define SLACK_S       30   /* for the messages around a sign-in that used its whole time */
#define TIMEOUT_MAX_S 3600 /* whatever the module says */

static enum reason none_left(const struct config *config)
{
    return config->broken_connection_count > 0 ? REASON_CONNECTION_BROKEN : REASON_NO_CONNECTION;
}

static bool serves(const struct connection *connection, const char *service)
{
    return connection->enabled && connection_serves(connection, service);
}

static enum reason named_choice(const struct config *config, const struct login *login, const char *name,
                                struct admission_choices *ret_choices)
{
    const struct connection *connection = config_connection(config, name);

    if (!connection)
        return config_connection_is_broken(config, name) ? REASON_CONNECTION_BROKEN
                                                         : REASON_CONNECTION_UNKNOWN;
    if (!serves(connection, login->service))
        return none_left(config);
    ret_choices->connections[0] = connection;
    ret_choices->count = 1;
    return REASON_OK;
}

enum reason admission_choices(const struct config *config, const struct login *login,
                              struct admission_choices *ret_choices)
{
    struct service storage;
    const struct service *service = config_service(config, login->service, &storage);
    struct admission_choices found = {.count = 0};

    if (config->broken)
        return REASON_CONFIG_BROKEN;
    if (login->connection[0] != '\0')
        return named_choice(config, login, login->connection, ret_choices);
    if (service->connection)
        return named_choice(config, login, service->connection, ret_choices);
    for (size_t i = 0; i < config->connection_count && found.count < CONFIG_CONNECTIONS_MAX; i++)
        if (serves(&config->connections[i], login->service))
            found.connections[found.count++] = &config->connections[i];
    if (found.count == 0)
        return none_left(config);
    *ret_choices = found;
    return REASON_OK;
}

enum reason admission_caps(const struct limits_settings *limits, const struct admission_load *load,
                           bool for_host)
{
    if (load->all >= limits->sign_ins)
        return REASON_TOO_MANY_SIGN_INS;
    if (load->of_user >= limits->sign_ins_per_user)
        return REASON_TOO_MANY_FOR_USER;
    if (for_host && load->of_host >= limits->sign_ins_per_host)
        return REASON_TOO_MANY_FOR_HOST;
    return REASON_OK;
}

static struct admission_load load_beside(const struct keeper *keeper, const struct login *login)
{
    struct admission_load load = {0};

    for (const struct sign_in *other = keeper->sign_ins; other; other = other->next) {
        if (!other->counted)
            continue;
        load.all++;
        if (login->user[0] != '\0' && strcmp(other->login.user, login->user) == 0)
            load.of_user++;
        if (other->counts_for_host && strcmp(other->login.rhost, login->rhost) == 0)
            load.of_host++;
    }
    return load;
}

static enum reason admit_auth(struct keeper *keeper, struct sign_in *sign_in,
                              struct admission_choices *ret_choices)
{
    const struct login *login = &sign_in->login;
    const struct admission_load load = load_beside(keeper, login);
    struct admission_choices choices;
    enum reason reason = admission_choices(sign_in->config, login, &choices);
    bool for_host;

    if (reason != REASON_OK)
        return reason;
    for_host = login->rhost[0] != '\0' && !members_knows_name(&keeper->members, login->user);
    reason = admission_caps(&sign_in->config->limits, &load, for_host);
    if (reason != REASON_OK)
        return reason;
    sign_in->counted = true;
    sign_in->counts_for_host = for_host;
    if (choices.count == 1)
        sign_in->connection = choices.connections[0];
    *ret_choices = choices;
    return REASON_OK;
}

static enum reason judge_account(struct keeper *keeper, struct sign_in *sign_in)
{
    struct service storage;
    const struct members_request request = {
        .config = sign_in->config,
        .requested_user = sign_in->login.user,
        .remote = login_is_remote(&sign_in->login),
        .first_sign_in = config_service(sign_in->config, sign_in->login.service, &storage)->first_sign_in,
        .now = time(NULL),
    };
    struct member member = {0};
    const enum reason reason = members_account(&keeper->members, &request, sign_in->login.service, &member);

    if (reason == REASON_OK)
        memcpy(sign_in->member, member.name, sizeof sign_in->member);
    member_clear(&member);
    return reason;
}

/* Nothing is kept of a session yet, so its end changes nothing: the answer is the user that was asked about.
 */
static enum reason close_session(struct sign_in *sign_in)
{
    const size_t length = strlen(sign_in->login.user);

    if (!member_name_is_valid(sign_in->login.user, length))
        return REASON_NOT_A_MEMBER;
    memcpy(sign_in->member, sign_in->login.user, length + 1);
    return REASON_OK;
}

enum reason admission_judge(struct keeper *keeper, struct sign_in *sign_in, const void *login, size_t length,
                            struct admission_choices *ret_choices)
{
    const enum reason parsed = login_parse(login, length, &sign_in->login);
    const uint32_t timeout = sign_in->login.timeout_s;

    if (sign_in->peer_uid != 0 && !keeper->options.private_peer)
        return REASON_PEER_NOT_ALLOWED;
    if (parsed != REASON_OK)
        return parsed;
    sign_in->ends_at = boottime_s() + (timeout < TIMEOUT_MAX_S ? timeout : TIMEOUT_MAX_S) + SLACK_S;
    sign_in->config = config_ref(config_watch_current(keeper->watch));
    if (!sign_in->config)
        return REASON_INTERNAL;
    switch (sign_in->login.phase) {
    case PHASE_AUTH:
        return admit_auth(keeper, sign_in, ret_choices);
    case PHASE_ACCOUNT:
    case PHASE_OPEN_SESSION:
        return sign_in->config->broken ? REASON_CONFIG_BROKEN : judge_account(keeper, sign_in);
    case PHASE_CLOSE_SESSION:
        return close_session(sign_in);
    }
    return REASON_PROTOCOL;
}
