/* SPDX-License-Identifier: BSD-2-Clause */
#include "http/http_transfer.h"

#include <poll.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "http/http_address.h"

#define USER_AGENT     "frontdesk/" FD_VERSION
#define HAS_QUICK_EXIT (LIBCURL_VERSION_NUM >= 0x075700)

/* The next answer's beginning, before anybody asked for it? */
static void look_behind_body(struct transfer *t)
{
    struct curl_tlssessioninfo *tls = NULL;
    curl_off_t length = -1;

    if (curl_easy_getinfo(t->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length) == CURLE_OK &&
        length == (curl_off_t)t->body.length &&
        curl_easy_getinfo(t->easy, CURLINFO_TLS_SSL_PTR, &tls) == CURLE_OK && tls && tls->internals)
        t->http->went_on = tls_has_more(tls->internals);
}

static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
    struct transfer *t = context;
    const size_t n = one * count;

    if (n > HTTP_BODY_MAX - t->body.length) {
        t->too_large = true;
        return 0;
    }
    if (!http_body_append(&t->body, bytes, n))
        return 0;
    look_behind_body(t);
    return n;
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

bool transfer_host_is_known(const struct transfer *t)
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
        (!t->http->proxy && http_address_is_local(&to->addr) && !transfer_host_is_known(t))) {
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

static bool add_header(struct transfer *t, const char *line)
{
    struct curl_slist *longer = curl_slist_append(t->header_lines, line);

    if (longer)
        t->header_lines = longer;
    return longer != NULL;
}

static bool set_headers(struct transfer *t, const struct http_request *request)
{
    bool added = add_header(t, "Accept: application/json");

    if (request->json)
        added = added && add_header(t, "Content-Type: application/json");
    for (const char *const *line = request->headers; added && line && *line; line++)
        added = add_header(t, *line);
    return added && curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, t->header_lines) == CURLE_OK;
}

static bool set_request(struct transfer *t, const struct http_request *request)
{
    CURL *e = t->easy;
    const long connect_limit = t->limit_ms < HTTP_CONNECT_MAX_MS ? t->limit_ms : HTTP_CONNECT_MAX_MS;
    const char *body = request->json ? request->json : request->form;

    return set_headers(t, request) && curl_easy_setopt(e, CURLOPT_URL, request->url) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_TIMEOUT_MS, t->limit_ms) == CURLE_OK &&
           curl_easy_setopt(e, CURLOPT_CONNECTTIMEOUT_MS, connect_limit) == CURLE_OK &&
           (!body || curl_easy_setopt(e, CURLOPT_POSTFIELDS, body) == CURLE_OK) &&
           (!request->is_put || curl_easy_setopt(e, CURLOPT_CUSTOMREQUEST, "PUT") == CURLE_OK) &&
           set_credentials(e, request);
}

void transfer_end(struct transfer *t)
{
    if (t->easy) {
        (void)curl_multi_remove_handle(t->http->multi, t->easy);
        curl_easy_cleanup(t->easy);
    }
    curl_slist_free_all(t->header_lines);
    free(t->host);
    http_body_erase(&t->body);
}

/*
 * A connection on which something came that was not asked for is not used again: its bytes would be taken for
 * the answer to whatever is asked next.
 */
static bool connection_is_clean(struct http *http)
{
    struct pollfd kept = {.fd = http->last_socket, .events = POLLIN};
    const bool went_on = http->went_on;

    http->went_on = false;
    return !went_on && (kept.fd == CURL_SOCKET_BAD || poll(&kept, 1, 0) == 0);
}

/* On a connection that it kept, curl sends a request again when it ends without an answer. What writes (a
 * JSON body, other than a form for a token) must not be sent twice by anybody but its caller. */
static bool must_connect(struct http *http, const struct http_request *request)
{
    return !connection_is_clean(http) || request->json;
}

bool transfer_start(struct transfer *t, const struct http_request *request)
{
    t->host = host_of(request->url);
    t->easy = curl_easy_init();
    return t->host && t->easy &&
           curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, must_connect(t->http, request) ? 1L : 0L) ==
               CURLE_OK &&
           http_body_append(&t->body, "", 0) && set_rules(t) && set_proxy(t) && set_tls(t) &&
           set_request(t, request) && curl_multi_add_handle(t->http->multi, t->easy) == CURLM_OK;
}
