/* SPDX-License-Identifier: BSD-2-Clause */
/* For tests: HTTP answers of our choice in place of requests, and what was asked. */
#ifndef TESTS_ANSWER_STAGE_H
#define TESTS_ANSWER_STAGE_H

#include <stdio.h>
#include <string.h>

#include "http/http.h"

#define ANSWER_ASKED_MAX 4

struct answer_turn {
    enum reason reason; /* REASON_OK: the rest of these came */
    long status;
    const char *body;
};

static struct {
    struct answer_turn always;
    const struct answer_turn *turns; /* one for each request; NULL: always the same */
    size_t requests;
    struct {
        char url[128], form[1024], password[64]; /* "": none */
    } asked[ANSWER_ASKED_MAX];
} answer_stage;

enum reason __wrap_http_perform(struct http *http, const struct http_request *request,
                                struct http_answer *ret_answer);

static inline void answer_note(char *ret_text, size_t size, const char *text)
{
    (void)snprintf(ret_text, size, "%s", text ? text : "");
}

enum reason __wrap_http_perform(struct http *http, const struct http_request *request,
                                struct http_answer *ret_answer)
{
    const size_t number = answer_stage.requests++;
    const struct answer_turn turn = answer_stage.turns ? answer_stage.turns[number] : answer_stage.always;
    char *body;

    (void)http;
    if (number < ANSWER_ASKED_MAX) {
        answer_note(answer_stage.asked[number].url, sizeof answer_stage.asked[number].url, request->url);
        answer_note(answer_stage.asked[number].form, sizeof answer_stage.asked[number].form, request->form);
        answer_note(answer_stage.asked[number].password, sizeof answer_stage.asked[number].password,
                    request->basic_password);
    }
    if (turn.reason != REASON_OK)
        return turn.reason;
    body = strdup(turn.body);
    if (!body)
        return REASON_INTERNAL;
    *ret_answer = (struct http_answer){.status = turn.status, .body = body, .length = strlen(body)};
    return REASON_OK;
}

static inline void answer_with(long status, const char *body)
{
    answer_stage.always = (struct answer_turn){REASON_OK, status, body};
    answer_stage.turns = NULL;
    answer_stage.requests = 0;
}

static inline void answer_not(enum reason reason)
{
    answer_stage.always.reason = reason;
    answer_stage.turns = NULL;
}

static inline void answer_in_turn(const struct answer_turn *turns)
{
    answer_stage.turns = turns;
    answer_stage.requests = 0;
}

#endif
