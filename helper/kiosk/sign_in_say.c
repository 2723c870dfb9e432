/* SPDX-License-Identifier: BSD-2-Clause */
/* What the server is told: taken out of what the module said, one by one, and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "display/qr.h"
#include "kiosk/sign_in.h"
#include "sockets.h"
#include "json/json.h"

#define URI_MAX 512

static bool send_line(struct sign_in *sign_in)
{
    struct line *line = &sign_in->line;
    bool sent;

    line_end(line);
    sent = !line->is_short && packet_send(sign_in->server, line->bytes, line->length);
    line_erase(line);
    return sent;
}

static void begin(struct sign_in *sign_in, const char *state)
{
    line_begin(&sign_in->line);
    line_string(&sign_in->line, "state", state);
}

/* A page without the QR still has code and address. */
static void add_qr(struct line *line, const char *content)
{
    struct qr_modules qr;

    if (!qr_modules(content, &qr))
        return;
    line_open(line, "qr", '[');
    for (unsigned y = 0; y < qr.side; y++)
        line_item(line, qr.rows + (size_t)y * (qr.side + 1));
    line_close(line, ']');
    free(qr.rows);
}

/* As the module's helper made it: uri for the QR, uriPlain to be typed, code, lifetime. */
bool sign_in_say_code(struct sign_in *sign_in, const char *json)
{
    AUTO_JSON struct json_document *document = json_parse(json, strlen(json));
    const struct json_value *mechanism =
        json_get(json_get(json_get(json_top(document), "authSelection"), "mechanisms"), "eidp");
    const char *code, *uri, *plain;
    int64_t lifetime;

    if (!json_string(json_get(mechanism, "code"), &code, NULL) ||
        !json_string(json_get(mechanism, "uri"), &uri, NULL) || strlen(uri) > URI_MAX)
        return false;
    if (!json_string(json_get(mechanism, "uriPlain"), &plain, NULL))
        plain = uri;
    if (!json_integer(json_get(mechanism, "lifetime"), &lifetime) &&
        !json_integer(json_get(mechanism, "timeout"), &lifetime))
        return false;
    begin(sign_in, "code");
    line_string(&sign_in->line, "code", code);
    line_string(&sign_in->line, "uri", plain);
    line_string(&sign_in->line, "uri_complete", uri);
    line_number(&sign_in->line, "lifetime", lifetime);
    add_qr(&sign_in->line, uri);
    return send_line(sign_in);
}

static void take(const struct json_value *value, char *ret_text, size_t size)
{
    const char *text;
    size_t length;

    ret_text[0] = '\0';
    if (json_string(value, &text, &length) && length < size)
        memcpy(ret_text, text, length + 1);
}

bool sign_in_note_refusal(struct sign_in *sign_in, const char *json)
{
    AUTO_JSON struct json_document *document = json_parse(json, strlen(json));
    const struct json_value *refusal = json_get(json_top(document), "refusal");

    take(json_get(refusal, "reason"), sign_in->refusal.reason, sizeof sign_in->refusal.reason);
    take(json_get(refusal, "text"), sign_in->refusal.text, sizeof sign_in->refusal.text);
    if (!json_integer(json_get(refusal, "retryAfter"), &sign_in->refusal.retry_after))
        sign_in->refusal.retry_after = 0;
    return refusal != NULL;
}

bool sign_in_say_approved(struct sign_in *sign_in, const char *name)
{
    begin(sign_in, "approved");
    line_string(&sign_in->line, "name", name);
    return send_line(sign_in);
}

/* What the keeper recorded, in the words of worker.h. NULL: it said nothing that is known. */
static const char *recorded_as(const char *check_in)
{
    static const char *const words[][2] = {
        {"in", "checked_in"}, {"out", "checked_out"}, {"already", "already"}};

    for (size_t i = 0; check_in && i < sizeof words / sizeof words[0]; i++)
        if (strcmp(check_in, words[i][0]) == 0)
            return words[i][1];
    return NULL;
}

bool sign_in_say_recorded(struct sign_in *sign_in, pam_handle_t *pamh)
{
    const char *state = recorded_as(pam_getenv(pamh, "FRONTDESK_CHECK_IN"));
    const char *since = pam_getenv(pamh, "FRONTDESK_CHECK_IN_SINCE");

    if (!state)
        return false;
    begin(sign_in, state);
    line_string(&sign_in->line, "name", pam_getenv(pamh, "FRONTDESK_NAME"));
    if (since)
        line_number(&sign_in->line, "since", strtoll(since, NULL, 10));
    return send_line(sign_in);
}

bool sign_in_say_refused(struct sign_in *sign_in, const char *reason)
{
    const struct sign_in_refusal *refusal = &sign_in->refusal;

    begin(sign_in, "refused");
    line_string(&sign_in->line, "reason", refusal->reason[0] ? refusal->reason : reason);
    line_string(&sign_in->line, "text", refusal->text);
    if (refusal->retry_after > 0)
        line_number(&sign_in->line, "retry_after", refusal->retry_after);
    return send_line(sign_in);
}
