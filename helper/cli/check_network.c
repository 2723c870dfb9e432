/* SPDX-License-Identifier: BSD-2-Clause */
/* What an identity provider says of itself, asked by a confined process and told line by line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "cli/check.h"
#include "cli/cli.h"
#include "cli/private_run.h"
#include "config/settings.h"
#include "http/http.h"
#include "jose/jwk.h"
#include "oidc/discovery.h"
#include "oidc/keys.h"

#define STATUS_OK 200

/* The confined side. */
struct probe {
    const struct connection *connection;
    struct http *http;
    int output;
};

/* A fact as a JSON line; text is taken over. */
static void send_fact(const struct probe *probe, struct fact fact, char *text)
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

static const struct fact missing = {.state = FACT_WRONG, .status = CHECK_MISSING, .name = "discovery"};

/* The fields that are not there, with commas between; malloc'd. */
static char *absent_fields(const struct json_value *top, const char *at_fault)
{
    static const char *const required[] = {"issuer", "token_endpoint", "jwks_uri",
                                           "device_authorization_endpoint"};
    char *text = setting_sentence("%s", at_fault ? at_fault : "");

    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        char *longer;

        if (!text || json_get(top, required[i]) || (at_fault && strcmp(at_fault, required[i]) == 0))
            continue;
        longer = setting_sentence("%s%s%s", text, text[0] ? ", " : "", required[i]);
        free(text);
        text = longer;
    }
    return text;
}

static void tell_mismatch(const struct probe *probe, const struct json_value *top)
{
    const char *said = "";
    AUTO_FREE char *next = NULL;

    (void)json_string(json_get(top, "issuer"), &said, NULL);
    next = setting_sentence("write `issuer = %s` when that is your provider", said);
    send_fact(probe,
              (struct fact){.state = FACT_WRONG, .status = CHECK_MISMATCH, .name = "discovery", .next = next},
              setting_sentence("discovery MISMATCH: it calls itself `%s`, the configuration says `%s`", said,
                               probe->connection->issuer));
}

static void tell_keys(const struct probe *probe, const struct discovery *discovery)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    AUTO_JWK_SET struct jwk_set *keys = NULL;
    struct fact fact = {.state = FACT_WRONG, .status = EXIT_REFUSED, .name = "keys"};
    const enum reason reason = keys_fetch(probe->http, discovery, &answer);
    size_t count;

    if (reason != REASON_OK) {
        send_fact(probe, fact,
                  setting_sentence("no keys at %s (%s)", discovery->jwks_uri, reason_code(reason)));
        return;
    }
    keys = jwk_set_parse(answer.body, answer.length);
    count = keys ? jwk_set_count(keys) : 0;
    fact.state = count > 0 ? FACT_GOOD : FACT_WRONG;
    send_fact(probe, fact,
              setting_sentence("%zu usable key%s at %s", count, count == 1 ? "" : "s", discovery->jwks_uri));
}

static void tell_algorithms(const struct probe *probe, const struct discovery *discovery)
{
    AUTO_FREE char **algs = discovery_signing_algs(discovery, probe->connection->signing_algs);

    if (algs && !algs[0])
        send_fact(probe,
                  (struct fact){.state = FACT_WRONG,
                                .status = EXIT_REFUSED,
                                .name = "signing_algs",
                                .next = "add one of id_token_signing_alg_values_supported to signing_algs"},
                  setting_sentence("it signs with none of the allowed algorithms"));
}

static void judge_document(const struct probe *probe, const struct http_answer *answer, const char *url)
{
    AUTO_JSON struct json_document *document = json_parse(answer->body, answer->length);
    AUTO_DISCOVERY struct discovery discovery = {0};
    const char *field = NULL;
    enum reason reason;

    if (!document) {
        send_fact(probe, missing, setting_sentence("discovery MISSING: %s answers with no JSON object", url));
        return;
    }
    reason = discovery_parse(answer->body, answer->length, probe->connection, &discovery, &field);
    if (reason == REASON_ISSUER_MISMATCH) {
        tell_mismatch(probe, json_top(document));
        return;
    }
    if (reason != REASON_OK) {
        AUTO_FREE char *fields = absent_fields(json_top(document), field);

        send_fact(
            probe,
            (struct fact){.state = FACT_WRONG,
                          .status = CHECK_INCOMPLETE,
                          .name = "discovery",
                          .next = "the provider must offer the device grant (RFC 8628) to this client"},
            setting_sentence("discovery INCOMPLETE: %s (%s)", fields ? fields : "", reason_code(reason)));
        return;
    }
    send_fact(probe, (struct fact){.state = FACT_GOOD, .name = "discovery"},
              setting_sentence("discovery FOUND: %s", url));
    send_fact(probe, (struct fact){.state = FACT_GOOD, .name = "device"},
              setting_sentence("device authorization at %s", discovery.device_authorization_endpoint));
    tell_algorithms(probe, &discovery);
    tell_keys(probe, &discovery);
}

static int run_probe(void *context, const struct confined_trust *trust, int output)
{
    struct probe probe = {.connection = context, .output = output};
    AUTO_FREE char *url = discovery_url(probe.connection->issuer);
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    enum reason reason;

    if (!trust->trust) {
        send_fact(&probe, (struct fact){.state = FACT_WRONG, .status = EXIT_REFUSED, .name = "ca"},
                  setting_sentence("the certificates of %s cannot be used: %s",
                                   trust->ca_file ? trust->ca_file : "the system", trust->error));
        return 1;
    }
    probe.http = http_new(trust->trust, -1);
    if (!probe.http || !url)
        return 1;
    reason = http_perform(probe.http, &(struct http_request){.url = url, .timeout_ms = HTTP_REQUEST_MAX_MS},
                          &answer);
    if (reason != REASON_OK)
        send_fact(&probe, missing,
                  setting_sentence("discovery MISSING: %s (%s: %s)", url, reason_code(reason),
                                   http_error(probe.http)));
    else if (answer.status != STATUS_OK)
        send_fact(&probe, missing,
                  setting_sentence("discovery MISSING: %s (status %ld)", url, answer.status));
    else
        judge_document(&probe, &answer, url);
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
        !json_integer(json_get(top, "status"), &status) || status < 0 || status > CHECK_MISMATCH ||
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

void check_network(struct report *report, const struct cli_users *users, const struct config *config,
                   const char *only)
{
    struct confined probes[CONFIG_CONNECTIONS_MAX];

    for (size_t i = 0; i < config->connection_count; i++) {
        struct connection *connection = &config->connections[i];
        const struct confined_plan plan = {.users = users,
                                           .ca_file = connection->ca_file,
                                           .keep = {-1, -1},
                                           .work = run_probe,
                                           .context = connection};

        probes[i] = (struct confined){.pid = -1, .output = -1};
        if (only ? strcmp(connection->name, only) == 0 : connection->enabled)
            (void)confined_start(&plan, &probes[i]);
    }
    if (users->drop && !users_become(&users->helper)) {
        report->status = EXIT_USAGE;
        return;
    }
    for (size_t i = 0; i < config->connection_count; i++)
        if (probes[i].output >= 0)
            report_probe(report, config->connections[i].name, &probes[i]);
}
