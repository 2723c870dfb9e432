/* SPDX-License-Identifier: BSD-2-Clause */
/* What an identity provider says of itself, held against what was typed, and told line by line. */
#include "cli/check/check_probe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cleanup.h"
#include "cli/cli.h"
#include "config/settings.h"
#include "jose/jwk.h"
#include "oidc/id_token.h"
#include "oidc/keys.h"
#include "json/json.h"

#define STATUS_OK        200
#define STATUS_NOT_FOUND 404

static const struct fact good = {.state = FACT_GOOD, .name = "discovery"};
static const struct fact missing = {.state = FACT_WRONG,
                                    .status = CHECK_MISSING,
                                    .name = "discovery",
                                    .next = "mend `issuer`, or type all of device_authorization_endpoint, "
                                            "token_endpoint and jwks_uri"};

struct endpoint {
    const char *name, *typed, *used; /* typed NULL: discovered; used NULL: there is none */
};
#define ENDPOINT_COUNT 6

static void list_endpoints(const struct probe *probe, const struct discovery *discovery,
                           struct endpoint ret_endpoints[ENDPOINT_COUNT])
{
    const struct connection *c = probe->connection;
    const struct endpoint endpoints[ENDPOINT_COUNT] = {
        {"device_authorization_endpoint", c->device_authorization_endpoint,
         discovery->device_authorization_endpoint},
        {"token_endpoint", c->token_endpoint, discovery->token_endpoint},
        {"jwks_uri", c->jwks_uri, discovery->jwks_uri},
        {"userinfo_endpoint", c->userinfo_endpoint, discovery->userinfo_endpoint},
        {"revocation_endpoint", c->revocation_endpoint, discovery->revocation_endpoint},
        {"end_session_endpoint", c->end_session_endpoint, discovery->end_session_endpoint},
    };

    memcpy(ret_endpoints, endpoints, sizeof endpoints);
}

static void tell_endpoints(const struct probe *probe, const struct discovery *discovery)
{
    struct endpoint endpoints[ENDPOINT_COUNT];

    list_endpoints(probe, discovery, endpoints);
    for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
        const struct endpoint *endpoint = &endpoints[i];
        const char *said = NULL;

        if (!endpoint->used)
            continue;
        (void)json_string(json_get(json_top(discovery->document), endpoint->name), &said, NULL);
        probe_tell(probe, (struct fact){.state = FACT_GOOD, .name = i == 0 ? "device" : "endpoint"},
                   setting_sentence("%s %s (%s%s)", endpoint->name, endpoint->used,
                                    !endpoint->typed      ? "discovered"
                                    : said                ? "typed, in place of "
                                    : discovery->document ? "typed, discovery has none"
                                                          : "typed",
                                    endpoint->typed && said ? said : ""));
    }
}

/* Required fields that are neither typed nor in the document, with commas between; malloc'd. */
static char *absent_fields(const struct probe *probe, const struct json_value *top, const char *at_fault)
{
    const struct connection *c = probe->connection;
    const struct {
        const char *name, *typed;
    } required[] = {{"issuer", NULL},
                    {"token_endpoint", c->token_endpoint},
                    {"jwks_uri", c->jwks_uri},
                    {"device_authorization_endpoint", c->device_authorization_endpoint}};
    char *text = setting_sentence("%s", at_fault ? at_fault : "");

    for (size_t i = 0; i < sizeof required / sizeof required[0]; i++) {
        char *longer;

        if (!text || required[i].typed || json_get(top, required[i].name) ||
            (at_fault && strcmp(at_fault, required[i].name) == 0))
            continue;
        longer = setting_sentence("%s%s%s", text, text[0] ? ", " : "", required[i].name);
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
    next = strstr(said, "{tenantid}")
               ? setting_sentence(
                     "set `allowed_tenants` to the ids of the tenants that may enter, or `issuer` to "
                     "that with your tenant's id in place of {tenantid}")
               : setting_sentence("write `issuer = %s` when that is your provider", said);
    probe_tell(
        probe,
        (struct fact){.state = FACT_WRONG, .status = CHECK_MISMATCH, .name = "discovery", .next = next},
        setting_sentence("discovery MISMATCH: it calls itself `%s`, the configuration says `%s`", said,
                         probe->connection->issuer));
}

static void tell_incomplete(const struct probe *probe, const struct json_value *top, enum reason reason,
                            const char *field)
{
    AUTO_FREE char *fields = absent_fields(probe, top, field);

    probe_tell(probe,
               (struct fact){.state = FACT_WRONG,
                             .status = CHECK_INCOMPLETE,
                             .name = "discovery",
                             .next =
                                 "type what is missing, when the provider has it; it must offer the device "
                                 "grant (RFC 8628) to this client"},
               setting_sentence("discovery INCOMPLETE: %s (%s)", fields ? fields : "", reason_code(reason)));
}

static void tell_keys(const struct probe *probe, const struct discovery *discovery)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    AUTO_JWK_SET struct jwk_set *keys = NULL;
    struct fact fact = {.state = FACT_WRONG,
                        .status = EXIT_REFUSED,
                        .name = "keys",
                        .next =
                            "set jwks_uri to the provider's JSON Web Key Set, or have the provider mend it"};
    const enum reason reason = keys_fetch(probe->http, discovery, &answer);
    size_t count;

    if (reason != REASON_OK) {
        probe_tell(probe, fact,
                   setting_sentence("no keys at %s (%s)", discovery->jwks_uri, reason_code(reason)));
        return;
    }
    keys = jwk_set_parse(answer.body, answer.length);
    count = keys ? jwk_set_count(keys) : 0;
    if (count > 0) {
        fact.state = FACT_GOOD;
        fact.next = NULL;
    }
    probe_tell(probe, fact,
               setting_sentence("%zu usable key%s at %s", count, count == 1 ? "" : "s", discovery->jwks_uri));
}

