/* SPDX-License-Identifier: BSD-2-Clause */
/* The key set as text; jose/jwk.c makes keys of it. */
#include "oidc/keys.h"

#include "json/json.h"

#define STATUS_OK   200
#define STATUS_BUSY 429

enum reason keys_fetch(struct http *http, const struct discovery *discovery, struct http_answer *ret_answer)
{
    const struct http_request request = {.url = discovery->jwks_uri, .timeout_ms = HTTP_REQUEST_MAX_MS};
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    AUTO_JSON struct json_document *document = NULL;
    enum reason reason;

    reason = http_perform(http, &request, &answer);
    if (reason != REASON_OK)
        return reason;
    if (answer.status != STATUS_OK)
        return answer.status == STATUS_BUSY ? REASON_IDP_BUSY : REASON_KEYS_UNAVAILABLE;
    document = json_parse(answer.body, answer.length);
    if (!document)
        return REASON_KEYS_UNAVAILABLE;
    *ret_answer = answer;
    answer = (struct http_answer){0};
    return REASON_OK;
}
