/* SPDX-License-Identifier: BSD-2-Clause */
/* https requests with libcurl's multi interface, so that a hang-up of the host is noticed in the middle. */
#include "http/http.h"

#include <string.h>
#include <strings.h>

#include "clock.h"
#include "hang_up.h"
#include "http/http_address.h"
#include "http/http_transfer.h"

#define POLL_STEP_MS   500 /* at least so often the watched descriptor is looked at */
#define REDIRECT_CLASS 3
#define STATUS_BUSY    429

bool http_warm(void)
{
    CURL *easy;

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return false;
    easy = curl_easy_init();
    if (!easy)
        return false;
    curl_easy_cleanup(easy);
    return tls_warm();
}

struct http *http_new(const struct tls_trust *trust, int watched_fd)
{
    struct http *http = calloc(1, sizeof *http);

    if (!http)
        return NULL;
    http->trust = trust;
    http->watched = watched_fd;
    http->deadline_ms = INT64_MAX;
    http->last_socket = CURL_SOCKET_BAD;
    http->multi = curl_multi_init();
    /* one connection is kept: a second one would be an older one, which nobody looks at any more */
    if (!http->multi || curl_multi_setopt(http->multi, CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        (void)curl_multi_cleanup(http->multi);
        free(http);
        return NULL;
    }
    return http;
}

void http_free(struct http *http)
{
    if (!http)
        return;
    (void)curl_multi_cleanup(http->multi);
    free(http);
}

void http_set_deadline(struct http *http, int64_t deadline_ms)
{
    http->deadline_ms = deadline_ms;
}

void http_set_proxy(struct http *http, const char *proxy)
{
    http->proxy = proxy;
}

void http_set_known_hosts(struct http *http, char *const *hosts)
{
    http->known_hosts = hosts;
}

const char *http_error(const struct http *http)
{
    return http->error;
}

static void explain(struct http *http, const char *why)
{
    (void)snprintf(http->error, sizeof http->error, "%s", why);
}

void http_answer_erase(struct http_answer *answer)
{
    if (answer->body)
        explicit_bzero(answer->body, answer->length);
    free(answer->body);
    *answer = (struct http_answer){0};
}

void http_set_guard(struct http *http, bool (*is_in_order)(void *context), void *context)
{
    http->is_in_order = is_in_order;
    http->guard_context = context;
}

void http_set_busy_listener(struct http *http, void (*is_busy)(void *context, long retry_after_s),
                            void *context)
{
    http->is_busy = is_busy;
    http->busy_context = context;
}

void http_tell_busy(const struct http *http, long retry_after_s)
{
    if (http->is_busy)
        http->is_busy(http->busy_context, retry_after_s);
}

long http_status(const struct http *http)
{
    return http->status;
}

enum reason http_interruption(const struct http *http)
{
    return http->interruption;
}

/* REASON_OK, _CANCELLED or _PROTOCOL. A peer that says something and goes has gone. */
static enum reason look_at_peer(struct http *http)
{
    const bool in_order =
        hang_up_seen(http->watched) || !http->is_in_order || http->is_in_order(http->guard_context);

    if (hang_up_seen(http->watched))
        return REASON_CANCELLED;
    return in_order ? REASON_OK : REASON_PROTOCOL;
}

bool http_wait(struct http *http, long milliseconds)
{
    const int64_t until = boottime_ms() + milliseconds;
    bool over;

    if (!http->is_in_order) {
        http->interruption = REASON_CANCELLED;
        return hang_up_wait(http->watched, milliseconds);
    }
    do {
        over = hang_up_or_word(http->watched, until - boottime_ms());
        http->interruption = look_at_peer(http);
    } while (!over && http->interruption == REASON_OK);
    return http->interruption == REASON_OK;
}

/* *ret_code says how the transfer ended, when REASON_OK says that it did. */
static enum reason transfer_run(struct transfer *t, CURLcode *ret_code)
{
    struct http *http = t->http;
    /* events 0: poll tells of the peer's end unasked, and packets that nobody reads do not make this spin */
    struct curl_waitfd watched = {.fd = http->watched, .events = http->is_in_order ? CURL_WAIT_POLLIN : 0};
    const unsigned watched_count = http->watched >= 0 ? 1 : 0;
    const CURLMsg *message;
    enum reason reason;
    int running = 1, left;

