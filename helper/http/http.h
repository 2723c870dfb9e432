/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The only door to libcurl: one https request at a time on one kept connection.
 *
 * https only, through the given proxy or none; redirects, proxies of the environment, .netrc, cookies and
 * compression are off; TLS 1.2 at least with the given trust; bodies are cut off at HTTP_BODY_MAX. Only hosts
 * that were named as known may be on this machine or beside it (http_address.h), whatever their name led to
 * at the moment of connecting. While a request runs the caller's descriptor is watched: when its peer hangs
 * up the request ends at once with REASON_CANCELLED.
 *
 * A process that saw REASON_CANCELLED ends with _exit: curl's clean-up would join a resolver thread that may
 * still wait for a silent DNS server.
 */
#ifndef HELPER_HTTP_H
#define HELPER_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/tls.h"
#include "reason.h"
#include "secret.h"

#define HTTP_BODY_MAX       (1024 * 1024) /* bytes */
#define HTTP_HEADERS_MAX    (64 * 1024)   /* bytes of all header lines */
#define HTTP_REQUEST_MAX_MS 15000         /* a request may take this long ... */
#define HTTP_CONNECT_MAX_MS 8000          /* ... of which this for name, TCP and TLS */

struct http; /* opaque: one per sign-in */

struct http_request {
    const char *url;  /* https */
    const char *form; /* application/x-www-form-urlencoded body: POST; NULL: GET */
    const char *json; /* in the place of `form`, an application/json body: POST; NULL: none */
    bool is_put;      /* PUT, with a body of either kind */
    const char *const
        *headers;           /* more of them, "Name: value", none with a secret; NULL-terminated, NULL: none */
    const char *basic_user; /* as the server wants it spelled (RFC 6749 2.3.1: form-encoded); NULL: none */
    const char *basic_password; /* likewise; "" when there is none */
    const char *bearer;         /* RFC 6750 header; NULL: none */
    long timeout_ms;            /* at most HTTP_REQUEST_MAX_MS */
    bool defers_busy;           /* whether 429 means everybody the caller will know: http_tell_busy */
};

struct http_answer {
    long status;
    char *body; /* NUL-terminated; erased by http_answer_erase, for it may hold tokens */
    size_t length;
    long lifetime_s;    /* RFC 9111: from Cache-Control or Expires, and Age; 0: do not keep; -1: not said */
    long retry_after_s; /* Retry-After, as seconds from now; -1: not said */
    int64_t date_s;     /* Date, seconds since 1970: the server's clock; -1: not said */
};

/* watched_fd: a socket whose hang-up cancels; -1: none. NULL when curl or memory fails. */
struct http *http_new(const struct tls_trust *trust, int watched_fd);
void http_free(struct http *http);

/* From now on requests go through a tunnel (CONNECT) of this proxy, http://HOST:PORT, which outlives `http`;
 * NULL: directly. TLS is with the server, end to end. */
void http_set_proxy(struct http *http, const char *proxy);

/* Hosts (NULL-terminated, outliving `http`; an IPv6 address in brackets) whose addresses may be any; NULL:
 * none. Through a proxy only hosts that are written as addresses are looked at: it alone knows the others. */
void http_set_known_hosts(struct http *http, char *const *hosts);

/*
 * From now on what the watched peer says is looked at while others are waited for: `is_in_order` is called
 * when there is something to read, reads all of it, and ends the request or the wait by false.
 */
void http_set_guard(struct http *http, bool (*is_in_order)(void *context), void *context);

/* From now on told of each 429 (RFC 6585 4), with its Retry-After in seconds; -1: not said. */
void http_set_busy_listener(struct http *http, void (*is_busy)(void *context, long retry_after_s),
                            void *context);

/* For a request that defers it: this 429 is not about that request alone. */
void http_tell_busy(const struct http *http, long retry_after_s);

/* From now on no request goes on beyond deadline_ms (CLOCK_BOOTTIME), whatever its own timeout. */
void http_set_deadline(struct http *http, int64_t deadline_ms);

/*
 * REASON_OK whenever an HTTP answer of any status came back whole; else REASON_IDP_UNREACHABLE, _TLS,
 * _TIMEOUT, _REDIRECT (3xx), _TOO_LARGE, REASON_ENDPOINT_NOT_HTTPS, REASON_ENDPOINT_NOT_ALLOWED (its host is
 * not known, and here or beside us), REASON_CANCELLED or REASON_INTERNAL, and
 * *ret_answer is untouched. The body of a failed request is erased.
 */
enum reason http_perform(struct http *http, const struct http_request *request,
                         struct http_answer *ret_answer);

/* Why the last http_perform failed, for the log (curl's words, cut); "" when it did not. */
const char *http_error(const struct http *http);

/* The last answer's status; 0: the last request had none. */
long http_status(const struct http *http);

/* Why the last http_wait ended early: REASON_CANCELLED, or REASON_PROTOCOL by the guard's word. */
enum reason http_interruption(const struct http *http);

void http_answer_erase(struct http_answer *answer);

/*
 * Waits without a request. False: the watched descriptor hung up, or its guard said no. Uses CLOCK_BOOTTIME.
 */
bool http_wait(struct http *http, long milliseconds);

/*
 * Loads what a child needs before it is forked: curl and OpenSSL. To be called first by every program, and
 * with a clean environment: curl opens the file that SSLKEYLOGFILE names, OpenSSL the one of OPENSSL_CONF.
 */
bool http_warm(void);

/* application/x-www-form-urlencoded: appends name=value, with '&' where needed. False when memory is short.
 */
struct http_form {
    char *text; /* may hold secrets: http_form_erase */
    size_t length, size;
};
bool http_form_add(struct http_form *form, const char *name, const char *value);
void http_form_erase(struct http_form *form);
/* form-encodes one value alone; malloc'd, holds a secret when the value does. */
char *http_form_encode(const char *value);

static inline void cleanup_http(struct http **http)
{
    http_free(*http);
}

#define AUTO_HTTP        CLEANUP(cleanup_http)
#define AUTO_HTTP_ANSWER CLEANUP(http_answer_erase)
#define AUTO_HTTP_FORM   CLEANUP(http_form_erase)

#endif
