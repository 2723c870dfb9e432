/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of a sign-in at an IdP, and nothing of its protocols: those are in oidc/ and jose/. Cached
 * documents save requests. What a sign-in fetched is kept for the next one when a token has proved it good,
 * so that a document which was wrong once does no harm beyond the sign-in that saw it.
 */
#include "session/session_idp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "display/text.h"
#include "jose/jwk.h"
#include "members/claims.h"
#include "oidc/endpoint_hosts.h"
#include "oidc/hide.h"
#include "oidc/hide_sent.h"
#include "oidc/id_token.h"
#include "oidc/keys.h"
#include "oidc/userinfo.h"

#define MS_PER_S        1000
#define REFETCH_WAIT_MS 250 /* QUESTION_REFETCHES_MAX of these outlast the one who fetches */

/* What the answer held says less than its number. */
static bool is_told_by_status(enum reason reason)
{
    return reason == REASON_IDP_STATUS || reason == REASON_IDP_BUSY || reason == REASON_KEYS_UNAVAILABLE ||
           reason == REASON_USERINFO_FAILED;
}

static bool talk_goes_on(void *context)
{
    return talk_is_in_order(context);
}

static void tell_busy(void *context, long retry_after_s)
{
    struct idp *idp = context;
    const struct ask_line line = session_line(idp->session);

    idp->retry_after_s = retry_after_s > 0 ? retry_after_s : 0;
    (void)ask_busy(&line, (unsigned)idp->retry_after_s);
}

static void hide_secrets(const struct idp *idp, char *told)
{
    const struct device_grant *grant = &idp->grant;
    const struct device_tokens *tokens = &idp->tokens;
    const char *const secrets[] = {
        grant->device_code.bytes, grant->user_code,           grant->nonce,
        grant->code_verifier,     tokens->access_token.bytes, tokens->refresh_token.bytes,
        tokens->id_token.bytes};

    if (idp->admission)
        hide_client(told, idp->connection->client_id, idp->admission->client_secret.bytes);
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (secrets[i])
            hide_sent(told, secrets[i]);
    hide_codes(told);
}

/* `about` may be foreign; where there is nothing to say, what curl said of a failed request may help. */
static enum reason fail(struct idp *idp, enum reason reason, const char *about)
{
    const char *detail = about && about[0] ? about : idp->http ? http_error(idp->http) : "";
    char told[OAUTH_DESCRIPTION_MAX + OAUTH_ERROR_MAX + 32];

    if (is_told_by_status(reason) && idp->http && http_status(idp->http) != 0)
        (void)snprintf(told, sizeof told, "HTTP %ld%s%s", http_status(idp->http), detail[0] ? ": " : "",
                       detail);
    else
        (void)snprintf(told, sizeof told, "%s", detail);
    hide_secrets(idp, told);
    text_make_plain(told, idp->detail, sizeof idp->detail);
    return reason;
}

/* A document that the keeper cannot or need not keep is fetched again next time. */
static void keep_document(const struct idp *idp, enum document_kind kind, const struct http_answer *answer)
{
    const struct ask_line line = session_line(idp->session);
    const long lifetime = answer->body ? discovery_lifetime(answer) : 0;

    if (lifetime > 0 && answer->length <= QUESTION_DOCUMENT_MAX)
        (void)ask_keep(&line, kind, (unsigned)lifetime, answer->body, answer->length);
    else if (answer->body && kind == DOCUMENT_KEYS)
        (void)ask_keep(&line, kind, 0, "", 0); /* somebody may be waiting for these */
}

static enum reason fetch_discovery(struct idp *idp)
{
    struct http_answer *answer = &idp->fetched_discovery;
    const char *field = NULL;
    enum reason reason = discovery_fetch(idp->http, idp->connection->issuer, answer);

    if (reason != REASON_OK)
        return fail(idp, reason, NULL);
    reason = discovery_parse(answer->body, answer->length, idp->connection, &idp->discovery, &field);
    return reason == REASON_OK ? REASON_OK : fail(idp, reason, field);
}

static enum reason load_discovery(struct idp *idp)
{
    const struct ask_admission *cached = idp->admission;
    const char *field = NULL;
    enum reason reason;

    if (connection_is_explicit(idp->connection)) {
        reason = discovery_from_connection(idp->connection, &idp->discovery, &field);
        return reason == REASON_OK ? REASON_OK : fail(idp, reason, field);
    }
    if (cached->discovery && discovery_parse(cached->discovery, cached->discovery_length, idp->connection,
                                             &idp->discovery, NULL) == REASON_OK)
        return REASON_OK;
    return fetch_discovery(idp);
}

static enum reason choose_methods(struct idp *idp)
{
    const struct connection *connection = idp->connection;
    const struct ask_admission *admission = idp->admission;
    const enum reason reason = device_client_make(connection, &admission->client_secret, &idp->discovery,
                                                  admission->client_spelling, &idp->client);

