/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests by the real http door, to a port where nobody listens: whatever fails, it is told, and nothing is
 * left. */
#include "http/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "fuzz/lib/faults.h"
#include "fuzz/lib/fuzz.h"

/* A URL, a form and a bearer token, each a line; only what leads to this machine's first port goes out. */
static void judge(const uint8_t *data, size_t size)
{
    static const char here[] = "https://127.0.0.1:1/";
    struct fuzz_bytes bytes = {data, size};
    char url[512], form[256], bearer[256];
    struct http_answer answer = {.status = 77};
    struct http_request request = {.url = url, .form = form, .bearer = bearer, .timeout_ms = 2000};
    struct http *http = http_new(NULL, -1);
    enum reason reason;

    fuzz_take_word(&bytes, url, sizeof url);
    fuzz_take_word(&bytes, form, sizeof form);
    fuzz_take_word(&bytes, bearer, sizeof bearer);
    FUZZ_CHECK(http || faults_fired());
    if (http && (strncmp(url, here, strlen(here)) == 0 || strncasecmp(url, "https://", 8) != 0)) {
        if (bearer[0] == '\0')
            request.bearer = NULL;
        if (size % 2 == 0) {
            request.bearer = NULL;
            request.basic_user = bearer;
            request.basic_password = form;
        }
        reason = http_perform(http, &request, &answer);
        FUZZ_CHECK(reason != REASON_OK && answer.status == 77 && !answer.body);
        FUZZ_CHECK(reason_verdict(reason) != VERDICT_ALLOW && reason_verdict(reason) != VERDICT_IGNORE);
        (void)strlen(http_error(http));
    }
    http_free(http);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return fuzz_run(judge, data, size);
}
