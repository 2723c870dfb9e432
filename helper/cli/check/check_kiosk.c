/* SPDX-License-Identifier: BSD-2-Clause */
/* What the kiosk needs of the configuration and the machine, once a connection serves it. */
#include <pwd.h>
#include <string.h>

#include "cli/check/check.h"
#include "cli/cli.h"
#include "connection/presets.h"
#include "frontdesk/ids.h"
#include "frontdesk/paths.h"
#include "frontdesk/protocol.h"

#define A_DAY_S 86400

static const struct fact wrong = {.state = FACT_WRONG, .status = EXIT_REFUSED, .name = "kiosk"};

static bool serves(const struct connection *connection)
{
    return connection->enabled && connection_serves(connection, PROTOCOL_KIOSK_SERVICE);
}

static size_t count_serving(const struct config *config)
{
    size_t count = 0;

    for (size_t i = 0; i < config->connection_count; i++)
        count += serves(&config->connections[i]);
    return count;
}

/* Nobody is asked there which one it shall be. */
static void tell_choice(struct report *report, const struct config *config)
{
    struct service storage;
    struct fact fact = wrong;

    if (count_serving(config) < 2 || config->kiosk.connection ||
        config_service(config, PROTOCOL_KIOSK_SERVICE, &storage)->connection)
        return;
    fact.next = "choose one with [kiosk] connection";
    report_say(report, &fact,
               "%zu connections are enabled for " PROTOCOL_KIOSK_SERVICE ", and none is chosen",
               count_serving(config));
}

static void tell_user(struct report *report, const char *name)
{
    const struct passwd *user = getpwnam(name);
    struct fact fact = wrong;

    if (!user) {
        fact.next = "systemd-sysusers makes it, once frontdesk is installed; or name one that is there";
        report_say(report, &fact, "[kiosk] user %s is no user of this machine", name);
    } else if (user->pw_uid == 0 || id_is_members(user->pw_uid)) {
        fact.next = "name a user of its own: else nobody is checked in";
        report_say(report, &fact, "[kiosk] user %s is %s", name, user->pw_uid == 0 ? "root" : "a member");
    } else if (strcmp(name, FD_KEEPER_USER) == 0 || strcmp(name, FD_HELPER_USER) == 0) {
        fact.next = "name a user of its own";
        report_say(report, &fact, "[kiosk] user %s is a service's: who takes the screen over would be it",
                   name);
    } else {
        fact.state = FACT_GOOD;
        report_say(report, &fact, "the kiosk runs as %s", name);
    }
}

/* Where a provider is known to count requests, a screen that never rests may use its tenant up. */
static const char *limit_of(const char *preset)
{
    static const struct {
        const char *preset, *limit;
    } known[] = {
        {"auth0", "Auth0 counts each request against the tenant's limit"},
        {"okta", "Okta counts each request against the organization's rate limit"},
        {"entra", "Entra ID throttles applications that ask often"},
        {"google", "Google counts codes and polls against the project's quota"},
        {"authentik", "authentik gives one address 20 codes an hour, unless it is configured otherwise"},
    };

    for (size_t i = 0; preset && i < sizeof known / sizeof known[0]; i++)
        if (strcmp(known[i].preset, preset) == 0)
            return known[i].limit;
    return NULL;
}

static void tell_idle(struct report *report, const struct config *config, const struct connection *connection)
{
    const char *limit = limit_of(connection->preset ? connection->preset->name : NULL);
    struct service storage;
    const uint32_t life = config_service(config, PROTOCOL_KIOSK_SERVICE, &storage)->code_lifetime;
    struct fact fact = {.state = FACT_HINT,
                        .connection = connection->name,
                        .name = "kiosk",
                        .next = "idle = touch asks only when somebody stands there"};

    if (limit)
        report_say(report, &fact, "idle = always asks for about %u codes a day, and polls for each: %s",
                   A_DAY_S / (life > 0 ? life : 600), limit);
}

void check_kiosk(struct report *report, const struct config *config, const char *only)
{
    if (config->broken || count_serving(config) == 0)
        return;
    if (!only) {
        tell_choice(report, config);
        tell_user(report, config->kiosk.user);
    }
    for (size_t i = 0; config->kiosk.idle == KIOSK_IDLE_ALWAYS && i < config->connection_count; i++)
        if (serves(&config->connections[i]) && (!only || strcmp(config->connections[i].name, only) == 0))
            tell_idle(report, config, &config->connections[i]);
}
