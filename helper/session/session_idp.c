/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The order of a sign-in at an IdP, and nothing of its protocols: those are in oidc/ and jose/. Cached
 * documents save requests; one that does not serve any more is fetched anew, once.
 */
#include "session/session_idp.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "display/text.h"
#include "jose/jwk.h"
#include "members/claims.h"
#include "oidc/id_token.h"
#include "oidc/keys.h"
#include "oidc/userinfo.h"

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
    const struct idp *idp = context;
    const struct ask_line line = session_line(idp->session);

    (void)ask_busy(&line, retry_after_s > 0 ? (unsigned)retry_after_s : 0);
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
    text_make_plain(told, idp->detail, sizeof idp->detail);
    return reason;
}

/* A document that the keeper cannot or need not keep is fetched again next time. */
static void keep_document(const struct idp *idp, enum document_kind kind, const struct http_answer *answer)
{
    const struct ask_line line = session_line(idp->session);
    const long lifetime = discovery_lifetime(answer);

    if (lifetime > 0 && answer->length <= QUESTION_DOCUMENT_MAX)
        (void)ask_keep(&line, kind, (unsigned)lifetime, answer->body, answer->length);
}

static enum reason fetch_discovery(struct idp *idp)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    const char *field = NULL;
    enum reason reason = discovery_fetch(idp->http, idp->connection->issuer, &answer);

    if (reason != REASON_OK)
        return fail(idp, reason, NULL);
    reason = discovery_parse(answer.body, answer.length, idp->connection, &idp->discovery, &field);
    if (reason != REASON_OK)
        return fail(idp, reason, field);
    keep_document(idp, DOCUMENT_DISCOVERY, &answer);
    return REASON_OK;
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

enum reason idp_open(struct idp *idp)
{
    const struct session *session = idp->session;
    enum reason reason;

    idp->trust = session->trust(session->trust_context, idp->connection->ca_file);
    if (!idp->trust)
        return fail(idp, REASON_CONNECTION_BROKEN, "ca_file cannot be used");
    idp->http = http_new(idp->trust, session->module);
    if (!idp->http)
        return fail(idp, REASON_INTERNAL, "curl cannot begin");
    http_set_deadline(idp->http, idp->deadline_ms);
    http_set_guard(idp->http, talk_goes_on, idp->talk);
    http_set_busy_listener(idp->http, tell_busy, idp);
    http_set_proxy(idp->http, idp->connection->proxy);
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
    const enum reason reason = device_grant_start(idp->http, &idp->client, &idp->discovery, &idp->grant);

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
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    struct jwk_set *keys;
    const enum reason reason = keys_fetch(idp->http, &idp->discovery, &answer);

    if (reason != REASON_OK)
        return fail(idp, reason, NULL);
    keys = jwk_set_parse(answer.body, answer.length);
    if (!keys)
        return fail(idp, REASON_KEYS_INVALID, NULL);
    keep_document(idp, DOCUMENT_KEYS, &answer);
    *ret_keys = keys;
    return REASON_OK;
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
        .access_token = tokens->access_token.length > 0 ? tokens->access_token.bytes : NULL,
        .signing_algs = idp->signing_algs,
        .now = time(NULL),
    };

    return id_token_verify(tokens->id_token.bytes, tokens->id_token.length, keys, &terms, &idp->id_token);
}

static enum reason verify_with_fresh_keys(struct idp *idp)
{
    AUTO_JWK_SET struct jwk_set *keys = NULL;
    enum reason reason = fetch_keys(idp, &keys);

    if (reason != REASON_OK)
        return reason;
    reason = verify_with(idp, keys);
    return reason == REASON_OK ? REASON_OK : fail(idp, reason, NULL);
}

static enum reason fail_without_id_token(struct idp *idp)
{
    const char *lost = idp->tokens.lost_scopes;
    char about[OAUTH_DESCRIPTION_MAX + 32];

    (void)snprintf(about, sizeof about, "%s%s", lost[0] ? "scopes not granted: " : "", lost);
    return fail(idp, REASON_ID_TOKEN_MISSING, about);
}

/* A key that is not there may be newer than what was kept, here or by somebody on the way: fetched anew,
 * once. */
static enum reason verify_id_token(struct idp *idp)
{
    const struct ask_admission *cached = idp->admission;
    AUTO_JWK_SET struct jwk_set *keys = NULL;
    enum reason reason = REASON_OK;

    if (idp->tokens.id_token.length == 0)
        return fail_without_id_token(idp);
    if (cached->keys)
        keys = jwk_set_parse(cached->keys, cached->keys_length);
    if (!keys)
        reason = fetch_keys(idp, &keys);
    if (reason != REASON_OK)
        return reason;
    reason = verify_with(idp, keys);
    if (reason == REASON_KEY_UNKNOWN)
        return verify_with_fresh_keys(idp);
    return reason == REASON_OK ? REASON_OK : fail(idp, reason, NULL);
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
    http = http_new(idp->trust, -1);
    if (!http)
        return;
    http_set_proxy(http, idp->connection->proxy);
    device_tokens_revoke(http, &idp->client, &idp->discovery, &idp->tokens);
}

void idp_erase(struct idp *idp)
{
    json_free(idp->id_token);
    json_free(idp->userinfo);
    device_tokens_erase(&idp->tokens);
    device_grant_erase(&idp->grant);
    free(idp->signing_algs);
    discovery_clear(&idp->discovery);
    *idp = (struct idp){0};
}
