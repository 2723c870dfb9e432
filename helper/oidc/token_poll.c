/* SPDX-License-Identifier: BSD-2-Clause */
/* Polling the token endpoint (RFC 8628 3.4, 3.5) until it ends one way or another. */
#include <string.h>

#include "oidc/client_auth.h"
#include "oidc/device_grant.h"
#include "oidc/hide_sent.h"
#include "oidc/poll_pace.h"
#include "oidc/token_answer.h"

#define GRANT_TYPE "urn:ietf:params:oauth:grant-type:device_code"
#define MS_PER_S   1000

#define STATUS_BUSY 429

static bool make_request(const struct device_client *client, const struct device_grant *grant,
                         struct client_form *form)
{
    return client_form_begin(client, form) && client_form_add(form, "grant_type", GRANT_TYPE) &&
           client_form_add(form, "device_code", grant->device_code.bytes) &&
           (grant->code_verifier[0] == '\0' || client_form_add(form, "code_verifier", grant->code_verifier));
}

/* What a request may leave behind without ending the sign-in. */
static bool is_network_trouble(enum reason reason)
{
    return reason == REASON_IDP_UNREACHABLE || reason == REASON_IDP_TIMEOUT;
}

/* What all polls share. */
struct polling {
    struct http *http;
    const char *url;
    struct device_client *client;
    struct device_grant *grant;
    struct poll_pace pace;
    bool is_turned_away; /* the last answer was 429 and nothing else */
};

/* A form of its own each time: an assertion is good for one request. */
static enum reason ask_for_tokens(struct polling *polling, int64_t left_ms, struct http_answer *ret_answer)
{
    AUTO_CLIENT_FORM struct client_form form = {0};
    const long timeout_ms = left_ms < HTTP_REQUEST_MAX_MS ? (long)left_ms : HTTP_REQUEST_MAX_MS;

    if (!make_request(polling->client, polling->grant, &form))
        return REASON_INTERNAL;
    form.is_poll = true;
    return client_form_post(polling->http, polling->url, &form, timeout_ms, ret_answer);
}

/* A client refused here for the first time was not looked at before: the code is as good as it was. */
static void judge_client(struct device_client *client, long status, struct token_answer *answer)
{
    if (answer->outcome != TOKEN_TROUBLE &&
        client_is_respelled(client, client_was_refused(status, answer->error)))
        answer->outcome = TOKEN_PENDING;
}

static void poll_once(struct polling *polling, int64_t left_ms, struct token_answer *ret_answer)
{
    struct poll_pace *pace = &polling->pace;
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    const enum reason reason = ask_for_tokens(polling, left_ms, &answer);

    *ret_answer = (struct token_answer){.outcome = TOKEN_ENDED, .reason = reason};
    if (reason == REASON_OK) {
        token_answer_read(&answer, ret_answer);
        judge_client(polling->client, answer.status, ret_answer);
    } else if (is_network_trouble(reason)) {
        ret_answer->outcome = TOKEN_TROUBLE;
    }
    if (ret_answer->outcome == TOKEN_TROUBLE)
        poll_pace_failed(pace, reason == REASON_OK ? answer.retry_after_s : -1);
    else if (ret_answer->outcome == TOKEN_SLOW_DOWN)
        poll_pace_slow_down(pace, ret_answer->interval_s);
    else
        poll_pace_pending(pace);
    if (ret_answer->outcome == TOKEN_SLOW_DOWN)
        poll_pace_retry_after(pace, answer.retry_after_s);
    /* Auth0 says slow_down by 429, too: that is about this code, and nobody else has to wait for it. */
    polling->is_turned_away = ret_answer->outcome == TOKEN_TROUBLE && answer.status == STATUS_BUSY;
    if (polling->is_turned_away)
        http_tell_busy(polling->http, answer.retry_after_s);
}

/* Many servers forget a code when it expires and then call it invalid; ours may run an interval behind. */
static bool is_late_invalid_grant(const struct token_answer *answer, const struct device_grant *grant,
                                  const struct poll_pace *pace)
{
    return strcmp(answer->error, "invalid_grant") == 0 &&
           boottime_ms() + (int64_t)pace->interval_s * MS_PER_S >= grant->expires_at_ms;
}

/* Whoever approved and was never heard of is told why. */
static enum reason reason_of_end(const struct polling *polling, int64_t end_ms)
{
    if (polling->is_turned_away)
        return REASON_IDP_BUSY;
    return end_ms < polling->grant->expires_at_ms ? REASON_TIMEOUT : REASON_CODE_EXPIRED;
}

static enum reason poll_until(struct polling *polling, int64_t end_ms, struct device_tokens *ret_tokens)
{
    struct device_grant *grant = polling->grant;
    struct token_answer answer;

    for (;;) {
        int64_t left_ms = end_ms - boottime_ms();
        const int64_t wait_ms = poll_pace_wait_ms(&polling->pace, left_ms);

        if (!http_wait(polling->http, (long)(wait_ms < left_ms ? wait_ms : left_ms)))
            return http_interruption(polling->http);
        left_ms = end_ms - boottime_ms();
        if (left_ms <= 0)
            return reason_of_end(polling, end_ms);
        poll_once(polling, left_ms, &answer);
        memcpy(grant->error, answer.error, sizeof grant->error);
        memcpy(grant->description, answer.description, sizeof grant->description);
        if (answer.outcome != TOKEN_ENDED)
            continue;
        if (is_late_invalid_grant(&answer, grant, &polling->pace))
            return REASON_CODE_EXPIRED;
        if (answer.reason != REASON_OK)
            return answer.reason;
        *ret_tokens = answer.tokens;
        token_scopes_lost(answer.scope, polling->client->scopes, ret_tokens->lost_scopes);
        return REASON_OK;
    }
}

/* Spent: no second exchange. Whoever tells what went wrong does not know it any more, and cannot hide it. */
static void drop_code(struct device_grant *grant)
{
    hide_sent(grant->error, grant->device_code.bytes);
    hide_sent(grant->description, grant->device_code.bytes);
    secret_erase(&grant->device_code);
}

enum reason device_grant_poll(struct http *http, struct device_client *client,
                              const struct discovery *discovery, struct device_grant *grant,
                              int64_t deadline_ms, struct device_tokens *ret_tokens)
{
    struct polling polling = {.http = http,
                              .url = discovery->token_endpoint,
                              .client = client,
                              .grant = grant,
                              .pace = {.interval_s = grant->interval_s}};
    const int64_t end_ms = deadline_ms < grant->expires_at_ms ? deadline_ms : grant->expires_at_ms;
    const enum reason reason = poll_until(&polling, end_ms, ret_tokens);

    drop_code(grant);
    return reason;
}
