/* SPDX-License-Identifier: BSD-2-Clause */
/* Claims of a token whose signature is good: accepted only when each of the rules holds, judged here anew. */
#include "oidc/id_token.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "fuzz/lib/signer.h"
#include "jose/jws.h"

#define NOW 1700000000

static char eddsa[] = "EdDSA", client[] = "client", other[] = "trusted-other";
static char *const algs[] = {eddsa, NULL};
static char *const extra[] = {other, NULL};

static bool audience_is_ours(const struct json_value *aud)
{
    bool is_ours = json_string_is(aud, client);

    for (size_t i = 0; i < json_array_length(aud); i++) {
        is_ours = is_ours || json_string_is(json_array_at(aud, i), client);
        FUZZ_CHECK(json_string_is(json_array_at(aud, i), client) ||
                   json_string_is(json_array_at(aud, i), other));
    }
    return is_ours;
}

static void judge_accepted(const struct json_value *claims)
{
    int64_t number;
    const char *sub = NULL;

    FUZZ_CHECK(json_string_is(json_get(claims, "iss"), "https://idp.example"));
    FUZZ_CHECK(audience_is_ours(json_get(claims, "aud")));
    FUZZ_CHECK(!json_get(claims, "azp") || json_string_is(json_get(claims, "azp"), client));
    FUZZ_CHECK(json_integer(json_get(claims, "exp"), &number) && number > NOW - 60);
    FUZZ_CHECK(json_integer(json_get(claims, "iat"), &number) && number <= NOW + 60 &&
               number >= NOW - 90 - 600);
    FUZZ_CHECK(!json_get(claims, "nbf") ||
               (json_integer(json_get(claims, "nbf"), &number) && number <= NOW + 60));
    FUZZ_CHECK(!json_get(claims, "nonce") || json_string_is(json_get(claims, "nonce"), "n-0S6_WzA2Mj"));
    FUZZ_CHECK(!json_get(claims, "events"));
    FUZZ_CHECK(json_string(json_get(claims, "sub"), &sub, NULL) && sub[0] != '\0' && strlen(sub) <= 255);
    for (; *sub != '\0'; sub++)
        FUZZ_CHECK(*sub >= 0x20 && *sub <= 0x7e);
}

static void judge_token(const char *token)
{
    const struct id_token_terms terms = {
        .issuer = "https://idp.example",
        .client_id = client,
        .extra_audiences = extra,
        .nonce = "n-0S6_WzA2Mj",
        .access_token = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y",
        .signing_algs = algs,
        .now = NOW,
        .waited_s = 90,
    };
    struct json_document *untouched = (struct json_document *)(uintptr_t)token, *claims = untouched;
    const enum reason reason = id_token_verify(token, strlen(token), signer_keys(), &terms, &claims);

    if (reason != REASON_OK) {
        FUZZ_CHECK(claims == untouched);
        return;
    }
    fuzz_note_good();
    judge_accepted(json_top(claims));
    json_free(claims);
}

/* A header, a newline, and a payload. */
static void judge(const uint8_t *data, size_t size)
{
    const uint8_t *newline = size > 0 ? memchr(data, '\n', size) : NULL;
    const size_t header = newline ? (size_t)(newline - data) : 0;
    char *token;

    if (!newline || size > 32768)
        return;
    faults_pause();
    token = signer_sign(data, header, newline + 1, size - header - 1);
    faults_resume();
    judge_token(token);
    free(token);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
