/* SPDX-License-Identifier: BSD-2-Clause */
/* From the device authorization answer to a grant that can be shown and polled. */
#include "oidc/device_answer.h"

#include <stdio.h>
#include <string.h>

#include "display/text.h"
#include "oidc/oauth_error.h"

#define STATUS_OK           200
#define STATUS_UNAUTHORIZED 401
#define STATUS_BUSY         429
#define MS_PER_S            1000

static long clamped(int64_t value, long min, long max)
{
    if (value < min)
        return min;
    return value < max ? (long)value : max;
}

static enum reason fault(struct device_grant *grant, const char *member, enum reason reason)
{
    (void)snprintf(grant->error, sizeof grant->error, "%s", member);
    return reason;
}

static enum reason take_device_code(const struct json_value *top, struct device_grant *grant)
{
    const char *code;
    size_t length;

    if (!json_string(json_get(top, "device_code"), &code, &length) || length == 0 || length > DEVICE_CODE_MAX)
        return fault(grant, "device_code", REASON_DEVICE_ANSWER_INVALID);
    return secret_copy(code, length, &grant->device_code) ? REASON_OK : REASON_INTERNAL;
}

static enum reason take_user_code(const struct json_value *top, struct device_grant *grant)
{
    const char *code;
    size_t length;

    if (!json_string(json_get(top, "user_code"), &code, &length) || length == 0)
        return fault(grant, "user_code", REASON_DEVICE_ANSWER_INVALID);
    if (!text_is_plain(code, length, 1, USER_CODE_MAX))
        return fault(grant, "user_code", REASON_UNSAFE_TEXT);
    memcpy(grant->user_code, code, length + 1);
    return REASON_OK;
}

static enum reason take_uri(const struct json_value *value, char ret_uri[VERIFICATION_URI_MAX + 1])
{
    const char *uri;
    size_t length;

    if (!json_string(value, &uri, &length))
        return REASON_DEVICE_ANSWER_INVALID;
    if (!text_is_safe_https_url(uri, length, VERIFICATION_URI_MAX))
        return REASON_UNSAFE_TEXT;
    memcpy(ret_uri, uri, length + 1);
    return REASON_OK;
}

static enum reason take_uris(const struct json_value *top, struct device_grant *grant)
{
    const struct json_value *uri = json_get(top, "verification_uri");
    const struct json_value *complete = json_get(top, "verification_uri_complete");
    enum reason reason;

    if (!uri)
        uri = json_get(top, "verification_url");
    reason = take_uri(uri, grant->verification_uri);
    if (reason != REASON_OK)
        return fault(grant, "verification_uri", reason);
    if (!complete || json_string_is(complete, ""))
        return REASON_OK;
    reason = take_uri(complete, grant->verification_uri_complete);
    return reason == REASON_OK ? REASON_OK : fault(grant, "verification_uri_complete", reason);
}

static enum reason take_times(const struct json_value *top, int64_t now_ms, struct device_grant *grant)
{
    const struct json_value *named = json_get(top, "interval");
    int64_t lifetime, interval = DEVICE_INTERVAL_DEFAULT_S;

    if (!json_integer_or_digits(json_get(top, "expires_in"), &lifetime) || lifetime <= 0)
        return fault(grant, "expires_in", REASON_DEVICE_ANSWER_INVALID);
    if (named && !json_integer_or_digits(named, &interval))
        return fault(grant, "interval", REASON_DEVICE_ANSWER_INVALID);
    grant->interval_s = clamped(interval, DEVICE_INTERVAL_MIN_S, DEVICE_INTERVAL_MAX_S);
    grant->expires_in_s = clamped(lifetime, 1, DEVICE_LIFETIME_MAX_S);
    grant->expires_at_ms = now_ms + (int64_t)grant->expires_in_s * MS_PER_S;
    return REASON_OK;
}

enum reason device_answer_read(const struct http_answer *answer, int64_t now_ms, struct device_grant *grant)
{
    AUTO_JSON struct json_document *document = json_parse(answer->body, answer->length);
    const struct json_value *top = json_top(document);
    const bool refused = oauth_error(top, grant->error); /* else it stays "" */
    enum reason reason;

    oauth_error_description(top, grant->description);
    if (answer->status == STATUS_BUSY || strcmp(grant->error, "slow_down") == 0)
        return REASON_IDP_BUSY;
    if ((refused && answer->status < 500) || answer->status == STATUS_UNAUTHORIZED)
        return REASON_CLIENT_REFUSED;
    if (answer->status != STATUS_OK)
        return REASON_IDP_STATUS;
    if (!document)
        return REASON_IDP_BAD_JSON;
    reason = take_device_code(top, grant);
    if (reason == REASON_OK)
        reason = take_user_code(top, grant);
    if (reason == REASON_OK)
        reason = take_uris(top, grant);
    if (reason == REASON_OK)
        reason = take_times(top, now_ms, grant);
    return reason;
}