    for (;;) {
        reason = look_at_peer(http);
        if (reason != REASON_OK)
            return reason;
        if (curl_multi_perform(http->multi, &running) != CURLM_OK)
            return REASON_INTERNAL;
        if (running == 0)
            break;
        if (curl_multi_poll(http->multi, &watched, watched_count, POLL_STEP_MS, NULL) != CURLM_OK)
            return REASON_INTERNAL;
    }
    if (curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &http->last_socket) != CURLE_OK)
        http->last_socket = CURL_SOCKET_BAD;
    message = curl_multi_info_read(http->multi, &left);
    if (!message || message->msg != CURLMSG_DONE)
        return REASON_INTERNAL;
    *ret_code = message->data.result;
    return REASON_OK;
}

/*
 * A handshake that broke off is trouble of the network, as any other connection that does, and may go better
 * next time; one that the two sides could not agree on will not. curl has one code for both, and OpenSSL's
 * words in its text only for the second.
 */
static enum reason reason_of_handshake(const char *error)
{
    return strstr(error, "SSL routines") && !strstr(error, "unexpected eof") ? REASON_IDP_TLS
                                                                             : REASON_IDP_UNREACHABLE;
}

static enum reason reason_of(const struct transfer *t, CURLcode code)
{
    if (t->too_large)
        return REASON_IDP_TOO_LARGE;
    if (t->kept_away && code != CURLE_OK)
        return REASON_ENDPOINT_NOT_ALLOWED;
    switch (code) {
    case CURLE_OUT_OF_MEMORY: /* what curl calls a header line beyond its own bound */
        return REASON_IDP_TOO_LARGE;
    case CURLE_OK:
        return REASON_OK;
    case CURLE_OPERATION_TIMEDOUT:
        return REASON_IDP_TIMEOUT;
    case CURLE_SSL_CONNECT_ERROR:
        return reason_of_handshake(t->http->error);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_USE_SSL_FAILED:
    case CURLE_ABORTED_BY_CALLBACK:
        return REASON_IDP_TLS;
    case CURLE_WRITE_ERROR:
    case CURLE_FAILED_INIT:
        return REASON_INTERNAL;
    default:
        return REASON_IDP_UNREACHABLE;
    }
}

static enum reason judge(struct transfer *t, CURLcode code, long *ret_status)
{
    struct http *http = t->http;
    static const char away[] = "an endpoint is on this machine or beside it (endpoint_hosts may name it)";
    const enum reason reason = reason_of(t, code);
    long status = 0;

    if (t->too_large)
        explain(http, "the answer was larger than allowed");
    else if (reason == REASON_ENDPOINT_NOT_ALLOWED)
        explain(http, away);
    else if (reason != REASON_OK && http->error[0] == '\0')
        explain(http, curl_easy_strerror(code));
    if (reason != REASON_OK)
        return reason;
    if (curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status == 0)
        return REASON_IDP_UNREACHABLE;
    if (status / 100 == REDIRECT_CLASS) {
        explain(http, "the answer was a redirect");
        return REASON_IDP_REDIRECT;
    }
    *ret_status = status;
    return REASON_OK;
}

enum reason http_perform(struct http *http, const struct http_request *request,
                         struct http_answer *ret_answer)
{
    CLEANUP(transfer_end) struct transfer t = {.http = http, .headers = http_headers_new()};
    const int64_t left_ms = http->deadline_ms - boottime_ms();
    CURLcode code = CURLE_OK;
    enum reason reason;
    long status = 0;

    http->error[0] = '\0';
    http->status = 0;
    if (strncasecmp(request->url, "https://", strlen("https://")) != 0)
        return REASON_ENDPOINT_NOT_HTTPS;
    t.limit_ms = request->timeout_ms < HTTP_REQUEST_MAX_MS ? request->timeout_ms : HTTP_REQUEST_MAX_MS;
    if (left_ms < t.limit_ms)
        t.limit_ms = (long)left_ms;
    if (t.limit_ms <= 0)
        return REASON_IDP_TIMEOUT;
    if (!transfer_start(&t, request))
        return REASON_INTERNAL;
    if (http_host_is_local(t.host) && !transfer_host_is_known(&t)) {
        t.kept_away = true;
        return judge(&t, CURLE_COULDNT_CONNECT, &status);
    }
    reason = transfer_run(&t, &code);
    if (reason == REASON_OK)
        reason = judge(&t, code, &status);
    if (reason != REASON_OK)
        return reason;
    http->status = status;
    if (status == STATUS_BUSY && !request->defers_busy)
        http_tell_busy(http, t.headers.retry_after_s);
    *ret_answer = (struct http_answer){.status = status,
                                       .body = t.body.text,
                                       .length = t.body.length,
                                       .lifetime_s = http_headers_lifetime(&t.headers),
                                       .retry_after_s = t.headers.retry_after_s,
                                       .date_s = t.headers.has_date ? t.headers.date : -1};
    t.body = (struct http_body){0};
    return REASON_OK;
}
