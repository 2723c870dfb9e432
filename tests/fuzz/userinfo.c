/* SPDX-License-Identifier: BSD-2-Clause */
/* userinfo: claims come only for the token's own subject. */
#include "oidc/userinfo.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"
#include "fuzz/lib/provider.h"

/* A line of provider.h. */
static void judge(const uint8_t *data, size_t size)
{
    const struct discovery discovery = {.userinfo_endpoint = PROVIDER_ISSUER "/me"};
    char bytes[] = "at", here = 0;
    const struct secret token = {bytes, 2};
    struct json_document *untouched = (struct json_document *)(void *)&here, *claims = untouched;
    enum reason reason;

    provider_begin(&(struct fuzz_bytes){data, size});
    reason = userinfo_fetch((struct http *)(void *)&here, &discovery, &token, "s-1", &claims);
    if (reason == REASON_OK) {
        fuzz_note_good();
        FUZZ_CHECK(json_string_is(json_get(json_top(claims), "sub"), "s-1"));
        json_free(claims);
    } else {
        FUZZ_CHECK(claims == untouched && reason_verdict(reason) != VERDICT_ALLOW);
    }
    FUZZ_CHECK(provider_requests() == 1 || faults_fired());
    FUZZ_CHECK(userinfo_fetch(NULL, &(struct discovery){0}, &token, "s-1", &claims) ==
               REASON_USERINFO_FAILED);
    provider_end();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
