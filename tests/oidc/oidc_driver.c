/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Drives http, discovery and device grant against a provider, one sign-in a run, and prints what came out as
 * "key=value" lines. tests/oidc/run compares that with what the provider saw.
 *
 *   oidc_driver [options] ISSUER     a whole sign-in: discovery, device request, polls, keys, token, userinfo
 *   oidc_driver [options] --get URL  one GET request
 */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>

#include "http/http.h"
#include "jose/jwk.h"
#include "oidc/device_grant.h"
#include "oidc/discovery.h"
#include "oidc/endpoint_hosts.h"
#include "oidc/id_token.h"
#include "oidc/keys.h"
#include "oidc/userinfo.h"

#include "oidc/driver_options.h"

#define MS_PER_S 1000

static void tell(const char *step, enum reason reason)
{
    printf("%s=%s\n", step, reason_code(reason));
}

static enum reason told(const char *step, enum reason reason)
{
    tell(step, reason);
    return reason;
}

static long cpu_ms(const struct rusage *usage)
{
    return (long)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * MS_PER_S +
           (long)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / MS_PER_S;
}

/* What the requests took: this program's own start is left out. */
static void tell_usage(const struct rusage *before, int64_t started_ms)
{
    struct rusage usage;

    if (getrusage(RUSAGE_SELF, &usage) != 0)
        return;
    printf("rss_kb=%ld\n", usage.ru_maxrss);
    printf("cpu_ms=%ld\n", cpu_ms(&usage) - cpu_ms(before));
    printf("elapsed_ms=%ld\n", (long)(boottime_ms() - started_ms));
}

/* A host that goes away after a while, maybe with a packet left unread; -1 when there is to be none. */
static int host_that_leaves(const struct options *options)
{
    const struct timespec wait = {.tv_sec = options->cancel_after_ms / MS_PER_S,
                                  .tv_nsec = options->cancel_after_ms % MS_PER_S * 1000000};
    int ends[2];
    pid_t pid;

    if (options->cancel_after_ms < 0)
        return -1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        exit(2);
    if (options->unread && send(ends[1], "x", 1, MSG_NOSIGNAL) != 1)
        exit(2);
    pid = fork();
    if (pid < 0)
        exit(2);
    if (pid == 0) {
        (void)close(ends[0]);
        (void)nanosleep(&wait, NULL);
        _exit(0);
    }
    (void)close(ends[1]);
    return ends[0];
}

static enum reason get_discovery(struct http *http, const struct options *options,
                                 struct discovery *ret_discovery)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    const struct connection *connection = &options->connection;
    const char *field = NULL;
    enum reason reason;

    if (connection_is_explicit(connection))
        return told("discovery_typed", discovery_from_connection(connection, ret_discovery, &field));
    reason = told("discovery_fetch", discovery_fetch(http, connection->issuer, &answer));
    if (reason != REASON_OK)
        return reason;
    printf("discovery_lifetime=%ld\n", discovery_lifetime(&answer));
    reason = told("discovery_parse",
                  discovery_parse(answer.body, answer.length, connection, ret_discovery, &field));
    if (field)
        printf("field=%s\n", field);
    return reason;
}

static void tell_grant(const struct device_grant *grant)
{
    printf("user_code=%s\nverification_uri=%s\nverification_uri_complete=%s\n", grant->user_code,
           grant->verification_uri, grant->verification_uri_complete);
    printf("interval_s=%ld\nexpires_in_s=%ld\n", grant->interval_s, grant->expires_in_s);
}

static enum reason verify(struct http *http, const struct options *options, const struct discovery *discovery,
                          const struct device_grant *grant, const struct device_tokens *tokens,
                          struct json_document **ret_claims)
{
    struct id_token_terms terms = {.issuer = discovery->issuer,
                                   .connection = discovery->issuer_is_exact ? NULL : &options->connection,
                                   .client_id = options->connection.client_id,
                                   .nonce = grant->nonce,
                                   .access_token = tokens->access_token.bytes,
                                   .signing_algs = options->connection.signing_algs,
                                   .now = time(NULL)};
    enum reason reason = REASON_KEY_UNKNOWN;

    if (tokens->id_token.length == 0)
        return told("id_token", REASON_ID_TOKEN_MISSING);
    for (int round = 0; round < 2 && reason == REASON_KEY_UNKNOWN; round++) {
        AUTO_HTTP_ANSWER struct http_answer answer = {0};
        AUTO_JWK_SET struct jwk_set *keys = NULL;

        reason = told("keys_fetch", keys_fetch(http, discovery, &answer));
        if (reason != REASON_OK)
            return reason;
        keys = jwk_set_parse(answer.body, answer.length);
        if (!keys)
            return told("id_token", REASON_KEYS_INVALID);
        reason = id_token_verify(tokens->id_token.bytes, tokens->id_token.length, keys, &terms, ret_claims);
    }
    return told("id_token", reason);
}

