/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frontdesk-webhook: an event as an HTTPS POST, signed. Who has the secret knows that the body came from
 * here, and when; and by the event's id whether it came before.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "frontdesk/paths.h"
#include "hooks/hook_program.h"
#include "jose/hash.h"
#include "log.h"

#define HEADER_SIZE 128

struct webhook_settings {
    char *url, *secret_file, *ca_file, *proxy;
    uint32_t timeout;
};

#define FIELD(field) .key = #field, .offset = offsetof(struct webhook_settings, field)

static const struct setting settings[] = {
    {FIELD(url), .parse = setting_https_url, .required = true,
     .help = "where events are posted: https://..."},
    {FIELD(secret_file), .parse = setting_secret_file, .required = true,
     .help = "file with the secret of the signature, or the name of a systemd credential"},
    {FIELD(ca_file), .parse = setting_path, .help = "certificates to trust (default: the system's)"},
    {FIELD(proxy), .parse = setting_proxy, .help = "http://HOST:PORT (default: none)"},
    {FIELD(timeout), .parse = setting_seconds, .min = 1, .max = 3600, .fallback = "8 s",
     .help = "how long all of it may take; less than [kiosk] hook_timeout"},
};
static const struct hook_table table = {"webhook", settings, sizeof settings / sizeof settings[0]};

/* HMAC-SHA256 over timestamp "." body, as others do it (docs/hooks.md). */
static bool sign(const struct secret *secret, const char *timestamp, const char *body, char *ret_header,
                 size_t size)
{
    const struct hash_input key = {.bytes = secret->bytes, .length = secret->length};
    AUTO_FREE char *signed_text = setting_sentence("%s.%s", timestamp, body);
    char hex[HASH_SHA256_HEX_SIZE];
    struct hash_input input = {.bytes = signed_text};

    if (!signed_text)
        return false;
    input.length = strlen(signed_text);
    return hash_hmac_hex(key, input, hex, sizeof hex) &&
           (size_t)snprintf(ret_header, size, "X-Frontdesk-Signature: sha256=%s", hex) < size;
}

static enum hook_status post(const struct hook_server *server, const struct webhook_settings *webhook,
                             const struct told_event *event, const struct secret *secret)
{
    char id[HEADER_SIZE], timestamp[HEADER_SIZE], signature[HEADER_SIZE], now[32];
    const char *const headers[] = {id, timestamp, signature, NULL};
    const struct http_request request = {.url = webhook->url, .json = event->text, .headers = headers};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    enum hook_status status;

    (void)snprintf(now, sizeof now, "%" PRId64, (int64_t)time(NULL));
    (void)snprintf(id, sizeof id, "X-Frontdesk-Event: %s", event->id);
    (void)snprintf(timestamp, sizeof timestamp, "X-Frontdesk-Timestamp: %s", now);
    if (!sign(secret, now, event->text, signature, sizeof signature) ||
        !hook_server_ask(server, &request, "POST", &answer))
        return HOOK_LATER;
    status = hook_status_of(answer.status);
    if (status != HOOK_TOLD)
        log_line(LOG_ERR, "POST: the answer has status %ld", answer.status);
    return status;
}

static enum hook_status tell(const struct webhook_settings *webhook, const struct told_event *event)
{
    const struct hook_server_place place = {.url = webhook->url,
                                            .ca_file = webhook->ca_file,
                                            .proxy = webhook->proxy,
                                            .timeout_s = webhook->timeout};
    AUTO_SECRET struct secret secret = {0};
    AUTO_SERVER struct hook_server server = {0};
    AUTO_FREE char *why = NULL;

    if (!hook_secret_read(webhook->secret_file, &secret, &why)) {
        log_line(LOG_ERR, "secret_file: %s", why ? why : "out of memory");
        return HOOK_CONFIG;
    }
    if (!hook_server_open(&place, &server))
        return HOOK_CONFIG;
    return post(&server, webhook, event, &secret);
}

int main(int argc, char **argv)
{
    static const struct hook_face face = {.program = "frontdesk-webhook",
                                          .summary = "Posts an event of frontdesk-hooks to a server.",
                                          .config = FD_SYSCONFDIR "/hooks/webhook.conf",
                                          .table = &table};
    struct webhook_settings webhook = {0};
    AUTO_EVENT struct told_event event = {0};
    int status;

    if (hook_program_begin(argc, argv, &face, &webhook, &event, &status))
        status = (int)tell(&webhook, &event);
    hook_file_clear(&table, &webhook);
    return status;
}
