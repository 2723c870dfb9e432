/* SPDX-License-Identifier: BSD-2-Clause */
/* `frontdesk connection list`: broken ones, too, for they shut people out. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "cli/connection/connection.h"
#include "cli/output.h"

static bool print_row(const char *name, const char *state, const struct connection *connection)
{
    AUTO_FREE char *services = connection ? list_join(connection->services) : NULL;
    char shown[3][600];

    return printf("%-16s %-8s %-36s %-20s %s\n", name, state,
                  connection ? output_text(connection->issuer, shown[0], sizeof shown[0]) : "-",
                  services && services[0] ? output_text(services, shown[1], sizeof shown[1]) : "-",
                  connection ? output_text(connection->display_name, shown[2], sizeof shown[2]) : "-") > 0;
}

static bool print_json(const char *name, const char *state, const struct connection *connection)
{
    static char *const none[] = {NULL};
    AUTO_JSON struct json_document *document = json_new();

    return document && json_add_string(document, "name", name) && json_add_string(document, "state", state) &&
           json_add_boolean(document, "enabled", connection && connection->enabled) &&
           json_add_string(document, "label", connection ? connection->display_name : NULL) &&
           json_add_string(document, "issuer", connection ? connection->issuer : NULL) &&
           json_add_strings(document, "services", connection ? connection->services : none) &&
           output_json(document);
}

static bool print_connection(const struct cli *cli, const char *name, const struct connection *connection)
{
    const char *state = !connection ? "broken" : connection->enabled ? "enabled" : "disabled";

    return cli->json ? print_json(name, state, connection) : print_row(name, state, connection);
}

int connection_list(struct cli *cli, struct connection_options *options)
{
    struct config *config = config_read_layers(cli->config_dir, cli->vendor_dir);
    bool printed = true;

    (void)options;
    if (!config) {
        output_error("no memory to read the configuration");
        return EXIT_USAGE;
    }
    if (!cli->json)
        (void)printf("%-16s %-8s %-36s %-20s %s\n", "NAME", "STATE", "ISSUER", "SERVICES", "LABEL");
    for (size_t i = 0; i < config->connection_count; i++)
        printed = print_connection(cli, config->connections[i].name, &config->connections[i]) && printed;
    for (size_t i = 0; i < config->broken_connection_count; i++)
        printed = print_connection(cli, config->broken_connections[i], NULL) && printed;
    if (config->broken) {
        output_error("the configuration is broken: mend it first (see `frontdesk check`)");
        printed = false;
    } else if (config->broken_connection_count > 0) {
        output_error("broken ones have faults: see `frontdesk check`");
    }
    config_unref(config);
    return printed ? 0 : EXIT_REFUSED;
}