static enum reason ask_userinfo(struct http *http, const struct discovery *discovery,
                                const struct device_tokens *tokens, const struct json_document *claims)
{
    AUTO_JSON struct json_document *userinfo = NULL;
    const char *subject = "", *name;
    size_t length;
    enum reason reason;

    (void)json_string(json_get(json_top(claims), "sub"), &subject, &length);
    reason = told("userinfo", userinfo_fetch(http, discovery, &tokens->access_token, subject, &userinfo));
    if (reason == REASON_OK && json_string(json_get(json_top(userinfo), "name"), &name, &length))
        printf("name=%s\n", name);
    return reason;
}

static enum reason finish(struct http *http, const struct options *options, struct device_client *client,
                          const struct discovery *discovery, struct device_grant *grant)
{
    AUTO_JSON struct json_document *claims = NULL;
    struct device_tokens tokens = {0};
    const int64_t deadline =
        options->deadline_ms < 0 ? INT64_MAX : boottime_ms() + (int64_t)options->deadline_ms;
    enum reason reason = told("poll", device_grant_poll(http, client, discovery, grant, deadline, &tokens));

    printf("lost_scopes=%s\n", tokens.lost_scopes);
    printf("device_code_left=%d\n", grant->device_code.bytes != NULL);
    if (reason == REASON_OK) {
        reason = verify(http, options, discovery, grant, &tokens, &claims);
        if (reason == REASON_OK && options->userinfo)
            reason = ask_userinfo(http, discovery, &tokens, claims);
        device_tokens_revoke(http, client, discovery, &tokens);
    }
    device_tokens_erase(&tokens);
    return reason;
}

static void tell_client(const struct device_client *client, const struct device_grant *grant)
{
    printf("spelling=%s\ntrial=%d\n", client->spelling == CLIENT_SPELLING_RAW ? "raw" : "form",
           (int)client->trial);
    printf("error=%s\ndescription=%s\n", grant->error, grant->description);
}

static enum reason sign_in(struct http *http, const struct options *options)
{
    AUTO_DISCOVERY struct discovery discovery = {0};
    AUTO_SECRET struct secret secret = {0};
    CLEANUP(device_grant_erase) struct device_grant grant = {0};
    struct device_client client;
    enum reason reason = get_discovery(http, options, &discovery);

    if (reason != REASON_OK)
        return reason;
    printf("log_out=%s\n", discovery.end_session_endpoint ? discovery.end_session_endpoint : "");
    if (options->secret && !secret_copy(options->secret, strlen(options->secret), &secret))
        return REASON_INTERNAL;
    reason = told("client",
                  device_client_make(&options->connection, &secret, &discovery, options->spelling, &client));
    if (reason != REASON_OK)
        return reason;
    reason = told("start", device_grant_start(http, &client, &discovery, &grant));
    if (reason == REASON_OK) {
        tell_grant(&grant);
        (void)fflush(stdout);
        reason = finish(http, options, &client, &discovery, &grant);
    }
    tell_client(&client, &grant);
    return reason;
}

static enum reason get(struct http *http, const struct options *options)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    const enum reason reason = http_perform(
        http, &(struct http_request){.url = options->url, .timeout_ms = HTTP_REQUEST_MAX_MS}, &answer);

    if (reason == REASON_OK)
        printf("status=%ld\nlength=%zu\n", answer.status, answer.length);
    return reason;
}

int main(int argc, char **argv)
{
    AUTO_TLS_TRUST struct tls_trust *trust = NULL;
    AUTO_HTTP struct http *http = NULL;
    struct options options;
    struct rusage before = {0};
    static char name[] = "localhost", number[] = "127.0.0.1";
    static char *const here[] = {name, number, NULL};
    char **known_hosts;
    const char *error = "";
    int64_t started_ms;
    enum reason reason;

    options_read(argc, argv, &options);
    if (!http_warm() || (!options.connection.issuer && !options.url))
        return 2;
    trust = tls_trust_load(options.ca, &error);
    if (!trust) {
        (void)fprintf(stderr, "%s\n", error);
        return 2;
    }
    started_ms = boottime_ms();
    (void)getrusage(RUSAGE_SELF, &before);
    http = http_new(trust, host_that_leaves(&options));
    if (!http)
        return 2;
    http_set_proxy(http, options.connection.proxy);
    known_hosts = options.connection.issuer ? endpoint_hosts_known(&options.connection) : NULL;
    http_set_known_hosts(http, known_hosts ? known_hosts : here);
    if (options.all_ms >= 0)
        http_set_deadline(http, boottime_ms() + options.all_ms);
    reason = options.url ? get(http, &options) : sign_in(http, &options);
    http_set_known_hosts(http, NULL);
    list_free(known_hosts);
    printf("reason=%s\nhttp_error=%s\n", reason_code(reason), http_error(http));
    tell_usage(&before, started_ms);
    return 0;
}