static void tell_algorithms(const struct probe *probe, const struct discovery *discovery)
{
    AUTO_FREE char **algs = discovery_signing_algs(discovery, probe->connection->signing_algs);

    if (algs && !algs[0])
        probe_tell(probe,
                   (struct fact){.state = FACT_WRONG,
                                 .status = EXIT_REFUSED,
                                 .name = "signing_algs",
                                 .next = "add one of id_token_signing_alg_values_supported to signing_algs"},
                   setting_sentence("it signs with none of the allowed algorithms"));
}

static bool lists(const struct json_value *list, const char *word)
{
    for (size_t i = 0; i < json_array_length(list); i++)
        if (json_string_is(json_array_at(list, i), word))
            return true;
    return false;
}

/* A provider need not list all (OIDC Discovery 3), so this is no more than a hint. */
static void tell_scopes(const struct probe *probe, const struct discovery *discovery)
{
    const struct json_value *supported = json_get(json_top(discovery->document), "scopes_supported");

    for (char **scope = probe->connection->scopes; json_is_array(supported) && *scope; scope++)
        if (!lists(supported, *scope))
            probe_tell(probe,
                       (struct fact){.state = FACT_HINT,
                                     .name = "scopes",
                                     .next = "when claims are missing, look there first"},
                       setting_sentence("the provider does not list the scope `%s`", *scope));
}

/* ID tokens are judged by this machine's clock. */
static void tell_clock(const struct probe *probe, const struct http_answer *answer)
{
    const int64_t ahead = (int64_t)time(NULL) - answer->date_s;
    struct fact fact = {.state = FACT_GOOD, .status = EXIT_REFUSED, .name = "clock"};

    if (answer->date_s < 0)
        return;
    if (ahead > ID_TOKEN_LEEWAY_S || ahead < -ID_TOKEN_LEEWAY_S) {
        fact.state = FACT_WRONG;
        fact.next = "set the clock (timedatectl set-ntp true): ID tokens would be too old or too new";
    }
    probe_tell(probe, fact,
               setting_sentence("this machine's clock is %lld s %s the provider's",
                                (long long)(ahead < 0 ? -ahead : ahead), ahead < 0 ? "behind" : "ahead of"));
}

static void go_on_with(const struct probe *probe, const struct discovery *discovery)
{
    tell_endpoints(probe, discovery);
    tell_algorithms(probe, discovery);
    tell_scopes(probe, discovery);
    tell_keys(probe, discovery);
    probe_client(probe, discovery);
}

static void judge_document(const struct probe *probe, const struct http_answer *answer, const char *url)
{
    AUTO_JSON struct json_document *document = json_parse(answer->body, answer->length);
    AUTO_DISCOVERY struct discovery discovery = {0};
    const char *field = NULL;
    enum reason reason;

    if (!document) {
        probe_tell(probe, missing,
                   setting_sentence("discovery MISSING: %s answers with no JSON object", url));
        return;
    }
    reason = discovery_parse(answer->body, answer->length, probe->connection, &discovery, &field);
    if (reason == REASON_ISSUER_MISMATCH) {
        tell_mismatch(probe, json_top(document));
    } else if (reason != REASON_OK) {
        tell_incomplete(probe, json_top(document), reason, field);
    } else {
        probe_tell(probe, good, setting_sentence("discovery FOUND: %s", url));
        tell_clock(probe, answer);
        go_on_with(probe, &discovery);
    }
}

/* As a sign-in looks: where OpenID Connect puts the document, then where RFC 8414 does. */
static void look_for_document(const struct probe *probe)
{
    char *urls[] = {discovery_url(probe->connection->issuer), discovery_oauth_url(probe->connection->issuer)};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    enum reason reason = REASON_INTERNAL;
    size_t at = 0;

    for (; at < 2 && urls[at]; at++) {
        const struct http_request request = {.url = urls[at], .timeout_ms = HTTP_REQUEST_MAX_MS};

        http_answer_erase(&answer);
        answer = (struct http_answer){0};
        reason = http_perform(probe->http, &request, &answer);
        if (reason != REASON_OK || answer.status != STATUS_NOT_FOUND)
            break;
    }
    if (reason == REASON_OK && answer.status == STATUS_OK)
        judge_document(probe, &answer, urls[at]);
    else if (reason == REASON_OK)
        probe_tell(
            probe, missing,
            setting_sentence("discovery MISSING: %s (status %ld)", urls[at < 2 ? at : 0], answer.status));
    else
        probe_tell(probe, missing,
                   setting_sentence("discovery MISSING: %s (%s: %s)", urls[at < 2 ? at : 0],
                                    reason_code(reason), http_error(probe->http)));
    free(urls[0]);
    free(urls[1]);
}

void probe_provider(const struct probe *probe)
{
    AUTO_DISCOVERY struct discovery discovery = {0};
    const char *field = NULL;

    if (!connection_is_explicit(probe->connection)) {
        look_for_document(probe);
    } else if (discovery_from_connection(probe->connection, &discovery, &field) == REASON_OK) {
        probe_tell(probe, good, setting_sentence("discovery is not needed: every endpoint is typed"));
        go_on_with(probe, &discovery);
    } else {
        probe_tell(probe, (struct fact){.state = FACT_WRONG, .status = CHECK_INCOMPLETE, .name = "discovery"},
                   setting_sentence("discovery INCOMPLETE: %s", field ? field : ""));
    }
}
