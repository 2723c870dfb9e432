/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: an HTTP answer of our choice in place of a request. */
#ifndef TESTS_ANSWER_STAGE_H
#define TESTS_ANSWER_STAGE_H

#include <string.h>

#include "http/http.h"

static struct {
    enum reason reason;
    long status;
    char *body;
    size_t length;
    size_t requests;
} answer_stage;

enum reason __wrap_http_perform(struct http *http, const struct http_request *request,
                                struct http_answer *ret_answer);

enum reason __wrap_http_perform(struct http *http, const struct http_request *request,
                                struct http_answer *ret_answer)
{
    (void)http;
    (void)request;
    answer_stage.requests++;
    if (answer_stage.reason != REASON_OK)
        return answer_stage.reason;
    *ret_answer = (struct http_answer){
        .status = answer_stage.status, .body = strdup(answer_stage.body), .length = answer_stage.length};
    return REASON_OK;
}

static inline void answer_with(long status, char *body)
{
    answer_stage.reason = REASON_OK;
    answer_stage.status = status;
    answer_stage.body = body;
    answer_stage.length = strlen(body);
    answer_stage.requests = 0;
}

static inline void answer_not(enum reason reason)
{
    answer_stage.reason = reason;
}

#endif
