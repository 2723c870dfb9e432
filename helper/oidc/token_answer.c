/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading the token endpoint's many dialects. */
#include "oidc/token_answer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "display/text.h"

#define STATUS_OK           200
#define STATUS_UNAUTHORIZED 401
#define STATUS_BUSY         429
#define STATUS_SERVER_FAULT 500

/* Errors whose meaning servers agree on. All others end the sign-in as REASON_TOKEN_ERROR. */
static const struct {
    const char *error;
    enum token_outcome outcome;
    enum reason reason;
} known_errors[] = {
    {"authorization_pending", TOKEN_PENDING, REASON_NONE},
    {"slow_down", TOKEN_SLOW_DOWN, REASON_NONE},
    {"access_denied", TOKEN_ENDED, REASON_ACCESS_DENIED},
    {"authorization_declined", TOKEN_ENDED, REASON_ACCESS_DENIED}, /* Entra, OpenAM */
    {"expired_token", TOKEN_ENDED, REASON_CODE_EXPIRED},
    {"token_expired", TOKEN_ENDED, REASON_CODE_EXPIRED},         /* GitHub */
    {"bad_verification_code", TOKEN_ENDED, REASON_CODE_EXPIRED}, /* Entra */
};

static bool is_trouble(long status)
{
    return status == STATUS_BUSY || status >= STATUS_SERVER_FAULT;
}

static void judge_error(const struct json_value *top, long status, struct token_answer *answer)
{
    for (size_t i = 0; i < sizeof known_errors / sizeof known_errors[0]; i++) {
        if (strcmp(answer->error, known_errors[i].error) != 0)
            continue;
        answer->outcome = known_errors[i].outcome;
        answer->reason = known_errors[i].reason;
        if (answer->outcome == TOKEN_SLOW_DOWN)
            (void)json_integer_or_digits(json_get(top, "interval"), &answer->interval_s);
        return;
    }
    if (is_trouble(status))
        answer->outcome = TOKEN_TROUBLE;
    else
        answer->reason = oauth_error_is_clients(answer->error) ? REASON_CLIENT_REFUSED : REASON_TOKEN_ERROR;
}

/* Tokens travel in headers later: visible ASCII only (RFC 6749 A.12 without the space). */
static bool is_token(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] > '~')
            return false;
    return true;
}

/* An absent token is an empty secret, and so is "", as servers without optional members say it. False: not a
 * token, or no memory. */
static bool take_token(const struct json_value *value, struct secret *ret_token)
{
    const char *text;
    size_t length;

    if (!value || json_string_is(value, ""))
        return true;
    return json_string(value, &text, &length) && is_token(text, length) &&
           secret_copy(text, length, ret_token);
}

static bool is_bearer(const struct json_value *type)
{
    const char *text;
    size_t length;

    return !type || (json_string(type, &text, &length) && strcasecmp(text, "Bearer") == 0);
}

static enum reason take_tokens(const struct json_value *top, struct device_tokens *ret_tokens)
{
    struct device_tokens tokens = {0};

    (void)take_token(json_get(top, "access_token"), &tokens.access_token); /* what is none has no length */
    if (!is_bearer(json_get(top, "token_type")) || !take_token(json_get(top, "id_token"), &tokens.id_token) ||
        !take_token(json_get(top, "refresh_token"), &tokens.refresh_token) ||
        tokens.access_token.length == 0) {
        device_tokens_erase(&tokens);
        return REASON_TOKEN_ANSWER_INVALID;
    }
    *ret_tokens = tokens;
    return REASON_OK;
}

static void take_scope(const struct json_value *top, char ret_scope[TOKEN_SCOPE_MAX + 1])
{
    const char *text;
    size_t length;

    if (json_string(json_get(top, "scope"), &text, &length) && length <= TOKEN_SCOPE_MAX)
        memcpy(ret_scope, text, length + 1);
}

static bool has_word(const char *words, const char *word)
{
    const size_t length = strlen(word);

    while (*words) {
        const size_t n = strcspn(words, " ");

        if (n == length && strncmp(words, word, n) == 0)
            return true;
        words += n + strspn(words + n, " ");
    }
    return false;
}

void token_scopes_lost(const char *granted, char *const *asked, char ret_text[OAUTH_DESCRIPTION_MAX + 1])
{
    char lost[OAUTH_DESCRIPTION_MAX + 2] = ""; /* one more: what was cut shows */
    size_t at = 0;

    for (; granted[0] && *asked && at < sizeof lost; asked++)
        if (!has_word(granted, *asked))
            at += (size_t)snprintf(lost + at, sizeof lost - at, "%s%s", at > 0 ? " " : "", *asked);
    text_make_plain(lost, ret_text, OAUTH_DESCRIPTION_MAX + 1);
}

void token_answer_read(const struct http_answer *answer, struct token_answer *ret_answer)
{
    AUTO_JSON struct json_document *document = json_parse(answer->body, answer->length);
    const struct json_value *top = json_top(document);

    *ret_answer = (struct token_answer){.outcome = TOKEN_ENDED, .reason = REASON_INTERNAL};
    oauth_error_description(top, ret_answer->description);
    if (oauth_error(top, ret_answer->error))
        judge_error(top, answer->status, ret_answer);
    else if (is_trouble(answer->status))
        ret_answer->outcome = TOKEN_TROUBLE;
    else if (answer->status != STATUS_OK)
        ret_answer->reason =
            answer->status == STATUS_UNAUTHORIZED ? REASON_CLIENT_REFUSED : REASON_IDP_STATUS;
    else if (!document)
        ret_answer->reason = REASON_IDP_BAD_JSON;
    else
        ret_answer->reason = take_tokens(top, &ret_answer->tokens);
    if (ret_answer->reason == REASON_OK)
        take_scope(top, ret_answer->scope);
}
