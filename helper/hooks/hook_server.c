/* SPDX-License-Identifier: BSD-2-Clause */
/* Root typed where the server is, so it may be anywhere; where it leads to with a redirect, nobody goes. */
#include "hooks/hook_program.h"

#include <string.h>
#include <syslog.h>

#include "child_limits.h"
#include "clock.h"
#include "display/text.h"
#include "log.h"
#include "sandbox.h"

#define NO_PEER (-1)

static bool open_http(const struct hook_server_place *place, struct hook_server *server, const char **ret_why)
{
    size_t length;
    const char *host = text_url_host(place->url, &length);

    server->host = strndup(host, length);
    server->known[0] = server->host;
    server->trust = tls_trust_load(place->ca_file, ret_why);
    if (!server->host || !server->trust)
        return false;
    *ret_why = "the libraries cannot be used";
    server->http = http_warm() ? http_new(server->trust, NO_PEER) : NULL;
    return server->http != NULL;
}

bool hook_server_open(const struct hook_server_place *place, struct hook_server *ret_server)
{
    const char *why = "out of memory";

    *ret_server = (struct hook_server){0};
    if (!open_http(place, ret_server, &why)) {
        log_line(LOG_ERR, "%s: %s", place->ca_file ? place->ca_file : "the system's certificates", why);
        return false;
    }
    http_set_known_hosts(ret_server->http, ret_server->known);
    http_set_proxy(ret_server->http, place->proxy);
    http_set_deadline(ret_server->http, boottime_ms() + (int64_t)place->timeout_s * 1000);
    if (child_limits_set() && sandbox_enter(SANDBOX_CHILD, NULL))
        return true;
    log_line(LOG_ERR, "the sandbox could not be closed");
    return false;
}

void hook_server_close(struct hook_server *server)
{
    http_free(server->http);
    tls_trust_free(server->trust);
    free(server->host);
    *server = (struct hook_server){0};
}

bool hook_server_ask(const struct hook_server *server, const struct http_request *request, const char *what,
                     struct http_answer *ret_answer)
{
    struct http_request timed = *request;
    char words[LOG_STRING_MAX + 1];
    enum reason reason;

    timed.timeout_ms = HTTP_REQUEST_MAX_MS;
    reason = http_perform(server->http, &timed, ret_answer);
    if (reason == REASON_OK)
        return true;
    log_line(LOG_ERR, "%s: no answer: %s (%s)", what, log_text(http_error(server->http), words, sizeof words),
             reason_code(reason));
    return false;
}