    if (reason != REASON_OK)
        return fail(idp, reason, NULL);
    idp->signing_algs = discovery_signing_algs(&idp->discovery, connection->signing_algs);
    if (!idp->signing_algs)
        return fail(idp, REASON_INTERNAL, "no memory");
    return idp->signing_algs[0] ? REASON_OK : fail(idp, REASON_NO_SIGNING_ALG, NULL);
}

static struct http *new_http(const struct idp *idp, int watched)
{
    struct http *http = http_new(idp->trust, watched);

    if (!http)
        return NULL;
    http_set_proxy(http, idp->connection->proxy);
    http_set_known_hosts(http, idp->known_hosts);
    return http;
}

enum reason idp_open(struct idp *idp)
{
    const struct session *session = idp->session;
    enum reason reason;

    idp->trust = session->trust(session->trust_context, idp->connection->ca_file);
    if (!idp->trust)
        return fail(idp, REASON_CONNECTION_BROKEN, "ca_file cannot be used");
    idp->known_hosts = endpoint_hosts_known(idp->connection);
    idp->http = idp->known_hosts ? new_http(idp, session->module) : NULL;
    if (!idp->http)
        return fail(idp, REASON_INTERNAL, "curl cannot begin");
    http_set_deadline(idp->http, idp->deadline_ms);
    if (idp->talk)
        http_set_guard(idp->http, talk_goes_on, idp->talk);
    http_set_busy_listener(idp->http, tell_busy, idp);
    reason = load_discovery(idp);
    return reason == REASON_OK ? choose_methods(idp) : reason;
}

/* Codes of the server's own stand in its description (AADSTS7000218). */
static enum reason fail_as_told(struct idp *idp, enum reason reason)
{
    const struct device_grant *grant = &idp->grant;
    char about[sizeof grant->error + sizeof grant->description + 2];

    (void)snprintf(about, sizeof about, "%s%s%s", grant->error, grant->description[0] ? ": " : "",
                   grant->description);
    return fail(idp, reason, about);
}

/* What was found out about this server is not found out again next time. */
static void remember_spelling(struct idp *idp)
{
    const struct ask_line line = session_line(idp->session);

    if (idp->client.trial != TRIAL_WON || idp->spelling_is_kept)
        return;
    idp->spelling_is_kept = true;
    (void)ask_remember(&line, idp->client.spelling);
}

enum reason idp_request_code(struct idp *idp)
{
    enum reason reason;

    idp->asked_ms = boottime_ms();
    reason = device_grant_start(idp->http, &idp->client, &idp->discovery, &idp->grant);
    remember_spelling(idp);
    return reason == REASON_OK ? REASON_OK : fail_as_told(idp, reason);
}

enum reason idp_await_tokens(struct idp *idp)
{
    const enum reason reason = device_grant_poll(idp->http, &idp->client, &idp->discovery, &idp->grant,
                                                 idp->deadline_ms, &idp->tokens);

    remember_spelling(idp);
    return reason == REASON_OK ? REASON_OK : fail_as_told(idp, reason);
}

static enum reason fetch_keys(struct idp *idp, struct jwk_set **ret_keys)
{
    struct http_answer *answer = &idp->fetched_keys;
    enum reason reason;

    http_answer_erase(answer);
    reason = keys_fetch(idp->http, &idp->discovery, answer);
    if (reason != REASON_OK)
        return fail(idp, reason, NULL);
    *ret_keys = jwk_set_parse(answer->body, answer->length);
    return *ret_keys ? REASON_OK : fail(idp, REASON_KEYS_INVALID, NULL);
}

static enum reason verify_with(struct idp *idp, const struct jwk_set *keys)
{
    const struct device_tokens *tokens = &idp->tokens;
    const struct id_token_terms terms = {
        .issuer = idp->discovery.issuer,
        .connection = idp->discovery.issuer_is_exact ? NULL : idp->connection,
        .client_id = idp->connection->client_id,
        .extra_audiences = idp->connection->extra_audiences,
        .nonce = idp->grant.nonce,
        .needs_nonce = idp->connection->require_nonce,
        .access_token = tokens->access_token.length > 0 ? tokens->access_token.bytes : NULL,
        .signing_algs = idp->signing_algs,
        .now = time(NULL),
        .waited_s = (boottime_ms() - idp->asked_ms + MS_PER_S - 1) / MS_PER_S,
    };

    return id_token_verify(tokens->id_token.bytes, tokens->id_token.length, keys, &terms, &idp->id_token);
}

/* A set that lacks the key is kept, too: others would only see the same. */
static enum reason verify_with_fetched_keys(struct idp *idp)
{
    AUTO_JWK_SET struct jwk_set *keys = NULL;
    enum reason reason = fetch_keys(idp, &keys);

