/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first question. From here on user, service, host and connection come from the keeper's own record.
 *
 * Who takes which slot: every sign-in one of all and, where the host named a user, one of that user by that
 * asker. Names that are not members take one of their host's as well, so that guessing names from one address
 * stays slow and members at the same address are not shut out by it; sign-ins that one local user begins, by
 * su or sudo, take one of that user's.
 */
#include "keeper/admission.h"

#include <string.h>

#include "keeper/kiosk.h"
#include "keeper/later_phases.h"
#include "keeper/peers.h"
#include "keeper/start_limits.h"

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

static bool all_are_taken(const struct limits_settings *limits, const struct admission_load *load)
{
    const uint32_t share = limits->sign_ins / LIMITS_HERE_SHARE, here = share > 0 ? share : 1;

    return load->all >= limits->sign_ins && (!load->is_here || load->here >= here);
}

enum reason admission_caps(const struct limits_settings *limits, const struct admission_load *load,
                           enum admission_slot slot)
{
    if (slot == SLOT_UNPRIVILEGED && load->unprivileged >= limits->unprivileged)
        return REASON_TOO_MANY_UNPRIVILEGED;
    if (slot != SLOT_UNPRIVILEGED && all_are_taken(limits, load))
        return REASON_TOO_MANY_SIGN_INS;
    if (load->of_user >= limits->sign_ins_per_user)
        return REASON_TOO_MANY_FOR_USER;
    if (slot == SLOT_OF_ASKER && load->of_asker >= limits->sign_ins_per_host)
        return REASON_TOO_MANY_FOR_HOST;
    return REASON_OK;
}

bool admission_has_key(const struct login *login)
{
    static const char method[] = "publickey ";
    const char *line = login->prior_auth;

    while (line) {
        if (strncmp(line, method, sizeof method - 1) == 0)
            return true;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    return false;
}

static struct admission_load load_beside(const struct keeper *keeper, const struct sign_in *sign_in)
{
    const struct login *login = &sign_in->login;
    struct admission_load load = {.is_here = sign_in->asker.kind != ASKER_REMOTE};

    for (const struct sign_in *other = keeper->sign_ins; other; other = other->next) {
        if (!other->counted)
            continue;
        load.all += !other->unprivileged;
        load.here += !other->unprivileged && other->asker.kind != ASKER_REMOTE;
        load.unprivileged += other->unprivileged;
        if (!asker_is(&other->asker, &sign_in->asker))
            continue;
        load.of_user += login->user[0] != '\0' && strcmp(other->login.user, login->user) == 0;
        load.of_asker += other->counts_for_asker;
    }
    return load;
}

static enum admission_slot slot_of(struct keeper *keeper, const struct sign_in *sign_in)
{
    switch (sign_in->asker.kind) {
    case ASKER_UNPRIVILEGED:
        return SLOT_UNPRIVILEGED;
    case ASKER_LOCAL_USER:
        return SLOT_OF_ASKER;
    case ASKER_REMOTE:
        return members_knows_name(&keeper->members, sign_in->login.user) ? SLOT_PLAIN : SLOT_OF_ASKER;
    default:
        return SLOT_PLAIN;
    }
}

static enum reason admit_auth(struct keeper *keeper, struct sign_in *sign_in,
                              struct admission_choices *ret_choices)
{
    const struct admission_load load = load_beside(keeper, sign_in);
    struct admission_choices choices;
    struct service storage;
    enum admission_slot slot;
    enum reason reason = sign_in->kiosk ? kiosk_choose(sign_in->config, &sign_in->login, &choices)
                                        : admission_choices(sign_in->config, &sign_in->login, &choices);

    if (reason != REASON_OK)
        return reason;
    if (sign_in_service(sign_in, &storage)->requires_key && !admission_has_key(&sign_in->login))
        return REASON_KEY_REQUIRED;
    reason = start_limits_take(keeper, sign_in);
    if (reason != REASON_OK)
        return reason;
    slot = slot_of(keeper, sign_in);
    reason = admission_caps(&sign_in->config->limits, &load, slot);
    if (reason != REASON_OK)
        return reason;
    sign_in->counted = true;
    sign_in->counts_for_asker = slot == SLOT_OF_ASKER;
    if (choices.count == 1)
        sign_in->connection = choices.connections[0];
    *ret_choices = choices;
    return REASON_OK;
}

uint32_t admission_longest_s(const struct login *login, const struct service *service)
{
    uint32_t longest = login->timeout_s < TIMEOUT_MAX_S ? login->timeout_s : TIMEOUT_MAX_S;

    if (login->phase == PHASE_AUTH && service->timeout > 0 && service->timeout < longest)
        longest = service->timeout;
    return longest + SLACK_S;
}

enum reason admission_judge(struct keeper *keeper, struct sign_in *sign_in, const void *login, size_t length,
                            struct admission_choices *ret_choices)
{
    enum reason reason = login_parse(login, length, &sign_in->login);
    struct service storage;
    const bool is_root = sign_in->peer_uid == 0 || keeper->options.private_peer;

    sign_in->asker = asker_of(&sign_in->login, !is_root, sign_in->peer_uid);
    if (reason != REASON_OK)
        return is_root ? reason : REASON_PEER_NOT_ALLOWED;
    sign_in->config = config_ref(config_watch_current(keeper->watch));
    if (!sign_in->config)
        return REASON_INTERNAL;
    sign_in->ends_at =
        boottime_s() + admission_longest_s(&sign_in->login, sign_in_service(sign_in, &storage));
    reason = peer_judge(keeper, sign_in);
    if (reason != REASON_OK)
        return reason;
    if (sign_in->kiosk) /* whoever stands there stands at this machine */
        sign_in->asker = (struct asker){.kind = ASKER_CONSOLE};
    if (sign_in->login.phase == PHASE_AUTH)
        return admit_auth(keeper, sign_in, ret_choices);
    reason = start_limits_take(keeper, sign_in);
    return reason == REASON_OK ? later_phase_judge(keeper, sign_in) : reason;
}
