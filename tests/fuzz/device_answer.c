/* SPDX-License-Identifier: BSD-2-Clause */
/* Device answers: what will be shown is plain, what will be waited for is bounded. */
#include "oidc/device_answer.h"

#include <stdlib.h>
#include <string.h>

#include "display/text.h"
#include "fuzz/lib/fuzz.h"

static void judge_shown(const char *text, size_t max)
{
    FUZZ_CHECK(strlen(text) <= max);
    for (; *text != '\0'; text++)
        FUZZ_CHECK(*text >= 0x20 && *text <= 0x7e);
}

static void judge_taken(const struct device_grant *grant)
{
    FUZZ_CHECK(text_is_plain(grant->user_code, strlen(grant->user_code), 1, USER_CODE_MAX));
    FUZZ_CHECK(text_is_safe_https_url(grant->verification_uri, strlen(grant->verification_uri),
                                      VERIFICATION_URI_MAX));
    FUZZ_CHECK(grant->verification_uri_complete[0] == '\0' ||
               text_is_safe_https_url(grant->verification_uri_complete,
                                      strlen(grant->verification_uri_complete), VERIFICATION_URI_MAX));
    FUZZ_CHECK(grant->device_code.length >= 1 && grant->device_code.length <= DEVICE_CODE_MAX);
    FUZZ_CHECK(grant->interval_s >= DEVICE_INTERVAL_MIN_S && grant->interval_s <= DEVICE_INTERVAL_MAX_S);
    FUZZ_CHECK(grant->expires_in_s >= 1 && grant->expires_in_s <= DEVICE_LIFETIME_MAX_S);
    FUZZ_CHECK(grant->expires_at_ms == 1000 + (int64_t)grant->expires_in_s * 1000);
}

/* A byte for the status, and the body. */
static void judge(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 400, 401, 403, 429, 500, 201, 302};
    char *body = size > 0 ? fuzz_text(data + 1, size - 1) : fuzz_text(data, 0);
    const struct http_answer answer = {
        .status = statuses[size > 0 ? data[0] % 8 : 0], .body = body, .length = strlen(body)};
    struct device_grant grant = {0};

    if (device_answer_read(&answer, 1000, &grant) == REASON_OK) {
        FUZZ_CHECK(answer.status == 200);
        fuzz_note_good();
        judge_taken(&grant);
    }
    judge_shown(grant.error, OAUTH_ERROR_MAX);
    judge_shown(grant.description, OAUTH_DESCRIPTION_MAX);
    device_grant_erase(&grant);
    free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
