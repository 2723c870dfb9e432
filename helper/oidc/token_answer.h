/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One answer of the token endpoint, the body judged before the HTTP status: servers say "pending" with 400,
 * 403, 428 and 200. authorization_pending and slow_down go on, as do 429 and 5xx without a known error; any
 * other error ends the sign-in.
 */
#ifndef HELPER_TOKEN_ANSWER_H
#define HELPER_TOKEN_ANSWER_H

#include <stdint.h>

#include "http/http.h"
#include "oidc/device_grant.h"
#include "oidc/oauth_error.h"
#include "reason.h"

#define TOKEN_SCOPE_MAX 1023 /* bytes */

enum token_outcome {
    TOKEN_ENDED, /* by tokens (REASON_OK) or by a refusal */
    TOKEN_PENDING,
    TOKEN_SLOW_DOWN,
    TOKEN_TROUBLE, /* try again later */
};

struct token_answer {
    enum token_outcome outcome;
    enum reason reason;              /* TOKEN_ENDED */
    int64_t interval_s;              /* TOKEN_SLOW_DOWN: as the server names it, any number; 0: none */
    char error[OAUTH_ERROR_MAX + 1]; /* "" when none */
    char description[OAUTH_DESCRIPTION_MAX + 1];
    char scope[TOKEN_SCOPE_MAX +
               1];               /* with tokens: what was granted; "" when not said, or at too much length */
    struct device_tokens tokens; /* TOKEN_ENDED with REASON_OK; the caller's to erase */
};

void token_answer_read(const struct http_answer *answer, struct token_answer *ret_answer);

/* Words of `asked` that `granted` (RFC 6749 3.3; "": all of them were, 5.1) lacks, made harmless; "" when
 * none. */
void token_scopes_lost(const char *granted, char *const *asked, char ret_text[OAUTH_DESCRIPTION_MAX + 1]);

#endif
