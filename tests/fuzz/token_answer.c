/* SPDX-License-Identifier: BSD-2-Clause */
/* Token answers: tokens come only with success, and whatever is logged is plain. */
#include "oidc/token_answer.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/fuzz.h"
#include "oidc/device_grant.h"
#include "oidc/poll_pace.h"

static char openid[] = "openid", profile[] = "profile", groups[] = "groups";
static char *const scopes[] = {openid, profile, groups, NULL};

static void judge_plain(const char *text, size_t max)
{
    FUZZ_CHECK(strlen(text) <= max);
    for (; *text != '\0'; text++)
        FUZZ_CHECK(*text >= 0x20 && *text <= 0x7e);
}

/* Whatever interval the server names, it can only slow us down, and not for ever. */
static void judge_interval(int64_t interval_s)
{
    struct poll_pace pace = {.interval_s = DEVICE_INTERVAL_MIN_S};

    poll_pace_slow_down(&pace, interval_s);
    FUZZ_CHECK(pace.interval_s >= DEVICE_INTERVAL_MIN_S + SLOW_DOWN_STEP_S &&
               pace.interval_s <= DEVICE_INTERVAL_MAX_S);
}

static void judge(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 400, 401, 403, 428, 429, 500, 503, 302, 204};
    char *body = size > 0 ? fuzz_text(data + 1, size - 1) : fuzz_text(data, 0);
    const struct http_answer answer = {.status = statuses[size > 0 ? data[0] % 10 : 0],
                                       .body = body,
                                       .length = strlen(body),
                                       .retry_after_s = -1};
    struct token_answer taken = {0};
    char lost[OAUTH_DESCRIPTION_MAX + 1];

    token_answer_read(&answer, &taken);
    FUZZ_CHECK(taken.outcome <= TOKEN_TROUBLE);
    judge_interval(taken.interval_s);
    if (taken.outcome != TOKEN_ENDED || taken.reason != REASON_OK) {
        FUZZ_CHECK(taken.tokens.id_token.length == 0 && taken.tokens.access_token.length == 0 &&
                   taken.tokens.refresh_token.length == 0);
        FUZZ_CHECK(taken.outcome != TOKEN_ENDED || reason_verdict(taken.reason) != VERDICT_ALLOW);
        FUZZ_CHECK(taken.outcome != TOKEN_ENDED || reason_verdict(taken.reason) != VERDICT_IGNORE);
    }
    if (taken.outcome == TOKEN_ENDED && taken.reason == REASON_OK)
        fuzz_note_good();
    judge_plain(taken.error, OAUTH_ERROR_MAX);
    judge_plain(taken.description, OAUTH_DESCRIPTION_MAX);
    FUZZ_CHECK(strlen(taken.scope) <= TOKEN_SCOPE_MAX);
    token_scopes_lost(taken.scope, scopes, lost);
    judge_plain(lost, OAUTH_DESCRIPTION_MAX);
    device_tokens_erase(&taken.tokens);
    free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
