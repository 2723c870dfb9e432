/* SPDX-License-Identifier: BSD-2-Clause */
/* Facts that need no network: what was written, and whether anybody could enter by it. */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/check/check.h"
#include "cli/cli.h"
#include "config/settings.h"

#define WHY_MAX 512

/* A remark about a file or a drop-in of another connection than the one that was asked for. */
static bool is_elsewhere(const struct config_fault *remark, const char *only)
{
    static const char folder[] = "/connections.d/";
    AUTO_FREE char *file = only ? setting_sentence("%s.conf", only) : NULL;
    const char *name = NULL;

    for (const char *at = remark->file; (at = strstr(at, folder)) != NULL; at++)
        name = at + sizeof folder - 1;
    if (!file || !name)
        return false;
    return strncmp(name, file, strlen(file)) != 0 ||
           (strcmp(name + strlen(file), "") != 0 && strcmp(name + strlen(file), ".d") != 0 &&
            strncmp(name + strlen(file), ".d/", 3) != 0);
}

static void tell_remarks(struct report *report, const struct config_fault *remarks, size_t count, bool faults,
                         const char *only)
{
    const struct fact fact = {.state = faults ? FACT_WRONG : FACT_HINT,
                              .status = CHECK_CONFIG_BROKEN,
                              .name = faults ? "fault" : "notice",
                              .next = faults ? "mend this line or file" : NULL};

    for (size_t i = 0; i < count; i++) {
        if (remarks[i].is_judged || is_elsewhere(&remarks[i], only))
            continue;
        if (remarks[i].line)
            report_say(report, &fact, "%s:%u: %s", remarks[i].file, remarks[i].line, remarks[i].why);
        else
            report_say(report, &fact, "%s: %s", remarks[i].file, remarks[i].why);
    }
}

static void tell_services(struct report *report, const struct connection *connection)
{
    AUTO_FREE char *services = list_join(connection->services);
    struct fact fact = {.state = FACT_GOOD, .connection = connection->name, .name = "services"};

    if (!connection->enabled) {
        fact.state = FACT_HINT;
        fact.next = "set `enabled = yes` to use it";
        report_say(report, &fact, "it is disabled");
    } else if (!connection->services[0]) {
        fact.state = FACT_HINT;
        fact.next = "name PAM services in `services`";
        report_say(report, &fact, "it serves no service");
    } else {
        report_say(report, &fact, "enabled for %s", services ? services : "its services");
    }
}

static void tell_rules(struct report *report, const struct connection *connection)
{
    struct fact fact = {
        .state = FACT_WRONG, .status = EXIT_REFUSED, .connection = connection->name, .name = "rules"};

    if (connection->allow_all || connection->allowed_users[0] || connection->allowed_groups[0] ||
        connection->allowed_email_domains[0] || connection->required_claims[0].name) {
        fact.state = FACT_GOOD;
        report_say(report, &fact, "%s may enter%s",
                   connection->allow_all ? "everyone at this identity provider" : "whom the rules name",
                   connection->create_users ? "; unknown persons become members"
                                            : ", when invited or a member");
    } else {
        fact.next =
            "set allowed_users, allowed_groups, allowed_email_domains, required_claims or `allow_all = yes`";
        report_say(report, &fact, "nobody may enter: no rule allows anybody");
    }
}

/* Read by a process that became the keeper's user; its words come back through a pipe. */
static bool read_as_keeper(const struct cli_users *users, const struct connection *connection,
                           char why[WHY_MAX])
{
    AUTO_CLOSE int from = -1;
    int ends[2], status = -1;
    pid_t pid;
    ssize_t n;

    why[0] = '\0';
    if (pipe(ends) != 0)
        return false;
    pid = fork();
    if (pid == 0) {
        struct secret secret = {0};
        char *said = NULL;
        const bool read = (!users->drop || users_become(&users->keeper)) &&
                          connection_read_secret(connection, &secret, &said);

        if (said)
            (void)!write(ends[1], said, strlen(said));
        secret_erase(&secret);
        _exit(read ? 0 : 1);
    }
    from = ends[0];
    (void)close(ends[1]);
    n = read(from, why, WHY_MAX - 1);
    why[n > 0 ? n : 0] = '\0';
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void check_secret(struct report *report, const struct cli_users *users, const struct connection *connection)
{
    struct fact fact = {.state = FACT_GOOD, .connection = connection->name, .name = "secret"};
    char why[WHY_MAX];

    if (!connection->client_secret_file) {
        report_say(report, &fact, "a public client: it has no secret");
    } else if (connection->client_secret_file[0] != '/') {
        fact.state = FACT_HINT;
        fact.next = "sign in once, and look at the keeper's log";
        report_say(
            report, &fact,
            "the client secret is the systemd credential `%s`, which only the keeper's service is given: "
            "neither it nor the client was tried",
            connection->client_secret_file);
    } else if (read_as_keeper(users, connection, why)) {
        report_say(report, &fact, "the client secret can be read, by nobody else");
    } else {
        fact.state = FACT_WRONG;
        fact.status = EXIT_REFUSED;
        fact.next = "mend that file, or let client_secret_file name another one";
        report_say(report, &fact, "%s", why[0] ? why : "the client secret cannot be read");
    }
}

static bool any_is_enabled(const struct config *config)
{
    for (size_t i = 0; i < config->connection_count; i++)
        if (config->connections[i].enabled)
            return true;
    return false;
}

void check_config(struct report *report, const struct config *config, const char *only)
{
    static const struct fact good = {.state = FACT_GOOD, .name = "configuration"};
    static const struct fact none = {.state = FACT_WRONG,
                                     .status = EXIT_REFUSED,
                                     .name = "connections",
                                     .next = "`frontdesk connection add` makes one"};
    static const struct fact off = {.state = FACT_HINT,
                                    .name = "connections",
                                    .next = "`frontdesk connection enable NAME` switches one on"};

    tell_remarks(report, config->faults, config->fault_count, true, only);
    tell_remarks(report, config->notices, config->notice_count, false, only);
    if (config->fault_count == 0)
        report_say(report, &good, "the configuration has no faults");
    if (config->fault_count == 0 && config->connection_count == 0)
        report_say(report, &none, "there is no connection: nobody can sign in");
    else if (config->fault_count == 0 && !any_is_enabled(config))
        report_say(report, &off, "all connections are switched off: nobody can sign in");
    check_routing(report, config, only);
    for (size_t i = 0; i < config->connection_count; i++) {
        if (only && strcmp(config->connections[i].name, only) != 0)
            continue;
        tell_services(report, &config->connections[i]);
        tell_rules(report, &config->connections[i]);
        check_profile(report, &config->connections[i]);
    }
}
