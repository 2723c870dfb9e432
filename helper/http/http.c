/* SPDX-License-Identifier: BSD-2-Clause */
/* https requests with libcurl's multi interface, so that a hang-up of the host is noticed in the middle. */
#include "http/http.h"

#include <curl/curl.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "clock.h"
#include "hang_up.h"
#include "http/http_address.h"
#include "http/http_body.h"
#include "http/http_headers.h"

#define POLL_STEP_MS   500 /* at least so often the watched descriptor is looked at */
#define REDIRECT_CLASS 3
#define STATUS_BUSY    429
#define USER_AGENT     "frontdesk/" FD_VERSION
#define HAS_QUICK_EXIT (LIBCURL_VERSION_NUM >= 0x075700)

struct http {
    const struct tls_trust *trust;
    CURLM *multi;
    int watched;
    const char *proxy;        /* NULL: none */
    char *const *known_hosts; /* NULL: none */
    int64_t deadline_ms;
    char error[CURL_ERROR_SIZE];
    long status;
    enum reason interruption;
    bool (*is_in_order)(void *context); /* NULL: nobody looks */
    void *guard_context;
    void (*is_busy)(void *context, long retry_after_s); /* NULL: nobody listens */
    void *busy_context;
};

/* One request on its way. */
struct transfer {
    struct http *http;
    CURL *easy;
    char *host;
    long limit_ms;
    struct curl_slist *header_lines;
    struct http_headers headers;
    struct http_body body;
    bool too_large, kept_away;
};

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
    http->multi = curl_multi_init();
    if (!http->multi) {
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

static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
    struct transfer *t = context;
    const size_t n = one * count;

    if (n > HTTP_BODY_MAX - t->body.length) {
        t->too_large = true;
        return 0;
    }
    return http_body_append(&t->body, bytes, n) ? n : 0;
}

static size_t take_header(char *line, size_t one, size_t count, void *context)
{
    struct transfer *t = context;

    if (http_headers_take(&t->headers, line, one * count))
        return one * count;
    t->too_large = true;
    return 0;
}

static CURLcode prepare_tls(CURL *easy, void *ssl_ctx, void *context)
{
    const struct transfer *t = context;

    (void)easy;
    return tls_trust_apply(t->http->trust, ssl_ctx, t->host) ? CURLE_OK : CURLE_ABORTED_BY_CALLBACK;
}

/* The host as a certificate would name it: an IPv6 address without its brackets. */
static char *host_of(const char *url)
{
    CURLU *parts = curl_url();
    char *part = NULL, *host = NULL;

    if (parts && curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parts, CURLUPART_HOST, &part, 0) == CURLUE_OK) {
        const size_t length = strlen(part);

        host = part[0] == '[' && length > 2 ? strndup(part + 1, length - 2) : strdup(part);
    }
    curl_free(part);
    curl_url_cleanup(parts);
    return host;
}

static bool is_known(const struct transfer *t)
{
    for (char *const *host = t->http->known_hosts; host && *host; host++) {
        const size_t bracket = (*host)[0] == '[' ? 1 : 0, length = strlen(*host) - 2 * bracket;

        if (strlen(t->host) == length && strncasecmp(*host + bracket, t->host, length) == 0)
            return true;
    }
    return false;
}

/* The address that is connected to, whatever the name led to a moment ago. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *to)
{
    struct transfer *t = context;

    if (purpose != CURLSOCKTYPE_IPCXN ||
        (!t->http->proxy && http_address_is_local(&to->addr) && !is_known(t))) {
        t->kept_away = true;
        return CURL_SOCKET_BAD;
    }
    return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static bool set_rules(struct transfer *t)
{
    CURL *e = t->easy;

    return curl_easy_setopt(e, CURLOPT_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HTTP_CONTENT_DECODING, 0L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_TCP_NODELAY, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_USERAGENT, USER_AGENT) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK &&
#if HAS_QUICK_EXIT
           /* or a timeout would wait for the resolver thread, and that for a silent DNS server */
           curl_easy_setopt(e, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
#endif
           curl_easy_setopt(e, CURLOPT_ERRORBUFFER, t->http->error) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_WRITEDATA, t) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HEADERFUNCTION, take_header) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HEADERDATA, t) == CURLE_OK;
}