    if (reason != REASON_OK)
        return reason;
    reason = verify_with(idp, keys);
    if (reason == REASON_OK || reason == REASON_KEY_UNKNOWN)
        keep_document(idp, DOCUMENT_KEYS, &idp->fetched_keys);
    return reason == REASON_OK ? REASON_OK : fail(idp, reason, NULL);
}

static enum reason verify_with_kept_keys(struct idp *idp, const char *text, size_t length)
{
    AUTO_JWK_SET struct jwk_set *keys = text ? jwk_set_parse(text, length) : NULL;
    const enum reason reason = keys ? verify_with(idp, keys) : REASON_KEY_UNKNOWN;

    return reason == REASON_OK ? REASON_OK : fail(idp, reason, NULL);
}

/*
 * A key that is not there may be newer than what was kept, here or by somebody on the way. One of us fetches
 * the set anew, the others wait for what it brings.
 */
static enum reason verify_with_newer_keys(struct idp *idp)
{
    const struct ask_line line = session_line(idp->session);
    CLEANUP(ask_keys_clear) struct ask_keys keys = {0};
    enum reason reason;

    for (;;) {
        ask_keys_clear(&keys);
        if (!ask_refetch(&line, &keys))
            return fail(idp, REASON_INTERNAL, "the keeper does not answer");
        if (keys.refetch != KEY_REFETCH_COMING)
            break;
        if (!http_wait(idp->http, REFETCH_WAIT_MS))
            return fail(idp, http_interruption(idp->http), NULL);
    }
    if (keys.refetch == KEY_REFETCH_NOW)
        return verify_with_fetched_keys(idp);
    reason = verify_with_kept_keys(idp, keys.text, keys.length);
    if (reason != REASON_KEY_UNKNOWN || keys.refetch != KEY_REFETCH_FAILED)
        return reason;
    (void)snprintf(idp->detail, sizeof idp->detail, "another sign-in could not fetch them a moment ago");
    return REASON_KEYS_UNAVAILABLE;
}

static enum reason fail_without_id_token(struct idp *idp)
{
    const char *lost = idp->tokens.lost_scopes;
    char about[OAUTH_DESCRIPTION_MAX + 32];

    (void)snprintf(about, sizeof about, "%s%s", lost[0] ? "scopes not granted: " : "", lost);
    return fail(idp, REASON_ID_TOKEN_MISSING, about);
}

static enum reason verify_id_token(struct idp *idp)
{
    const struct ask_admission *cached = idp->admission;
    enum reason reason;

    if (idp->tokens.id_token.length == 0)
        return fail_without_id_token(idp);
    reason = cached->keys ? verify_with_kept_keys(idp, cached->keys, cached->keys_length)
                          : verify_with_fetched_keys(idp);
    if (reason == REASON_KEY_UNKNOWN)
        reason = verify_with_newer_keys(idp);
    if (reason == REASON_OK)
        keep_document(idp, DOCUMENT_DISCOVERY, &idp->fetched_discovery);
    return reason;
}

static bool userinfo_is_wanted(const struct idp *idp)
{
    switch (idp->connection->userinfo) {
    case USERINFO_ALWAYS:
        return true;
    case USERINFO_NEVER:
        return false;
    case USERINFO_AUTO:
        break;
    }
    /* Where it cannot be asked, whatever the token lacks is judged as missing. */
    return idp->discovery.userinfo_endpoint && idp->tokens.access_token.length > 0 &&
           claims_are_missing(idp->connection, json_top(idp->id_token));
}

static enum reason load_userinfo(struct idp *idp)
{
    const char *subject;
    size_t length;
    enum reason reason;

    if (!userinfo_is_wanted(idp))
        return REASON_OK;
    if (!json_string(json_get(json_top(idp->id_token), "sub"), &subject, &length))
        return fail(idp, REASON_CLAIM_SUB, NULL);
    reason = userinfo_fetch(idp->http, &idp->discovery, &idp->tokens.access_token, subject, &idp->userinfo);
    return reason == REASON_OK ? REASON_OK : fail(idp, reason, NULL);
}

enum reason idp_verify(struct idp *idp)
{
    const enum reason reason = verify_id_token(idp);

    return reason == REASON_OK ? load_userinfo(idp) : reason;
}

void idp_revoke_tokens(const struct idp *idp)
{
    struct http *http;

    if (idp->tokens.access_token.length == 0 && idp->tokens.refresh_token.length == 0)
        return;
    http = new_http(idp, -1);
    if (!http)
        return;
    device_tokens_revoke(http, &idp->client, &idp->discovery, &idp->tokens);
}

void idp_erase(struct idp *idp)
{
    json_free(idp->id_token);
    json_free(idp->userinfo);
    device_tokens_erase(&idp->tokens);
    device_grant_erase(&idp->grant);
    free(idp->signing_algs);
    list_free(idp->known_hosts);
    discovery_clear(&idp->discovery);
    http_answer_erase(&idp->fetched_discovery);
    http_answer_erase(&idp->fetched_keys);
    *idp = (struct idp){0};
}
