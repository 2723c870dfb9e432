/* SPDX-License-Identifier: BSD-2-Clause */
/* One request as curl is told of it, and what comes back; http.c runs it and judges how it ended. */
#ifndef HELPER_HTTP_TRANSFER_H
#define HELPER_HTTP_TRANSFER_H

#include <curl/curl.h>

#include "http/http.h"
#include "http/http_body.h"
#include "http/http_headers.h"

struct http {
    const struct tls_trust *trust;
    CURLM *multi;
    int watched;
    const char *proxy;         /* NULL: none */
    char *const *known_hosts;  /* NULL: none */
    curl_socket_t last_socket; /* of the connection that is kept */
    bool went_on;              /* it holds more than the answer that was asked for */
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

/* Makes the handle with every rule of http.h and hands it to `multi`. False: curl or memory failed. */
bool transfer_start(struct transfer *t, const struct http_request *request);
void transfer_end(struct transfer *t);

/* May this request go to an address here or beside us? */
bool transfer_host_is_known(const struct transfer *t);

#endif