/* "" is no proxy, and an exception for no host: NULL would be the environment's. */
static bool set_proxy(struct transfer *t)
{
    CURL *e = t->easy;
    const char *proxy = t->http->proxy ? t->http->proxy : "";

    return curl_easy_setopt(e, CURLOPT_PROXY, proxy) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_NOPROXY, "") == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_PROXYTYPE, (long)CURLPROXY_HTTP) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HTTPPROXYTUNNEL, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK;
}

static bool set_tls(struct transfer *t)
{
    CURL *e = t->easy;

    return curl_easy_setopt(e, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           /* or curl would parse the system's bundle for every connection */
           curl_easy_setopt(e, CURLOPT_CAINFO, NULL) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_CAPATH, NULL) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSL_CTX_FUNCTION, prepare_tls) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_SSL_CTX_DATA, t) == CURLE_OK;
}

static bool set_credentials(CURL *e, const struct http_request *request)
{
    if (request->basic_user)
        return curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_USERNAME, request->basic_user) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_PASSWORD, request->basic_password) == CURLE_OK;
    if (request->bearer)
        return curl_easy_setopt(e, CURLOPT_HTTPAUTH, (long)CURLAUTH_BEARER) == CURLE_OK &&
               curl_easy_setopt(e, CURLOPT_XOAUTH2_BEARER, request->bearer) == CURLE_OK;
    return true;
}

static bool set_request(struct transfer *t, const struct http_request *request)
{
    CURL *e = t->easy;
    const long connect_limit = t->limit_ms < HTTP_CONNECT_MAX_MS ? t->limit_ms : HTTP_CONNECT_MAX_MS;

    t->header_lines = curl_slist_append(NULL, "Accept: application/json");
    return t->header_lines && curl_easy_setopt(e, CURLOPT_URL, request->url) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_HTTPHEADER, t->header_lines) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, t->limit_ms) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, connect_limit) == CURLE_OK &&
           (!request->form || curl_easy_setopt(e, CURLOPT_POSTFIELDS, request->form) == CURLE_OK) &&
           set_credentials(e, request);
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

static void transfer_end(struct transfer *t)
{
    if (t->easy) {
        (void)curl_multi_remove_handle(t->http->multi, t->easy);
        curl_easy_cleanup(t->easy);
    }
    curl_slist_free_all(t->header_lines);
    free(t->host);
    http_body_erase(&t->body);
}

static bool transfer_start(struct transfer *t, const struct http_request *request)
{
    t->host = host_of(request->url);
    t->easy = curl_easy_init();
    return t->host && t->easy && http_body_append(&t->body, "", 0) && set_rules(t) && set_proxy(t) &&
           set_tls(t) && set_request(t, request) &&
           curl_multi_add_handle(t->http->multi, t->easy) == CURLM_OK;
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
    if (http_host_is_local(t.host) && !is_known(&t)) {
        t.kept_away = true;
        return judge(&t, CURLE_COULDNT_CONNECT, &status);
    }
    reason = transfer_run(&t, &code);
    if (reason == REASON_OK)
        reason = judge(&t, code, &status);
    if (reason != REASON_OK)
        return reason;
    http->status = status;
    if (status == STATUS_BUSY && http->is_busy)
        http->is_busy(http->busy_context, t.headers.retry_after_s);
    *ret_answer = (struct http_answer){.status = status,
                                       .body = t.body.text,
                                       .length = t.body.length,
                                       .lifetime_s = http_headers_lifetime(&t.headers),
                                       .retry_after_s = t.headers.retry_after_s,
                                       .date_s = t.headers.has_date ? t.headers.date : -1};
    t.body = (struct http_body){0};
    return REASON_OK;
}
