/* SPDX-License-Identifier: BSD-2-Clause */
/* The userinfo endpoint: plain JSON only; a signed answer (application/jwt) is no JSON and is refused. */
#include "oidc/userinfo.h"

#define STATUS_OK   200
#define STATUS_BUSY 429

enum reason userinfo_fetch(struct http *http, const struct discovery *discovery,
                           const struct secret *access_token, const char *subject,
                           struct json_document **ret_claims)
{
    AUTO_HTTP_ANSWER struct http_answer answer = {0};
    AUTO_JSON struct json_document *claims = NULL;
    enum reason reason;

    if (!discovery->userinfo_endpoint || access_token->length == 0)
        return REASON_USERINFO_FAILED;
    reason = http_perform(http,
                          &(struct http_request){.url = discovery->userinfo_endpoint,
                                                 .bearer = access_token->bytes,
                                                 .timeout_ms = HTTP_REQUEST_MAX_MS},
                          &answer);
    if (reason != REASON_OK)
        return reason;
    if (answer.status == STATUS_BUSY)
        return REASON_IDP_BUSY;
    if (answer.status != STATUS_OK || answer.length > USERINFO_MAX)
        return REASON_USERINFO_FAILED;
    claims = json_parse(answer.body, answer.length);
    if (!claims)
        return REASON_USERINFO_FAILED;
    if (!json_string_is(json_get(json_top(claims), "sub"), subject))
        return REASON_USERINFO_SUB;
    *ret_claims = claims;
    claims = NULL;
    return REASON_OK;
}
