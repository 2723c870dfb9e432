/* SPDX-License-Identifier: BSD-2-Clause */
/* A confined process for each connection asks its identity provider; this one reports what they found. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/check/check_probe.h"
#include "cli/cli.h"
#include "cli/private_run.h"
#include "config/settings.h"
#include "oidc/endpoint_hosts.h"
#include "json/json.h"

/* The confined side. */

void probe_tell(const struct probe *probe, struct fact fact, char *text)
{
    AUTO_JSON struct json_document *document = json_new();
    AUTO_FREE char *line = NULL, *said = text;

    if (document && said && json_add_integer(document, "state", fact.state) &&
        json_add_integer(document, "status", fact.status) && json_add_string(document, "fact", fact.name) &&
        json_add_string(document, "text", said) && json_add_string(document, "next", fact.next))
        line = json_print(json_top(document));
    if (line)
        (void)dprintf(probe->output, "%s\n", line);
}

static int run_probe(void *context, const struct confined_trusts *trusts, int output)
{
    const struct confined_trust *trust = &trusts->at[0];
    struct probe *probe = context;
    char **known_hosts;

    probe->output = output;
    if (!trust->trust) {
        probe_tell(probe,
                   (struct fact){.state = FACT_WRONG,
                                 .status = EXIT_REFUSED,
                                 .name = "ca",
                                 .next = "put the certificates there as PEM, for everybody to read"},
                   setting_sentence("the certificates of %s cannot be used: %s",
                                    trust->ca_file ? trust->ca_file : "the system", trust->error));
        return 1;
    }
    probe->http = http_new(trust->trust, -1);
    known_hosts = endpoint_hosts_known(probe->connection);
    if (!probe->http || !known_hosts)
        return 1;
    http_set_proxy(probe->http, probe->connection->proxy);
    http_set_known_hosts(probe->http, known_hosts);
    probe_provider(probe);
    http_set_known_hosts(probe->http, NULL);
    list_free(known_hosts);
    return 0;
}

/* The side that reports. */

/* False: the line is no fact. */
static bool report_line(struct report *report, const char *connection, const char *line, size_t length)
{
    AUTO_JSON struct json_document *document = json_parse(line, length);
    const struct json_value *top = json_top(document);
    struct fact fact = {.connection = connection};
    int64_t state, status;

    if (!json_integer(json_get(top, "state"), &state) || state < FACT_GOOD || state > FACT_WRONG ||
        !json_integer(json_get(top, "status"), &status) || status < 0 || status > CHECK_STATUS_MAX ||
        !json_string(json_get(top, "fact"), &fact.name, NULL) ||
        !json_string(json_get(top, "text"), &fact.text, NULL))
        return false;
    (void)json_string(json_get(top, "next"), &fact.next, NULL);
    fact.state = (enum fact_state)state;
    fact.status = status == 0 ? EXIT_REFUSED : (int)status;
    report_add(report, &fact);
    return true;
}

static void report_probe(struct report *report, const char *connection, const struct confined *probe)
{
    AUTO_FCLOSE FILE *lines = fdopen(probe->output, "r");
    AUTO_FREE char *line = NULL;
    size_t size = 0, facts = 0;
    ssize_t n;

    while (lines && (n = getline(&line, &size, lines)) > 1 &&
           report_line(report, connection, line, (size_t)n - 1))
        facts++;
    if (facts == 0)
        report_say(
            report,
            &(struct fact){
                .state = FACT_WRONG, .status = EXIT_REFUSED, .connection = connection, .name = "discovery"},
            "the process that asks the identity provider could not work");
    (void)waitpid(probe->pid, NULL, 0);
}

/*
 * The client secret goes from a process of the keeper's user straight into the confined one: this process
 * never holds it, and nobody sees it in arguments, environment or files. The end to read from, or -1.
 */
static int start_secret(const struct cli_users *users, const struct connection *connection, pid_t *ret_pid)
{
    AUTO_FREE char *why = NULL;
    struct secret secret = {0};
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    *ret_pid = fork();
    if (*ret_pid == 0) {
        (void)close(ends[0]);
        if (secret_forbid_dumps() && (!users->drop || users_become(&users->keeper)) &&
            connection_read_secret(connection, &secret, &why) && secret.length > 0)
            (void)!write(ends[1], secret.bytes, secret.length);
        secret_erase(&secret);
        _exit(0);
    }
    (void)close(ends[1]);
    return ends[0];
}

/* The longest time that a service of this connection gives. */
static void find_patience(const struct config *config, struct probe *probe)
{
    for (char **name = probe->connection->services; *name; name++) {
        struct service storage;
        const uint32_t timeout = config_service(config, *name, &storage)->timeout;

        if (timeout > probe->patience_s) {
            probe->patience_s = timeout;
            probe->patience_service = *name;
        }
    }
}

static struct confined start_probe(const struct cli_users *users, const struct config *config,
                                   struct connection *connection)
{
    struct confined started = {.pid = -1, .output = -1};
    struct probe probe = {.connection = connection, .output = -1};
    pid_t reader = -1;

    find_patience(config, &probe);
    probe.secret = start_secret(users, connection, &reader);

    const struct confined_plan plan = {.users = users,
                                       .connection = connection,
                                       .keep = {probe.secret, -1},
                                       .work = run_probe,
                                       .context = &probe};

    (void)confined_start(&plan, &started);
    if (probe.secret >= 0)
        (void)close(probe.secret);
    if (reader > 0)
        (void)waitpid(reader, NULL, 0);
    return started;
}

void check_network(struct report *report, const struct cli_users *users, const struct config *config,
                   const char *only)
{
    struct confined probes[CONFIG_CONNECTIONS_MAX];

    for (size_t i = 0; i < config->connection_count; i++) {
        struct connection *connection = &config->connections[i];

        probes[i] = (struct confined){.pid = -1, .output = -1};
        if (only ? strcmp(connection->name, only) == 0 : connection->enabled)
            probes[i] = start_probe(users, config, connection);
    }
    if (users->drop && !users_become(&users->helper)) {
        report->status = EXIT_USAGE;
        return;
    }
    for (size_t i = 0; i < config->connection_count; i++)
        if (probes[i].output >= 0)
            report_probe(report, config->connections[i].name, &probes[i]);
}
