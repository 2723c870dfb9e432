/* SPDX-License-Identifier: BSD-2-Clause */
/* Which connection somebody gets, before any of them is asked. */
#include <string.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/cli.h"
#include "config/settings.h"

static const struct fact wrong = {.state = FACT_WRONG, .status = EXIT_REFUSED, .name = "routing"};

/* A service that both serve; NULL: none. */
static const char *common_service(const struct connection *a, const struct connection *b)
{
    for (char **service = a->services; *service; service++)
        if (connection_serves(b, *service))
            return *service;
    return NULL;
}

/* Of two connections that could be chosen at one place, each domain leads to one. */
static void tell_twice_served(struct report *report, const struct connection *a, const struct connection *b)
{
    const char *service = common_service(a, b);
    struct fact fact = wrong;

    fact.connection = a->name;
    fact.next = "let each domain stand in one connection's domain_aliases";
    for (char **domain = a->domain_aliases; service && *domain; domain++)
        if (list_has(b->domain_aliases, *domain))
            report_say(report, &fact, "the domain %s leads to `%s` and to `%s` at %s", *domain, a->name,
                       b->name, service);
}

static void tell_location(struct report *report, const struct config *config,
                          const struct connection *connection)
{
    const char *here = config->machine.location;
    struct fact fact = wrong;

    if (list_has(connection->locations, "*") || (here && list_has(connection->locations, here)))
        return;
    fact.connection = connection->name;
    fact.name = "locations";
    fact.next = "set [machine] location in frontdesk.conf, or `locations` of the connection";
    if (here)
        report_say(report, &fact, "nobody may enter here: `locations` does not name this machine's, `%s`",
                   here);
    else
        report_say(report, &fact,
                   "nobody may enter here: `locations` names places, and [machine] location none");
}

/* What only chooses among the enabled ones. */
static void tell_choice(struct report *report, const struct config *config, const char *service,
                        const char *chosen, const char *section)
{
    const struct connection *connection = chosen ? config_connection(config, chosen) : NULL;
    const struct fact fact = {.state = FACT_WRONG,
                              .status = EXIT_REFUSED,
                              .name = "service",
                              .next = "enable it there, or choose another one"};

    if (chosen && (!connection || !connection->enabled || !connection_serves(connection, service)))
        report_say(report, &fact, "%s chooses the connection `%s`, which is not enabled for it", section,
                   chosen);
}

static void tell_choices(struct report *report, const struct config *config)
{
    for (size_t i = 0; i < config->service_count; i++) {
        AUTO_FREE char *section = setting_sentence("[service %s]", config->services[i].name);

        tell_choice(report, config, config->services[i].name, config->services[i].connection,
                    section ? section : "[service]");
    }
    tell_choice(report, config, "frontdesk-kiosk", config->kiosk.connection, "[kiosk]");
}

void check_routing(struct report *report, const struct config *config, const char *only)
{
    if (!only)
        tell_choices(report, config);
    for (size_t i = 0; i < config->connection_count; i++) {
        const struct connection *connection = &config->connections[i];
        const bool looked_at = !only || strcmp(connection->name, only) == 0;

        if (!connection->enabled)
            continue;
        if (looked_at)
            tell_location(report, config, connection);
        for (size_t j = i + 1; j < config->connection_count; j++)
            if (config->connections[j].enabled &&
                (looked_at || strcmp(config->connections[j].name, only) == 0))
                tell_twice_served(report, connection, &config->connections[j]);
    }
}
